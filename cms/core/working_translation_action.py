"""Saying of published content that it is official, or that it is a working translation."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Page
from wagtail.permissions import policy_registry


class UnfinishedChangesError(Exception):
    """The content has changes that are not public yet, or a review that has not ended."""


def may_decide(user: Any, content: Any) -> bool:
    """Whether this user decides what is official: whoever may publish the content."""
    if isinstance(content, Page):
        return bool(content.permissions_for_user(user).can_publish())
    policy = policy_registry.get(content)
    return bool(policy.user_has_permission_for_instance(user, "publish", content))


@transaction.atomic
def set_working_translation(content: Any, value: bool, user: Any) -> None:
    """Set the mark on a page or snippet: at once where it is live, else on its draft.

    `content` is the object as it stands in the database and not one of its revisions: that is
    what wagtail-localize continues from when it next saves the translation.

    Raises `UnfinishedChangesError` where the mark would also publish a draft or overtake a review.
    """
    if content.workflow_in_progress or (content.live and content.has_unpublished_changes):
        raise UnfinishedChangesError
    if content.live:
        content.working_translation = value
        revision = content.save_revision(user=user, log_action=True, clean=False)
        revision.publish(user=user)
        return
    type(content)._default_manager.filter(pk=content.pk).update(working_translation=value)
    draft = content.get_latest_revision_as_object()
    draft.working_translation = value
    draft.save_revision(user=user, log_action=True, clean=False)
