"""Whether a user may publish a change, and the one place that all ways of publishing share."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_revision import PublishPermissionError, PublishRevisionAction
from wagtail.log_actions import log
from wagtail.models import (
    AbstractGroupApprovalTask,
    Page,
    PagePermissionTester,
    Revision,
)
from wagtail.permissions import policy_registry

from cms.editors import people, schedules
from cms.editors.second_person.authorship import translators, writers

#: The right to publish one's own text. Administrators have it, and superusers.
PERMISSION = "editors.publish_alone"
#: The entry in Wagtail's log for each use of that right.
LOG_ACTION = "cms.publish_alone"

_publish_revision = PublishRevisionAction._publish_revision
_get_actions = AbstractGroupApprovalTask.get_actions
_copy_page = CopyPageAction._copy_page
_create_alias = CreatePageAliasAction._create_alias
_can_publish_subpage = PagePermissionTester.can_publish_subpage


class SecondPersonRequiredError(PublishPermissionError):
    """The publisher wrote the change; the message, in the active language, says whom to ask."""


def is_in_force() -> bool:
    """Whether the product asks for a second person at all."""
    return bool(settings.REVIEW_BY_SECOND_PERSON)


def applies_to(user: Any) -> bool:
    """Whether this user needs a second person for what they write."""
    return is_in_force() and not user.has_perm(PERMISSION)


def wrote_unpublished(user: Any, content: Any, revision: Revision | None = None) -> bool:
    """Whether this user wrote part of what the next publish of `content` would make public."""
    return bool(content.pk) and user.pk in writers(_row(content), revision)


def needs_second_person(user: Any, content: Any) -> bool:
    """Whether this user may not publish `content`, because they wrote part of the change."""
    return applies_to(user) and wrote_unpublished(user, content)


def translator_needs_second_person(user: Any, content: Any) -> bool:
    """Whether this user may not publish the translation `content` from its editor."""
    if not applies_to(user):
        return False
    row = _row(content)
    return user.pk in writers(row) | translators(row)


def refusal(user: Any, content: Any, *, is_new: bool = False) -> str:
    """Why the user cannot publish, and whom they can ask, in the active language.

    For what is not saved yet, `content` is the page's parent or the snippet's model.
    """
    names = whom_to_ask(user, content, is_new=is_new)
    if not names:
        return _("You wrote part of this change. Submit it for review: a second person publishes.")
    return _(
        "You wrote part of this change. Submit it for review: a second person publishes it "
        "(%(people)s)."
    ) % {"people": names}


def whom_to_ask(user: Any, content: Any, *, is_new: bool = False) -> str:
    """The names of others who may publish `content`; empty if there is nobody."""
    return people.in_words(
        publishers(content, is_new=is_new).exclude(pk=user.pk)[: people.NAMED + 1]
    )


def publishers(content: Any, *, is_new: bool = False) -> QuerySet[Any]:
    """Active users who may publish `content` and wrote none of the change."""
    if isinstance(content, type):
        found = policy_registry.get_by_type(content).users_with_any_permission(["publish"])
    else:
        policy = policy_registry.get(content)
        found = policy.users_with_any_permission_for_instance(["publish"], content)
    wrote = set() if is_new else writers(_row(content))
    return people.active(found).exclude(pk__in=wrote)


def _row(content: Any) -> Any:
    """A page or snippet as the database has it; editors hold its latest revision as an object."""
    if isinstance(content, Page):
        return Page._base_manager.get(pk=content.pk).specific
    return type(content)._base_manager.get(pk=content.pk)


@functools.wraps(_publish_revision)
def publish_revision(
    action: PublishRevisionAction,
    revision: Revision,
    object: Any,
    user: Any,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Publish or schedule; raises `SecondPersonRequiredError` for a change of the user's own.

    Every view, workflow, bulk action, API and translation ends here. What no user does, such as
    loading content or carrying out an approved schedule, is not asked about.
    """
    if user is not None:
        schedules.clear_passed_expiry(object)
    if require_second_person(object, revision, user):
        log_exception(object, user, revision)
    return _publish_revision(action, revision, object, user, *args, **kwargs)


def require_second_person(content: Any, revision: Revision, user: Any) -> bool:
    """Whether `user` publishes a change of their own, which they may.

    Raises `SecondPersonRequiredError` if they may not.
    """
    if not is_in_force() or user is None or not wrote_unpublished(user, content, revision):
        return False
    if applies_to(user):
        raise SecondPersonRequiredError(refusal(user, content))
    return True


def log_exception(content: Any, user: Any, revision: Revision | None = None) -> None:
    """Log that an administrator published a change of their own."""
    log(instance=content, action=LOG_ACTION, user=user, revision=revision)


@functools.wraps(_get_actions)
def get_actions(task: AbstractGroupApprovalTask, obj: Any, user: Any) -> list[Any]:
    """The actions of a step of a workflow, without the approval of one's own text."""
    actions: list[Any] = _get_actions(task, obj, user)
    if any(name == "approve" for name, *_rest in actions) and needs_second_person(user, obj):
        return [action for action in actions if action[0] != "approve"]
    return actions


@functools.wraps(_copy_page)
def copy_page(action: CopyPageAction, *args: Any, **kwargs: Any) -> Page:
    """Copy a page; one that is public at once is logged."""
    copy: Page = _copy_page(action, *args, **kwargs)
    if is_in_force() and action.user is not None and copy.live:
        log_exception(copy, action.user, copy.live_revision)
    return copy


@functools.wraps(_create_alias)
def create_alias(action: CreatePageAliasAction, *args: Any, user: Any, **kwargs: Any) -> Page:
    """Mirror a page; a mirror that is public at once is logged."""
    alias: Page = _create_alias(action, *args, user=user, **kwargs)
    if is_in_force() and user is not None and alias.live:
        log_exception(alias, user)
    return alias


@functools.wraps(_can_publish_subpage)
def can_publish_subpage(permissions: PagePermissionTester) -> bool:
    """Whether the user may create a public page in one go, by writing, copying or mirroring it."""
    return _can_publish_subpage(permissions) and not applies_to(permissions.user)
