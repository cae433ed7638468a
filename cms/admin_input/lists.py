"""Pages of lists, and bulk actions on pages that lie below one another."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.admin.views.workflows import Edit as EditWorkflow
from wagtail.models import Page

_execute_delete = DeleteBulkAction.execute_action.__func__


@classmethod  # type: ignore[misc]
@functools.wraps(_execute_delete)
def delete_pages(
    action: type[DeleteBulkAction], objects: Iterable[Page], **kwargs: Any
) -> tuple[int, int]:
    """Delete pages. One that lies below another of them goes with that one."""
    pages = [*objects]
    highest = [page for page in pages if not any(page.is_descendant_of(other) for other in pages)]
    counts: tuple[int, int] = _execute_delete(action, highest, **kwargs)
    return counts


@functools.wraps(EditWorkflow.get_paginated_pages)
def workflow_pages(view: EditWorkflow) -> PageOfList[Page]:
    """The pages of a workflow; the nearest part of the list if there is none of this number."""
    pages = Page.objects.filter(workflowpage__workflow=view.get_object()).order_by("pk")
    pages.paginator = Paginator(pages, view.MAX_PAGES)
    part: PageOfList[Page] = pages.paginator.get_page(view.request.GET.get("p"))
    return part
