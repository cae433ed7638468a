"""The error message if a document cannot be compiled: nothing was saved, and why.

A form keeps what the editor typed, with the reason above it. For all other requests of Wagtail's
admin (deleting, moving, reordering, ...), the middleware responds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.views.pages.create import CreateView as CreatePageView
from wagtail.admin.views.pages.edit import EditView as EditPageView

from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.publishing.error_texts import path_in_form, title_of
from wagtail_delivery.publishing.patching import Patch, wrapper
from wagtail_delivery.publishing.transaction import drafting, publishing

logger = logging.getLogger("wagtail_delivery")

#: The attribute of a request that has the error of its first attempt.
REFUSED = "wagtail_delivery_error"
MARK = "_wagtail_delivery_reporting"


def error_message(error: EncodingError) -> str:
    """Why nothing was saved, in the active language."""
    thing = error.instance
    return _(
        "Nothing was saved: the website could not show “%(title)s” then. "
        "The reason is at %(place)s: %(reason)s"
    ) % {
        "title": title_of(thing) if thing else "",
        "place": path_in_form(error) or (thing._meta.verbose_name if thing else ""),
        "reason": error.reason,
    }


def forms_that_report() -> Iterator[Patch]:
    """The page and snippet forms of Wagtail's admin show the reason, and keep what was typed."""
    for view in (
        CreatePageView,
        EditPageView,
        generic.CreateEditViewOptionalFeaturesMixin,
        generic.CreateView,
        generic.EditView,
    ):
        yield from wrapper(
            view,
            "form_valid",
            _report_in_form,
            reason="an editor whose page cannot be compiled gets a bare 500 and loses the form",
            mark=MARK,
        )


def _report_in_form(form_valid: Callable[..., Any], view: Any, form: Any) -> Any:
    error: EncodingError | None = getattr(view.request, REFUSED, None)
    if error is not None:
        form.add_error(None, error_message(error))
        if hasattr(view, "get_error_message"):
            # A page's view takes it from the form; the other views need it set.
            view.produced_error_message = view.get_error_message()
        return view.form_invalid(form)
    try:
        # The draft and its publish are one transaction; a draft alone waits for no lock.
        with drafting() if _saves_a_draft(view) else publishing():
            return form_valid(view, form)
    except EncodingError as raised:
        _log(raised)
        return _retried(view.request, raised)


def _saves_a_draft(view: Any) -> bool:
    """Whether a form saves a draft of an existing page or snippet and does nothing else."""
    is_of_drafts = isinstance(view, EditPageView) or (
        isinstance(view, generic.EditView) and getattr(view, "draftstate_enabled", False)
    )
    # The button that saves a draft has no name; the buttons that publish or submit have one.
    return is_of_drafts and not any(name.startswith("action-") for name in view.request.POST)


def _retried(request: HttpRequest, error: EncodingError) -> Any:
    """The response of a new view to the same request, whose form now has an error.

    The view that failed holds an instance with primary keys of rows that were rolled back, and its
    files may have been stored. Browsers do not keep a chosen file in a form anyway.
    """
    setattr(request, REFUSED, error)
    forget_successes(request)
    request.FILES.clear()
    match = request.resolver_match
    assert match is not None
    return match.func(request, *match.args, **match.kwargs)


def error_response(request: HttpRequest, error: EncodingError) -> HttpResponse | None:
    """The response to a change without a form in Wagtail's admin; None for other requests."""
    home = _admin_home()
    if request.method != "POST" or not home or not request.path.startswith(home):
        return None
    _log(error)
    # The view has ended, and with it the language of the admin.
    profile = getattr(request.user, "wagtail_userprofile", None)
    language = profile.get_preferred_language() if profile else translation.get_language()
    with translation.override(language):
        text = error_message(error)
        if _is_of_script(request):
            body = {"success": False, "error_code": "refused", "error_message": text}
            return JsonResponse(body, status=HTTPStatus.CONFLICT)
        forget_successes(request)
        finder = AdminURLFinder(request.user)
        address = finder.get_edit_url(error.instance) if error.instance else None
        buttons = [messages.button(address, _("Edit it"))] if address else []
        messages.error(request, text, buttons=buttons)
    before = request.headers.get("referer", "")
    is_own = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(before if is_own else home)


def forget_successes(request: HttpRequest) -> None:
    """Drop the messages of the failed attempt: views say "published" before documents are made."""
    if hasattr(request, "_messages"):
        request._messages = default_storage(request)


def _admin_home() -> str:
    try:
        return reverse("wagtailadmin_home")
    except NoReverseMatch:
        return ""


def _is_of_script(request: HttpRequest) -> bool:
    is_script = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return is_script or not request.accepts("text/html")


def _log(error: EncodingError) -> None:
    """Log the error for developers, who may have to fix what the editor cannot."""
    logger.error("Nothing was published: %s", error, exc_info=error)
