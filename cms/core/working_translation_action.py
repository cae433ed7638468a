"""Marks content as official or as a working translation."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.models import Page
from wagtail.permissions import policy_registry


class UnfinishedChangesError(Exception):
    """The content has unpublished changes or a review in progress."""


def may_decide(user: Any, content: Any) -> bool:
    """Whether this user may set the mark, which takes the right to publish the content."""
    if isinstance(content, Page):
        return bool(content.permissions_for_user(user).can_publish())
    policy = policy_registry.get(content)
    return bool(policy.user_has_permission_for_instance(user, "publish", content))


@transaction.atomic
def set_working_translation(content: Any, value: bool, user: Any) -> bool:
    """Set the mark on a page or snippet: live content at once, other content in its draft.

    Returns whether that is done. If the change of live content needs a second person, it is
    submitted for review.

    `content` must be the object from the database, not one of its revisions: wagtail-localize
    starts from the row when it next saves the translation.

    Raises `UnfinishedChangesError` if this would also publish a draft or bypass a review.
    """
    if content.workflow_in_progress or (content.live and content.has_unpublished_changes):
        raise UnfinishedChangesError
    if content.live:
        content.working_translation = value
        revision = content.save_revision(user=user, log_action=True, clean=False)
        try:
            revision.publish(user=user)
        except PublishPermissionError:
            if workflow := content.get_workflow():
                workflow.start(content, user)
            return False
        return True
    type(content)._default_manager.filter(pk=content.pk).update(working_translation=value)
    draft = content.get_latest_revision_as_object()
    draft.working_translation = value
    draft.save_revision(user=user, log_action=True, clean=False)
    return True
