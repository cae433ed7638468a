"""Reports name the entries whose drafts their user may see.

The log and the records of reviews keep titles of drafts. For entries, Wagtail's reports ask only
for a right on some entry of the type.
"""

from __future__ import annotations

import functools
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.models.audit_log import ModelLogEntryManager
from wagtail.permissions import policy_registry
from wagtail.snippets.models import get_snippet_models

from cms.snippets.models.base import Snippet
from cms.snippets.permissions import WORKING, works_everywhere

_log_entries = ModelLogEntryManager.viewable_by_user
_reviews = WorkflowView.get_queryset
_tasks = WorkflowTasksView.get_queryset


@functools.wraps(_log_entries)
def log_entries(manager: ModelLogEntryManager, user: Any) -> QuerySet[Any]:
    """What the log has on entries that the user works with, and on other things as before.

    What it has on deleted ones is for those who work in all languages.
    """
    found: QuerySet[Any] = _log_entries(manager, user)
    return found if works_everywhere(user) else found.exclude(_out_of_reach(user, ""))


@functools.wraps(_reviews)
def reviews(view: WorkflowView) -> QuerySet[Any]:
    """The reviews of content that the user works with."""
    found: QuerySet[Any] = _reviews(view)
    return found.exclude(_out_of_reach(view.request.user, ""))


@functools.wraps(_tasks)
def tasks(view: WorkflowTasksView) -> QuerySet[Any]:
    """The tasks of such reviews."""
    found: QuerySet[Any] = _tasks(view)
    return found.exclude(_out_of_reach(view.request.user, "workflow_state__"))


def _out_of_reach(user: Any, relation: str) -> Q:
    """Records of entries that the user does not work with."""
    hidden = Q(pk__in=())
    for model in get_snippet_models():
        if not issubclass(model, Snippet):
            continue
        policy = policy_registry.get_by_type(model)
        own = policy.instances_user_has_any_permission_for(user, WORKING)
        keys = own.order_by().values_list(Cast("pk", CharField()))
        of_type = Q(**{f"{relation}content_type": ContentType.objects.get_for_model(model)})
        hidden |= of_type & ~Q(**{f"{relation}object_id__in": keys})
    return hidden
