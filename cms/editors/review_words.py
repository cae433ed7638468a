"""What the admin calls submitting for review, and what it says after a reviewer's decision.

Wagtail names the workflow on the button, and says of each decision that the page "has been
updated".
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.action_menu import SubmitForModerationMenuItem as SubmitPage
from wagtail.admin.views.pages.edit import EditView as EditPageView
from wagtail.models import WorkflowState
from wagtail.snippets.action_menu import SubmitForModerationMenuItem as SubmitSnippet
from wagtail.snippets.views.snippets import EditView as EditSnippetView

GetContext = Callable[..., dict[str, Any]]

_add_page_message = EditPageView.add_save_confirmation_message
_get_snippet_message = EditSnippetView.get_success_message


def _naming_the_act(get_context: GetContext) -> GetContext:
    """The context of a button that submits, with the same label for every workflow."""

    @functools.wraps(get_context)
    def get_context_data(item: Any, parent_context: Any) -> dict[str, Any]:
        context = get_context(item, parent_context)
        content = context.get("page") or context.get("instance")
        state = content.current_workflow_state if content and content.pk else None
        again = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        context["label"] = _("Submit again for review") if again else _("Submit for review")
        return context

    return get_context_data


submit_page = _naming_the_act(SubmitPage.get_context_data)
submit_snippet = _naming_the_act(SubmitSnippet.get_context_data)


def decision(name: str | None, content: Any) -> str | None:
    """What a reviewer is told after a decision; None for any other action."""
    title = {"title": getattr(content, "get_admin_display_title", content.__str__)()}
    if name == "reject":
        return _("Changes have been requested for '%(title)s'.") % title
    if name == "approve":
        return _("'%(title)s' has been approved.") % title
    return None


@functools.wraps(_add_page_message)
def add_page_message(view: EditPageView) -> None:
    """Say what was decided, after a decision on a page."""
    name = view.workflow_action if view.request.POST.get("action-workflow-action") else None
    if message := decision(name, view.page):
        messages.success(view.request, message)
    else:
        _add_page_message(view)


@functools.wraps(_get_snippet_message)
def get_snippet_message(view: EditSnippetView, instance: Any = None) -> str:
    """Say what was decided, after a decision on a snippet."""
    name = view.workflow_action if view.action == "workflow-action" else None
    message: str = decision(name, instance or view.object) or _get_snippet_message(view, instance)
    return message
