"""Permission to turn a translated page back into an alias.

The conversion takes the page offline, discards its translation and copies the source's text.
wagtail-localize allows it to everyone with the right to edit the page; this plugin requires the
right to publish it, and a source that the user may see.
"""

from __future__ import annotations

import functools
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail import hooks
from wagtail.models import Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.views import convert

from wagtail_localize_desk.access import lock_refusal, refused
from wagtail_localize_desk.rights import may_see

ACTION = "localize-convert-to-alias"
_upstream = convert.convert_to_alias


@functools.wraps(_upstream)
def convert_to_alias(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """wagtail-localize's view; raises PermissionDenied for users without these rights."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    if not all(may_see(request.user, source) for source in _sources(page)):
        raise PermissionDenied
    refusal = lock_refusal(request.user, page.specific)
    if refusal is not None:
        return refused(request, refusal)
    response: HttpResponseBase = _upstream(request, page_id)
    return response


def _sources(page: Page) -> QuerySet[Page]:
    """The pages that `page` may be a translation of."""
    locales = TranslationSource.objects.filter(
        object_id=page.translation_key, translations__target_locale=page.locale_id
    ).values("locale_id")
    found: QuerySet[Page] = page.get_translations().filter(locale_id__in=locales)
    return found


def hide_from_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Remove the action from the edit view's menu for users without the right to publish."""
    page = context.get("page")
    if page is not None and not page.permissions_for_user(request.user).can_publish():
        items[:] = [item for item in items if getattr(item, "name", None) != ACTION]


def register_hooks() -> None:
    """Register the hook on the menu."""
    hooks.register("construct_page_action_menu", hide_from_menu)
