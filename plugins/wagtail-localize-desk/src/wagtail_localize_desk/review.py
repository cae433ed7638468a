"""A second pair of eyes: strings are approved or sent back, and never approved by their writer.

The functions ask for the rights that they need, and raise RefusedError without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail_localize.models import Translation

from wagtail_localize_desk import conf
from wagtail_localize_desk.access import (
    CONFLICT,
    Refusal,
    RefusedError,
    change_refusal,
    review_refusal,
    target_of,
)
from wagtail_localize_desk.findings import Findings, blocking_findings
from wagtail_localize_desk.models import Method, Reason, State, StringChange, TranslatedString
from wagtail_localize_desk.review_models import StringComment
from wagtail_localize_desk.string_rows import Changes
from wagtail_localize_desk.together import follow_approval

#: By what words come into a string. Other changes move, mark or review them.
WRITING = (
    Method.HAND,
    Method.PAGE,
    Method.MEMORY,
    Method.MACHINE,
    Method.IMPORT,
    Method.RESTORE,
)


@dataclass(frozen=True)
class Review:
    """What became of strings that somebody wanted to approve."""

    approved: list[TranslatedString] = field(default_factory=list)
    #: Those that were not, each with a sentence for people.
    refused: list[tuple[TranslatedString, str]] = field(default_factory=list)


class NotReadyError(RefusedError):
    """A translation cannot go to review; `rows` are the strings that are left to do."""

    def __init__(self, reason: str, rows: Collection[TranslatedString] = ()) -> None:
        super().__init__(Refusal(CONFLICT, reason))
        self.rows = list(rows)


# Strings


def approve(rows: Iterable[TranslatedString], user: Any) -> Review:
    """Approve strings as `user` has seen them: with the words that the given instances have.

    Strings that this user cannot approve are left out, and the result says why. Raises
    RefusedError if they may not review one of the translations. The instances are not changed.
    """
    seen = {row.pk: row for row in rows}
    review = Review()
    with transaction.atomic():
        stored = list(
            TranslatedString.objects.select_for_update().filter(pk__in=seen).order_by("pk")
        )
        _require_reviewer(stored, user)
        obstacles = _obstacles(stored, seen, user)
        changes = Changes()
        for row in stored:
            if row.pk in obstacles:
                review.refused.append((row, obstacles[row.pk]))
            elif row.state == State.APPROVED:
                review.approved.append(row)
            else:
                entry = row.change(State.APPROVED, method=Method.REVIEW, user=user)
                changes.keep(row, entry)
                review.approved.append(row)
        changes.save()
        follow_approval(review.approved, user)
    return review


def approval_obstacles(
    rows: Iterable[TranslatedString], user: Any, faults: Findings | None = None
) -> dict[int, str]:
    """Why `user` could not approve these strings, by primary key; without asking for rights.

    `faults` are the findings that block an approval, where they are known.
    """
    found = list(rows)
    return _obstacles(found, {row.pk: row for row in found}, user, faults)


def _obstacles(
    rows: Sequence[TranslatedString],
    seen: Mapping[int, TranslatedString],
    user: Any,
    faults: Findings | None = None,
) -> dict[int, str]:
    """Why `user` cannot approve the rows that they have seen as `seen`; only those they cannot."""
    writers = writers_of(rows)
    if faults is None:
        faults = blocking_findings(rows)
    reasons = {
        row.pk: _obstacle(row, seen[row.pk])
        or _own_words(row, writers[row.pk], user)
        or _fault(row, faults)
        for row in rows
    }
    return {pk: reason for pk, reason in reasons.items() if reason}


def _obstacle(row: TranslatedString, seen: TranslatedString) -> str:
    """Why nobody can approve a string as it is; an empty text if they can."""
    if not row.words:
        return _("It has no translation yet.")
    if (row.words, row.source_words) != (seen.words, seen.source_words):
        return _("It was changed meanwhile. Read it again.")
    if row.number is None:
        return _("The source has this text no longer.")
    if not row.is_current:
        return _("Its source has changed since it was translated.")
    if row.state == State.NEEDS_REVIEW and row.reason == Reason.ERROR:
        return _("It cannot be used as it is. The message beside it says why.")
    if row.state == State.NEEDS_REVIEW and row.reason == Reason.SENT_BACK:
        return _("It was sent back, and has not been changed since.")
    return ""


def _fault(row: TranslatedString, faults: Findings) -> str:
    """What the checks say against a string that is not approved yet."""
    if row.state == State.APPROVED:
        return ""
    return " ".join(each.finding.message for each in faults.get(row.pk, ()))


def _own_words(row: TranslatedString, writers: set[int], user: Any) -> str:
    if row.state != State.APPROVED and user.pk in writers and conf.review_by_second_person():
        return _("You wrote these words. Somebody else must approve them.")
    return ""


def writers_of(rows: Iterable[TranslatedString]) -> dict[int, set[int]]:
    """For each row, the primary keys of all who gave it the words that it has now.

    Whoever put the same words there earlier counts, and so does whoever confirmed or restored them:
    nobody approves their own words by a detour.
    """
    found = {row.pk: {row.author_id} - {None} for row in rows}
    words = {row.pk: row.words for row in rows}
    entries = StringChange.objects.filter(string__in=found, method__in=WRITING).exclude(author=None)
    for pk, author, after in entries.values_list("string", "author", "words_after"):
        if after == words[pk]:
            found[pk].add(author)
    return found  # type: ignore[return-value]


def send_back(row: TranslatedString, user: Any, comment: str) -> StringComment:
    """Return a string to its translator: it needs review until it is saved again.

    Raises RefusedError if the user may not review the translation or says nothing.
    """
    with transaction.atomic():
        stored = TranslatedString.objects.select_for_update().get(pk=row.pk)
        _require_reviewer([stored], user)
        if not comment.strip():
            raise RefusedError(
                Refusal(CONFLICT, _("Say in a comment what the translator should change."))
            )
        if stored.words:
            entry = stored.change(
                State.NEEDS_REVIEW, Reason.SENT_BACK, method=Method.REVIEW, user=user
            )
            changes = Changes()
            changes.keep(stored, entry)
            changes.save()
        return _add_comment(stored, user, comment, is_send_back=True)


# Comments


def comment_on(row: TranslatedString, user: Any, text: str) -> StringComment:
    """Add a comment to a string. Raises RefusedError for users who neither translate nor review."""
    translation = _translation_of(row)
    if not text.strip():
        raise RefusedError(Refusal(CONFLICT, _("Write a comment first.")))
    _require_partner(user, translation)
    return _add_comment(row, user, text)


def resolve(comment: StringComment, user: Any) -> None:
    """Mark a comment as done. Raises RefusedError for users who neither translate nor review."""
    _require_partner(user, _translation_of(comment.string))
    comment.resolve(user)


def comments_on(object_key: Any, language: str) -> QuerySet[StringComment]:
    """All comments on the strings of a page or snippet in a language, oldest first."""
    return StringComment.objects.filter(
        string__object_key=object_key, string__target_language=language
    ).select_related("string")


def _add_comment(
    row: TranslatedString, user: Any, text: str, *, is_send_back: bool = False
) -> StringComment:
    return StringComment.objects.create(
        string=row,
        author=user,
        author_name=str(user or "")[:255],
        text=text.strip(),
        is_send_back=is_send_back,
        source_words=row.source_words,
        words=row.words,
    )


# Rights


def _translation_of(row: TranslatedString) -> Translation:
    found = Translation.objects.filter(
        source__object_id=row.object_key, target_locale__language_code=row.target_language
    ).first()
    if found is None:
        raise RefusedError(Refusal(CONFLICT, _("This text is no longer translated.")))
    return found


def _require_reviewer(rows: Iterable[TranslatedString], user: Any) -> None:
    """Raise RefusedError unless `user` may review each translation that the strings are of."""
    for row in {(row.object_key, row.target_language): row for row in rows}.values():
        refusal = review_refusal(user, _translation_of(row))
        if refusal is not None:
            raise RefusedError(refusal)


def _require_partner(user: Any, translation: Translation) -> None:
    """Raise RefusedError unless `user` translates or reviews; locks do not matter for talking."""
    target = target_of(translation)
    refusals = [ask(user, translation, target) for ask in (change_refusal, review_refusal)]
    rights = [refusal for refusal in refusals if refusal is None or refusal.status == CONFLICT]
    if target is None or not rights:
        raise RefusedError(refusals[0])  # type: ignore[arg-type]


# Translations


def open_rows(translation: Translation) -> list[TranslatedString]:
    """The strings of a translation that are untranslated or need review."""
    return list(rows_of(translation).filter(state__in=(State.UNTRANSLATED, State.NEEDS_REVIEW)))


def rows_of(translation: Translation) -> QuerySet[TranslatedString]:
    """The strings that the source of a translation has now."""
    return TranslatedString.objects.filter(
        object_key=translation.source.object_id,
        target_language=translation.target_locale.language_code,
        number__isnull=False,
    ).order_by("pk")
