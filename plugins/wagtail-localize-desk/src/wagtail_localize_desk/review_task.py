"""The step of a Wagtail workflow in which a second person reads a translation.

Loaded with the models, so what needs other apps is imported when it is used.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

APPROVE = "approve"


class TranslationReviewTask(AbstractGroupApprovalTask):  # type: ignore[misc]
    """An approval by a group that also approves the strings, each by somebody who did not write it.

    A text that is no translation is approved as in Wagtail's own task.
    """

    class Meta:
        verbose_name = _("Translation review")
        verbose_name_plural = _("Translation reviews")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Members of the chosen groups review translations, but never what they wrote"))

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """The last step publishes, so only those who may publish can approve it."""
        from wagtail_localize_desk.rights import may_publish

        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        if self._is_last(obj) and not may_publish(user, obj):
            return [action for action in actions if action[0] != APPROVE]
        return actions

    def _is_last(self, obj: Any) -> bool:
        state = obj.current_workflow_state
        if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
            return False
        return bool(state.is_at_final_task)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Approve the strings first.

        While the user cannot approve all of them, the step stays open; the result is then the
        address of a page that names the others and says why.
        """
        if action_name == APPROVE:
            from wagtail_localize_desk.review_steps import approve_strings_of, review_url

            translation, review = approve_strings_of(task_state.workflow_state.content_object, user)
            if translation is not None and review.refused:
                return review_url(translation)
        return super().on_action(task_state, user, action_name, **kwargs)
