"""A translation keeps its record when it is published outside the translation editor.

Code that updates a field without text, or a workflow that publishes a revision of its own, creates
a revision that wagtail-localize does not log. Its text is still the translation, unless someone
stopped the translation, so the record of the previous revision applies to the new one.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from wagtail.models import Revision, TranslatableMixin
from wagtail.signals import published
from wagtail_localize.models import Translation, TranslationLog

from wagtail_localize_desk.models import TranslationOrigin


def ongoing(logs: QuerySet[TranslationLog]) -> QuerySet[TranslationLog]:
    """Entries of `logs` whose translation has not been stopped, latest first."""
    translations = Translation.objects.filter(
        source_id=OuterRef("source_id"), target_locale_id=OuterRef("locale_id"), enabled=True
    )
    return logs.filter(Exists(translations)).order_by("-created_at", "-pk")


def carry_over(
    sender: type[Model], instance: Model, revision: Revision | None = None, **kwargs: Any
) -> None:
    """Log a published revision with the origin of the one before, if it has no entry yet."""
    if revision is None or not isinstance(instance, TranslatableMixin):
        return
    logs = TranslationLog.objects.filter(
        source__object_id=instance.translation_key, locale_id=instance.locale_id
    )
    if not logs.exists() or logs.filter(revision=revision).exists():
        return
    before = ongoing(logs.filter(created_at__lte=revision.created_at))
    previous = before.select_related("source", "origin", "revision").first()
    if previous is None:
        return
    log = TranslationLog.objects.create(
        source=previous.source, locale_id=previous.locale_id, revision=revision
    )
    origin: TranslationOrigin | None = getattr(previous, "origin", None)
    if origin is None:
        TranslationOrigin.record(log)
    else:
        TranslationOrigin.objects.create(
            log=log,
            source_digests=origin.source_digests,
            untranslated=origin.untranslated,
            untranslated_parts=_parts_that_hold(origin, previous.revision, revision),
        )


def _parts_that_hold(
    origin: TranslationOrigin, before: Revision | None, after: Revision
) -> dict[str, Any]:
    """The untranslated parts of the fields that are the same in both revisions.

    In a field that other code changed they may have moved: all of its text counts as untranslated.
    """
    if before is None:
        return {}
    return {
        path: parts
        for path, parts in origin.untranslated_parts.items()
        if _stored(before, name := path.partition(".")[0]) == _stored(after, name)
    }


def _stored(revision: Revision, name: str) -> Any:
    """The value of a field in `revision`, of which PostgreSQL may have reordered the JSON."""
    value = revision.content.get(name)
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    published.connect(
        carry_over, dispatch_uid="wagtail_localize_desk.revision_carry_over.carry_over"
    )
