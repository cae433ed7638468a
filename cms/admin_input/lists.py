"""Searches and pages of lists, and the keys that bulk actions and choosers are called with."""

from __future__ import annotations

import functools
from typing import Any

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from modelsearch.backends.base import OrderByFieldError
from wagtail.admin.views import chooser
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.admin.views.workflows import BaseTaskChooserView
from wagtail.admin.views.workflows import Edit as EditWorkflow
from wagtail.images.views.chooser import BaseImageChooseView
from wagtail.models import Page, Task

from cms.core.keys import is_key

_begin_bulk_action = BulkAction.__init__
_search = BaseListingView.search_queryset
_filter_images = BaseImageChooseView.filter_object_list
_shared_context = chooser.shared_context
_task_type = BaseTaskChooserView.get_create_model


@functools.wraps(_begin_bulk_action)
def begin_bulk_action(view: BulkAction, request: HttpRequest, model: type[Model]) -> None:
    """Begin an action on what is chosen; raises Http404 for a key that is none."""
    keys = [key for key in request.GET.getlist("id") if key != "all"]
    parent = request.GET.get("childOf")
    if not all(is_key(model, key) for key in ([*keys, parent] if parent else keys)):
        raise Http404
    _begin_bulk_action(view, request, model)


@functools.wraps(_search)
def search_list(view: BaseListingView, queryset: QuerySet[Any]) -> Any:
    """Search a list. One that is filtered by usage is searched by its keys.

    One that is sorted by what the search does not know, such as a field of a related row, is sorted
    after the search.
    """
    if view.is_searching and "usage_count" in queryset.query.annotations:
        kept = queryset.query.annotations["usage_count"]
        queryset = _by_keys(queryset).annotate(usage_count=kept)
    try:
        return _search(view, queryset)
    except OrderByFieldError:
        found = _search(view, queryset.order_by())
        return queryset.filter(pk__in=[row.pk for row in found])


@functools.wraps(_filter_images)
def filter_images(view: BaseImageChooseView, images: QuerySet[Any]) -> Any:
    """Filter the images of a chooser; with a tag, by keys, so that they can be searched."""
    if view.request.GET.get("tag") and view.request.GET.get("q"):
        order = images.query.order_by
        images = _by_keys(images.filter(tags__name=view.request.GET["tag"])).order_by(*order)
        # What remains of the filters, without Wagtail's own for the tag.
        return super(BaseImageChooseView, view).filter_object_list(images)
    return _filter_images(view, images)


def _by_keys(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, without the joins and subqueries that the search does not understand."""
    found: QuerySet[Any] = queryset.model._default_manager.filter(
        pk__in=[*queryset.order_by().values_list("pk", flat=True)]
    )
    return found


@functools.wraps(_task_type)
def task_type(view: BaseTaskChooserView) -> type[Task] | None:
    """The type of a task to create; raises Http404 for a type that is none."""
    try:
        chosen: type[Task] | None = _task_type(view)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    return chosen


@functools.wraps(_shared_context)
def link_context(request: HttpRequest, extra_context: Any = None) -> dict[str, Any]:
    """What all choosers of links share, without a parent page whose key is none."""
    context: dict[str, Any] = _shared_context(request, extra_context)
    parent = context.get("parent_page_id")
    if isinstance(parent, str) and not (parent.isascii() and parent.isdecimal()):
        context["parent_page_id"] = None
    return context


def pages_to_delete(view: DeleteBulkAction) -> tuple[list[Page], dict[str, Any]]:
    """The pages to delete. One that lies below another of them goes with that one."""
    pages, others = super(DeleteBulkAction, view).get_actionable_objects()
    highest = [page for page in pages if not any(page.is_descendant_of(other) for other in pages)]
    return highest, others


@functools.wraps(EditWorkflow.get_paginated_pages)
def workflow_pages(view: EditWorkflow) -> PageOfList[Page]:
    """The pages of a workflow; the nearest part of the list if there is none of this number."""
    pages = Page.objects.filter(workflowpage__workflow=view.get_object()).order_by("pk")
    pages.paginator = Paginator(pages, view.MAX_PAGES)
    part: PageOfList[Page] = pages.paginator.get_page(view.request.GET.get("p"))
    return part
