"""The calls of the translation memory: similar translations of a string, and a search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.models import Locale

from wagtail_localize_desk.access import (
    BAD_REQUEST,
    Refusal,
    RefusedError,
    is_from_script,
    refused,
)
from wagtail_localize_desk.memory import MOST_FOUND
from wagtail_localize_desk.screen.remembering import LONGEST, offers_for, pairs_with
from wagtail_localize_desk.screen.rows import language_of
from wagtail_localize_desk.screen.string_calls import StringCall, string_call

OFFERS = "wagtail_localize_desk/screen/offers.html"
OFFERS_PAGE = "wagtail_localize_desk/screen/offers_page.html"
PAIRS = "wagtail_localize_desk/screen/pairs.html"
PAIRS_PAGE = "wagtail_localize_desk/screen/pairs_page.html"


@require_GET
@string_call
def similar_strings(call: StringCall) -> HttpResponseBase:
    """Translations of strings like this one, for those who translate or review it."""
    call.require_sight()
    context = {
        "row": call.row,
        "offers": offers_for(call.row, call.user),
        "is_read_only": call.change_refusal is not None,
        "back": call.address,
    }
    return render(call.request, OFFERS if call.is_script else OFFERS_PAGE, context)


@require_GET
def search_memory(request: HttpRequest) -> HttpResponseBase:
    """Pairs with a word or phrase (`q`) in the languages `source` and `target`.

    Without `q`, the form to search.
    """
    locales = list(Locale.objects.order_by("pk"))
    is_script = is_from_script(request)
    phrase = request.GET.get("q")
    try:
        source = _code(request, "source", locales, 0)
        target = _code(request, "target", locales, 1)
    except RefusedError as error:
        return refused(request, error.refusal)
    context = {
        "locales": locales,
        "source": language_of(source),
        "target": language_of(target),
        "longest": LONGEST,
        "most": MOST_FOUND,
        "phrase": phrase or "",
    }
    status = 200
    if phrase is not None:
        try:
            context["pairs"] = pairs_with(phrase, (source, target), request.user)
        except RefusedError as error:
            if is_script:
                return refused(request, error.refusal)
            context["error"], status = error.refusal.reason, error.refusal.status
    return render(request, PAIRS if is_script else PAIRS_PAGE, context, status=status)


def _code(request: HttpRequest, name: str, locales: list[Locale], default: int) -> str:
    """The code of a language that the site has; raises RefusedError for another."""
    codes = [str(locale.language_code) for locale in locales]
    code = request.GET.get(name, codes[min(default, len(codes) - 1)])
    if code not in codes:
        raise RefusedError(Refusal(BAD_REQUEST, _("The site has no such language.")))
    return code
