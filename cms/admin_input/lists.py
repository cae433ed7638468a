"""Pages of lists, and bulk actions on pages that lie below one another."""

from __future__ import annotations

import functools
from typing import Any

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.admin.views.workflows import Edit as EditWorkflow
from wagtail.models import Page


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
