"""The review of a whole translation: to the reviewers, approved, or returned to the translator."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, TranslatableMixin, WorkflowMixin, WorkflowState
from wagtail_localize.models import Translation

from wagtail_localize_desk.access import (
    FORBIDDEN,
    Refusal,
    RefusedError,
    change_refusal,
    review_refusal,
    target_of,
)
from wagtail_localize_desk.review import NotReadyError, Review, approve, open_rows, rows_of
from wagtail_localize_desk.revision_texts import shows_strings


def ready_for_review(translation: Translation, user: Any) -> WorkflowState:
    """Write the strings into a draft of the target, and start its workflow; returns its state.

    Raises NotReadyError if strings are left to do or the target has no workflow, and RefusedError
    if the user may not change the translation.
    """
    target = target_of(translation)
    refusal = change_refusal(user, translation, target)
    if refusal is not None:
        raise RefusedError(refusal)
    if not isinstance(target, WorkflowMixin):
        raise NotReadyError(_("Texts of this type have no workflow, so they have no review."))
    workflow = target.get_workflow()
    if workflow is None:
        raise NotReadyError(_("No workflow is set for this text. Ask an administrator."))
    if target.workflow_in_progress:
        raise NotReadyError(_("It is in review already."))
    left = open_rows(translation)
    if left:
        raise NotReadyError(what_is_left(len(left)), left)
    _write_draft(translation, user)
    target = target_of(translation)
    state: WorkflowState | None = target.current_workflow_state
    with transaction.atomic():
        if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            state.resume(user=user)
            return state
        started: WorkflowState = workflow.start(target, user)
    return started


def what_is_left(count: int) -> str:
    """How many strings a translator has to work on, as a sentence."""
    return ngettext(
        "%(count)d string is not translated or needs your review.",
        "%(count)d strings are not translated or need your review.",
        count,
    ) % {"count": count}


def _write_draft(translation: Translation, user: Any) -> None:
    try:
        translation.save_target(user=user, publish=False)
    except ValidationError as error:
        # The strings at fault are marked with what is wrong.
        reason = _("Some texts do not fit: %(errors)s")
        raise NotReadyError(
            reason % {"errors": " ".join(error.messages)}, open_rows(translation)
        ) from error


def approve_translation(translation: Translation, user: Any, comment: str = "") -> Review:
    """Approve all strings and, if there is nothing left, the current step of the workflow.

    The result says what could not be approved, and why. Raises RefusedError without the right.
    """
    target = target_of(translation)
    refusal = review_refusal(user, translation, target)
    if refusal is not None:
        raise RefusedError(refusal)
    _translation, review = approve_strings_of(target, user)
    if review.refused or not target.workflow_in_progress:
        return review
    _act(target, user, "approve", comment)
    return review


def return_translation(translation: Translation, user: Any, comment: str) -> None:
    """Ask for changes in the current step of the workflow; the translator may write again.

    Raises RefusedError without the right, and NotReadyError if it is not in review.
    """
    target = target_of(translation)
    refusal = review_refusal(user, translation, target)
    if refusal is not None:
        raise RefusedError(refusal)
    if not isinstance(target, WorkflowMixin) or not target.workflow_in_progress:
        raise NotReadyError(_("It is not in review."))
    _act(target, user, "reject", comment)


def _act(target: Any, user: Any, action: str, comment: str) -> None:
    state = target.current_workflow_task_state
    task = state.task.specific
    if action not in {name for name, *_more in task.get_actions(target, user)}:
        raise RefusedError(Refusal(FORBIDDEN, _("This step of the workflow is for somebody else.")))
    task.on_action(state, user, action, comment=comment)


def approve_strings_of(target: Any, user: Any) -> tuple[Translation | None, Review]:
    """Approve all strings of a page or snippet, and write its draft from what was approved.

    Nothing for content that is no translation in use.
    """
    translation = translation_to(target)
    if translation is None:
        return None, Review()
    rows = list(rows_of(translation))
    try:
        review = approve(rows, user)
        if not review.refused and not shows_strings(target, translation):
            _write_draft(translation, user)
    except NotReadyError as error:
        return translation, Review(refused=[(row, str(error)) for row in error.rows or rows])
    except RefusedError as error:
        return translation, Review(refused=[(row, error.refusal.reason) for row in rows])
    return translation, review


def translation_to(target: Any) -> Translation | None:
    """The translation in use that `target` is written by."""
    if not isinstance(target, TranslatableMixin | Page):
        return None
    found: Translation | None = (
        Translation.objects.filter(
            source__object_id=target.translation_key,
            target_locale_id=target.locale_id,
            enabled=True,
        )
        .select_related("source", "target_locale")
        .first()
    )
    return found


def review_url(translation: Translation) -> str:
    """The address of the page for the review of a translation."""
    return reverse("wagtail_localize_desk:review", args=[translation.pk])
