"""Untranslated texts become public in another language only by somebody's explicit choice.

Every button, workflow, bulk action, API, schedule and translation publishes by
`PublishRevisionAction._publish_revision`, where the rule is. A
model without drafts is public when it is saved, and `target_writer` asks the same rule.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Exists
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishPermissionError, PublishRevisionAction
from wagtail.log_actions import log
from wagtail.models import Locale, Revision, TranslatableMixin
from wagtail_localize.models import String

from wagtail_localize_desk.hand_written import record_being_published, record_for_publication
from wagtail_localize_desk.models import RevisionTexts, TranslatedString
from wagtail_localize_desk.revision_texts import texts_in
from wagtail_localize_desk.status import record_of_live_text

#: The right to publish texts that nobody has translated.
PERMISSION = "wagtail_localize_desk.publish_untranslated"
#: The entry in Wagtail's log for each use of that right.
LOG_ACTION = "wagtail_localize_desk.publish_untranslated"


class Text(NamedTuple):
    """A string that is still in the source's language."""

    path: str
    words: str


@dataclass(frozen=True)
class Untranslated:
    """The untranslated strings that a publish would make public."""

    instance: models.Model
    source_language: str
    target_language: str
    texts: tuple[Text, ...]

    @property
    def digest(self) -> str:
        """Stands for exactly these strings of this page or snippet."""
        key = str(self.instance.translation_key)  # type: ignore[attr-defined]
        content = json.dumps([key, self.target_language, sorted(self.texts)])
        return hashlib.sha256(content.encode()).hexdigest()


class UntranslatedTextError(PublishPermissionError):  # type: ignore[misc]
    """A publish would make untranslated texts public in another language."""

    def __init__(self, *found: Untranslated) -> None:
        self.found = found
        super().__init__(" ".join(map(_explanation, found)))


def _explanation(found: Untranslated) -> str:
    words = ", ".join(f"“{text.words}”" for text in found.texts[:3])
    if len(found.texts) > 3:
        words += " …"
    return _(
        "'%(title)s' has untranslated texts: %(words)s Translate them, or ask somebody who may "
        "publish untranslated texts."
    ) % {"title": found.instance, "words": words}


@dataclass(frozen=True)
class Choice:
    """A choice to publish untranslated texts: all, or those with these digests."""

    user: Any
    digests: frozenset[str] | None = None

    def allows(self, found: Untranslated, user: Any) -> bool:
        user = user or self.user
        if user is not None and not user.has_perm(PERMISSION):
            return False
        return self.digests is None or found.digest in self.digests


_choice: ContextVar[Choice | None] = ContextVar("choice", default=None)


@contextmanager
def publishing_untranslated(user: Any = None) -> Iterator[None]:
    """A block of code that publishes untranslated texts by choice.

    A publish with a user, here or in the call, still needs that user's right to do so.
    """
    with choosing(Choice(user)):
        yield


@contextmanager
def choosing(choice: Choice) -> Iterator[None]:
    """A block in which somebody has made `choice`."""
    token = _choice.set(choice)
    try:
        yield
    finally:
        _choice.reset(token)


def publish_revision(
    publish: Callable[..., Any],
    action: PublishRevisionAction,
    revision: Revision,
    object: Any,
    user: Any,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Publish or schedule; raises `UntranslatedTextError` without the choice that it needs."""
    with transaction.atomic():
        if isinstance(object, TranslatableMixin):
            _require_choice_for(object, revision, user)
        return publish(action, revision, object, user, *args, **kwargs)


def _require_choice_for(instance: Any, revision: Revision, user: Any) -> None:
    written = record_being_published(revision)
    if written is not None and not _untranslated(written):
        return
    stored = _stored(instance)
    if not stored.has_records:
        return
    # Read before this revision is recorded, which autosave may have overwritten while it is live.
    public = public_now(stored)
    record = record_for_publication(instance, revision)
    if record is not None:
        require_choice(instance, record, public, user)


def _stored(instance: Any) -> Any:
    """What readers see, as the database has it.

    The content of a revision names the live revision of when it was saved, or none.
    """
    language = Locale.objects.filter(pk=instance.locale_id).values("language_code")
    records = RevisionTexts.objects.filter(
        object_key=instance.translation_key, target_language__in=language
    )
    stored = type(instance)._base_manager.annotate(has_records=Exists(records))
    fields = ["translation_key", "locale", "live", "live_revision", "last_published_at"]
    return stored.only(*fields).get(pk=instance.pk)


def require_choice(
    instance: Any, record: RevisionTexts, public: frozenset[tuple[str, str]], user: Any
) -> None:
    """Raise `UntranslatedTextError` unless the untranslated texts of `record` may be public.

    They may be if they are `public` already, or if somebody chooses so. What was allowed once may
    be carried out by a schedule, which has no user.
    """
    missing = _untranslated(record)
    if not missing or (user is None and record.may_be_public):
        return
    if not missing <= public:
        found = _described(instance, record, missing - public)
        choice = _choice.get()
        if choice is None or not choice.allows(found, user):
            raise UntranslatedTextError(found)
        log(
            instance=instance,
            action=LOG_ACTION,
            user=user or choice.user,
            revision=record.revision,
            data={"texts": [text._asdict() for text in found.texts]},
        )
    RevisionTexts.objects.filter(pk=record.pk).update(may_be_public=True)


def untranslated_draft(instance: Any, user: Any) -> Untranslated | None:
    """The untranslated texts of the latest draft that `user` has not chosen to make public."""
    revision = instance.get_latest_revision()
    if revision is None or not isinstance(instance, TranslatableMixin):
        return None
    try:
        with transaction.atomic():
            _require_choice_for(revision.as_object(), revision, user)
            transaction.set_rollback(True)
    except UntranslatedTextError as error:
        return error.found[0]
    return None


def public_now(instance: Any) -> frozenset[tuple[str, str]]:
    """The untranslated strings of the version that readers see."""
    record = record_of_live_text(instance) if getattr(instance, "live", True) else None
    return _untranslated(record) if record is not None else frozenset()


def _untranslated(record: RevisionTexts) -> frozenset[tuple[str, str]]:
    """Path and hash of the words of each untranslated string."""
    return frozenset(
        (path, string.source_hash)
        for path, strings in texts_in(record).items()
        for string in strings
        if not string.is_translated
    )


def _described(
    instance: Any, record: RevisionTexts, missing: frozenset[tuple[str, str]]
) -> Untranslated:
    hashes = {source_hash for _path, source_hash in missing}
    words = dict(String.objects.filter(data_hash__in=hashes).values_list("data_hash", "data"))
    rows = TranslatedString.objects.filter(
        object_key=record.object_key, source_hash__in=hashes
    ).values_list("source_hash", "source_words")
    known = {key.hex: data for key, data in (*words.items(), *rows)}
    texts = (
        Text(path, known.get(string.source_hash, path))
        for path, strings in texts_in(record).items()
        for string in strings
        if (path, string.source_hash) in missing
    )
    return Untranslated(
        instance, record.source_language, record.target_language, tuple(dict.fromkeys(texts))
    )
