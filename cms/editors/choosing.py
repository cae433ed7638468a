"""Choosers name public pages, and whatever else the lists show to their user.

Wagtail's chooser of pages names all pages. The calls that a chooser makes with what was chosen name
anything whose id is in their address.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView
from wagtail.admin.views.generic.chooser import ChosenResponseMixin
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.core.keys import keys_from_query
from cms.editors.confirmations import is_shown

ROOT_DEPTH = 1
#: A user with one of these rights on a page finds it in the page explorer.
EXPLORING = ("add", "change", "publish", "lock", "unlock")

_browse = BrowseView.get
_chosen_pages = ChosenMultipleView.get
_chosen = ChosenResponseMixin.get_chosen_response
_several_chosen = ChosenResponseMixin.get_multiple_chosen_response


def shown_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Those of `pages` that the chooser may name. Wagtail's own also names all drafts."""
    policy = policy_registry.get_by_type(Page)
    own = policy.instances_user_has_any_permission_for(request.user, EXPLORING)
    public = Page.objects.live().public()
    return pages.filter(
        Q(depth=ROOT_DEPTH)
        | Q(pk__in=own.order_by().values("pk"))
        | Q(pk__in=public.order_by().values("pk"))
    )


@functools.wraps(_browse)
def browse(
    view: BrowseView, request: HttpRequest, parent_page_id: int | None = None, **kwargs: Any
) -> HttpResponseBase:
    """The pages below one that the chooser may name; raises PermissionDenied for any other."""
    if parent_page_id:
        _require_shown(
            Page.objects.filter(pk=get_object_or_404(Page, pk=parent_page_id).pk), request
        )
    return _browse(view, request, parent_page_id, **kwargs)


@functools.wraps(_chosen_pages)
def chosen_pages(view: ChosenMultipleView, request: HttpRequest) -> HttpResponseBase:
    """The titles of several chosen pages; raises PermissionDenied for one that is not shown."""
    keys = keys_from_query(Page, request.GET.getlist("id"))
    _require_shown(Page.objects.filter(pk__in=keys), request)
    return _chosen_pages(view, request)


def _require_shown(pages: QuerySet[Page], request: HttpRequest) -> None:
    if shown_pages(pages, request).count() < pages.count():
        raise PermissionDenied


@functools.wraps(_chosen)
def chosen(view: ChosenResponseMixin, item: Model) -> HttpResponseBase:
    """The title of a chosen entry or file; raises PermissionDenied if it is not shown."""
    if not is_shown(view.request.user, item):
        raise PermissionDenied
    return _chosen(view, item)


@functools.wraps(_several_chosen)
def several_chosen(view: ChosenResponseMixin, items: Iterable[Model]) -> HttpResponseBase:
    """The titles of several; raises PermissionDenied if one of them is not shown."""
    found = list(items)
    if not all(is_shown(view.request.user, item) for item in found):
        raise PermissionDenied
    return _several_chosen(view, found)
