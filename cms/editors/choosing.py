"""Choosers offer and name what the admin shows to their user.

Wagtail's choosers offer all pages and all entries. The calls that a chooser makes with what was
chosen name anything whose id, or whose address, they are given, and so does a form to which an id
was sent.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.html import escape
from django.utils.text import capfirst
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView, ExternalLinkView
from wagtail.admin.views.generic.chooser import ChosenResponseMixin, CreateViewMixin
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.models import Page
from wagtail.snippets.views.chooser import BaseSnippetChooseView

from cms.editors import sight
from cms.editors.asking import asking_user
from cms.editors.references import is_guarded

_browse = BrowseView.get
_chosen_pages = ChosenMultipleView.get
_chosen = ChosenResponseMixin.get_chosen_response
_several_chosen = ChosenResponseMixin.get_multiple_chosen_response
_offered_entries = BaseSnippetChooseView.get_object_list
_external_link = ExternalLinkView.post
_create = CreateViewMixin.dispatch
_value_data = BaseChooser.get_value_data


@functools.wraps(_browse)
def browse(
    view: BrowseView, request: HttpRequest, parent_page_id: int | None = None, **kwargs: Any
) -> HttpResponseBase:
    """The pages below one that the chooser may name; raises Http404 for any other."""
    if parent_page_id and not sight.is_shown(
        request.user, get_object_or_404(Page, pk=parent_page_id)
    ):
        raise Http404
    return _browse(view, request, parent_page_id, **kwargs)


@functools.wraps(_chosen_pages)
def chosen_pages(view: ChosenMultipleView, request: HttpRequest) -> HttpResponseBase:
    """The titles of several chosen pages, without those that do not exist or are not shown."""
    asked = [pk for pk in request.GET.getlist("id") if pk.isdecimal()]
    found = sight.shown_pages(request.user, Page.objects.filter(pk__in=asked))
    query = request.GET.copy()
    query.setlist("id", [str(pk) for pk in found.values_list("pk", flat=True)])
    request.GET = query  # type: ignore[assignment]
    return _chosen_pages(view, request)


@functools.wraps(_chosen)
def chosen(view: ChosenResponseMixin, item: Model) -> HttpResponseBase:
    """The title of a chosen entry or file; raises Http404 if it is not shown."""
    if not sight.is_shown(view.request.user, item):
        raise Http404
    return _chosen(view, item)


@functools.wraps(_several_chosen)
def several_chosen(view: ChosenResponseMixin, items: Iterable[Model]) -> HttpResponseBase:
    """The titles of several, without those that are not shown."""
    return _several_chosen(
        view, [item for item in items if sight.is_shown(view.request.user, item)]
    )


@functools.wraps(_offered_entries)
def offered_entries(view: BaseSnippetChooseView) -> QuerySet[Any]:
    """The entries that a chooser offers: those that are shown."""
    return sight.shown(view.request.user, view.model_class)


@functools.wraps(_external_link)
def external_link(view: ExternalLinkView, request: HttpRequest) -> HttpResponseBase:
    """The link to an address; to the page that has it, if that page is shown.

    The dialog names the page by its published title if the user may not see its drafts.
    """
    response = _external_link(view, request)
    answer = json.loads(response.content)
    is_offered = answer["step"] == "confirm_external_to_internal"
    link = answer["internal"] if is_offered else answer.get("result", {})
    page = Page.objects.filter(pk=link.get("id")).first()
    if page is None or sight.sees_drafts(request.user, page):
        return response
    if not sight.is_shown(request.user, page):
        return view.render_chosen_response(view.get_result_data())
    link["adminTitle"] = page.title
    if is_offered:
        answer["html"] = answer["html"].replace(escape(page.draft_title), escape(page.title))
    response.content = json.dumps(answer)
    return response


@functools.wraps(_create)
def create(
    view: CreateViewMixin, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The form of a chooser; raises Http404 if it has none, where Wagtail's view breaks."""
    if view.get_creation_form_class() is None:
        raise Http404
    return _create(view, request, *args, **kwargs)


@functools.wraps(_value_data)
def value_data(chooser: BaseChooser, value: Any) -> dict[str, Any] | None:
    """What a form shows of the chosen thing: only its type if the user may not see it."""
    instance = chooser.get_instance(value)
    data: dict[str, Any] | None = _value_data(chooser, instance)
    user = asking_user()
    if (
        data is None
        or user is None
        or not is_guarded(type(instance))
        or sight.is_shown(user, instance)
    ):
        return data
    data |= {"edit_url": None, chooser.display_title_key: _type_name(instance)}
    if "preview" in data:
        data |= {"preview": {**data["preview"], "url": "data:,"}, "default_alt_text": ""}
    return data


def _type_name(instance: Model) -> str:
    # A lazy text would break the JSON of forms with blocks.
    return str(capfirst(instance._meta.verbose_name))
