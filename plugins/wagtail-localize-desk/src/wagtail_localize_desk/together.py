"""Making public what was held, together with its approved translations, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.models import DraftStateMixin, TranslatableMixin, WorkflowMixin, WorkflowState
from wagtail_localize.models import Translation

from wagtail_localize_desk.access import target_of
from wagtail_localize_desk.held_publication import (
    end,
    held_for_translation,
    instance_of,
    releasing,
    translations_of,
)
from wagtail_localize_desk.models import HeldPublication, State, TranslatedString
from wagtail_localize_desk.revision_texts import shows_strings
from wagtail_localize_desk.source_lifecycle import was_unpublished


@dataclass(frozen=True)
class Awaited:
    """A translation that a publication waits for."""

    translation: Translation
    target: Any
    #: How many strings are not approved yet.
    open_strings: int
    is_in_review: bool

    @property
    def is_ready(self) -> bool:
        return not self.open_strings and not self.is_in_review


def awaited(held: HeldPublication) -> list[Awaited]:
    """The translations that go public with `held`, ready or not.

    A translation that somebody took offline stays offline, and nothing waits for it.
    """
    found = []
    for translation in translations_of(held):
        target = target_of(translation)
        if not isinstance(target, DraftStateMixin) or was_unpublished(target):
            continue
        rows = TranslatedString.objects.filter(
            object_key=held.object_key,
            target_language=translation.target_locale.language_code,
            number__isnull=False,
        )
        in_review = isinstance(target, WorkflowMixin) and target.workflow_in_progress
        open_strings = rows.exclude(state=State.APPROVED).count()
        found.append(Awaited(translation, target, open_strings, bool(in_review)))
    return found


def release_if_ready(held: HeldPublication, user: Any) -> bool:
    """Publish `held` if nothing is left to wait for; returns whether it was published.

    What speaks against the publication is kept for those who look after it, because the approval
    that led here is right all the same.
    """
    with transaction.atomic():
        locked = HeldPublication.objects.select_for_update().filter(pk=held.pk).first()
        if locked is None or not all(each.is_ready for each in awaited(locked)):
            return False
        try:
            with transaction.atomic():
                _release(locked, user, "")
        except (ValidationError, PermissionDenied) as error:
            locked.problem = " ".join(getattr(error, "messages", [str(error)]))
            locked.save(update_fields=["problem"])
            return False
    return True


def release(held: HeldPublication, user: Any, reason: str) -> list[Any]:
    """Publish `held` with those of its translations that are ready; the rest turns stale.

    Returns what was published. `reason` goes into Wagtail's log. Raises ValidationError if a
    translation does not fit into its fields, and PermissionDenied if a rule of the project speaks
    against it; then nothing is published.
    """
    with transaction.atomic():
        locked = HeldPublication.objects.select_for_update().filter(pk=held.pk).first()
        return _release(locked, user, reason) if locked is not None else []


def _release(held: HeldPublication, user: Any, reason: str) -> list[Any]:
    ready = [each for each in awaited(held) if each.is_ready]
    # Whoever chose to publish together has chosen this version; its user had to have the right.
    chooser = held.user if held.user is not None and held.user.is_active else user
    end(held, user, reason)
    with releasing():
        held.revision.publish(user=chooser, skip_permission_checks=True)
        published = [instance_of(held)]
        for each in ready:
            target = each.target
            if not shows_strings(target, each.translation):
                each.translation.save_target(user=user, publish=False)
                target = target_of(each.translation)
            target.get_latest_revision().publish(user=user, skip_permission_checks=True)
            published.append(target_of(each.translation))
    return published


def finish_workflow(
    finish: Callable[..., None], workflow_state: WorkflowState, user: Any = None
) -> None:
    """At the end of a workflow: a translation whose source waits goes public together with it."""
    content = workflow_state.content_object
    held = held_for_translation(content) if isinstance(content, TranslatableMixin) else None
    if held is None:
        finish(workflow_state, user=user)
    else:
        release_if_ready(held, user)


def follow_approval(rows: Iterable[TranslatedString], user: Any) -> None:
    """After strings were approved: publish what waited for nothing else."""
    places = {(row.object_key, row.source_language) for row in rows}
    for key, language in places:
        held = HeldPublication.objects.filter(object_key=key, source_language=language).first()
        if held is not None:
            release_if_ready(held, user)
