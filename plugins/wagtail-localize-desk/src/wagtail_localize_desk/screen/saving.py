"""Saving one string: what may be saved, and that nobody's words are overwritten unseen."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from wagtail_localize.strings import StringValue

from wagtail_localize_desk.access import CONFLICT, Refusal, RefusedError
from wagtail_localize_desk.models import Method, State, StringComment, TranslatedString
from wagtail_localize_desk.quality.limits import length_limit
from wagtail_localize_desk.screen.places import Place, Places
from wagtail_localize_desk.screen.protected_pieces import (
    BrokenPiecesError,
    to_html,
)
from wagtail_localize_desk.screen.rows import Attempt, StringRow, with_last_change
from wagtail_localize_desk.string_rows import Changes
from wagtail_localize_desk.upstream_strings import with_upstream, write_upstream
from wagtail_localize_desk.wording import is_blank, is_storable


class SavingError(Exception):
    """A text that was not saved: `attempt` has it, and the reason."""

    status = 422
    outcome = "refused"

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(attempt.error)
        self.attempt = attempt


class UnfitWordsError(ValueError):
    """Words that cannot be the translation of a string; the message tells the translator why."""


class ConflictError(SavingError):
    """Somebody else has saved the string, or its source has changed, since it was read."""

    status = 409
    outcome = "conflict"


def editable_row(pk: int) -> StringRow | None:
    """A string that its source has now, locked until the end of the transaction."""
    strings = TranslatedString.objects.filter(pk=pk, number__isnull=False)
    locked = with_last_change(strings.select_for_update(of=("self",)))
    comments = StringComment.objects.filter(string=OuterRef("pk"))
    twins = TranslatedString.objects.filter(
        source_hash=OuterRef("source_hash"),
        target_language=OuterRef("target_language"),
        state=State.UNTRANSLATED,
    ).exclude(pk=OuterRef("pk"))
    string = (
        with_upstream(locked)
        .annotate(has_comments=Exists(comments), has_twins=Exists(twins))
        .first()
    )
    if string is None or string.upstream_string is None or model_of(string) is None:
        return None
    return row_of(string)


def model_of(string: Any) -> type[Any] | None:
    """The type of the page or snippet of a string from `with_upstream`."""
    return ContentType.objects.get_for_id(string.content_type_id).model_class()


def row_of(string: Any, places: Places | None = None) -> StringRow:
    """The row of a string from `with_upstream`; `places` are those of its type, if known."""
    model = model_of(string)
    if model is None:
        raise LookupError(string.content_type_id)
    place = (places or Places(model)).at(string.path, string.field_path or "")
    limit = length_limit(model, string.field_path or "")
    return StringRow(string, place, json.loads(string.attrs or "null") or {}, 0, limit=limit)


def save_text(
    row: StringRow, text: str, version: str, user: Any, method: str = Method.HAND
) -> bool:
    """Save what `user` has written after reading `version`; returns whether it is new.

    Raises SavingError, and nothing is written then. The same words as before confirm a translation
    that needs review. `method` is by what the text came into the field.
    """
    string = row.string
    if version != row.version and text != row.saved_text:
        raise _conflict(row, text, version)
    words = checked_words(row, text)
    if (string.words, string.state) in ((words, State.TRANSLATED), (words, State.APPROVED)):
        return False
    _write(row, user, State.TRANSLATED, words, method)
    return True


def require_version(row: StringRow, version: str) -> None:
    """Raise RefusedError if the string is not what its reader has seen."""
    if version != row.version:
        raise RefusedError(Refusal(CONFLICT, _("It was changed meanwhile. Read it again.")))


def remove_text(row: StringRow, version: str, user: Any) -> None:
    """Remove the translation of a string; its history keeps the words. Raises ConflictError."""
    if version != row.version:
        raise _conflict(row, row.saved_text, version)
    if row.string.words:
        _write(row, user, State.UNTRANSLATED, "", Method.HAND)


def _write(row: StringRow, user: Any, state: str, words: str, method: str) -> None:
    string = row.string
    made_from = string.source_words if words else ""
    entry = string.change(state, method=method, user=user, words=words, made_from=made_from)
    changes = Changes()
    changes.keep(string, entry)
    changes.save()
    write_upstream([string], user)
    string.last_change = entry.pk
    row.forget_texts()


def _conflict(row: StringRow, text: str, version: str) -> ConflictError:
    string = row.string
    if version.rpartition("-")[2] != row.version.rpartition("-")[2]:
        reason = _(
            "The source has changed since you opened this string. Your text is not saved: look at "
            "the new source, and save again."
        )
        return ConflictError(Attempt(text, reason))
    reason = _(
        "%(name)s has changed this string since you opened it. Your text is not saved: choose one "
        "of the two."
    ) % {"name": string.author_name or _("Somebody")}
    return ConflictError(Attempt(text, reason, other_text=row.saved_text))


def checked_words(row: StringRow, text: str) -> str:
    """A text with tokens as wagtail-localize stores it.

    Raises SavingError with the reason if it does not fit its source or its field.
    """
    try:
        words = to_html(text, row.pieces)
        check_words(words, row.place)
    except (BrokenPiecesError, UnfitWordsError) as fault:
        raise SavingError(Attempt(text, str(fault))) from fault
    return words


def check_words(words: str, place: Place) -> None:
    """Raise UnfitWordsError for words that are no translation, or do not fit in their field."""
    if is_blank(words):
        raise UnfitWordsError(_("A blank text is no translation. Write one, or remove it."))
    if not is_storable(words):
        raise UnfitWordsError(_("The text has a character that cannot be stored."))
    shown = StringValue(words).render_text()
    try:
        for validate in place.validators:
            validate(shown)
    except ValidationError as fault:
        raise UnfitWordsError(" ".join(fault.messages)) from fault
