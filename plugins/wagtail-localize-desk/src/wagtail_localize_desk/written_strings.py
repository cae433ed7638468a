"""Every translation that is written to wagtail-localize's table is recorded.

The editor's calls, imports, machine translation and other code all end in `StringTranslation`:
single rows are seen by signals, and many rows by the methods of its manager.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext as _
from wagtail_localize import models as upstream
from wagtail_localize.models import StringTranslation, Translation

from wagtail_localize_desk.kept_references import kept_references
from wagtail_localize_desk.models import Method, Reason, State, TranslatedString
from wagtail_localize_desk.source_changes import method_of, state_of
from wagtail_localize_desk.string_rows import Changes, acting_user, set_aside
from wagtail_localize_desk.wording import is_blank

_import_po = Translation.import_po
_cleanup = upstream.cleanup_translation_on_delete

#: The path and source words of an import's unfinished entries; None outside an import.
_unfinished: ContextVar[frozenset[tuple[str, str]] | None] = ContextVar("unfinished", default=None)
#: Whether wagtail-localize is deleting the strings of content that was deleted.
_is_cleaning_up: ContextVar[bool] = ContextVar("is_cleaning_up", default=False)


def record_written(pks: Iterable[Any], *, is_explicit: bool = True) -> None:
    """Record the translations with these primary keys as they are now.

    If they were written one by one (`is_explicit`), the same words confirm a translation that
    needed review.
    """
    with transaction.atomic():
        written = list(_details(StringTranslation._base_manager.filter(pk__in=list(pks))))
        rows, users = _rows_of(written), _users_of(written)
        changes = Changes()
        for each in written:
            row = rows.get(_key_of(each)) or _new_row(each)
            _record(row, each, users, is_explicit, changes)
        changes.save()
        blank = [each["pk"] for each in written if is_blank(each["data"])]
        if blank:
            StringTranslation._base_manager.filter(pk__in=blank).update(
                has_error=True, field_error=_("A blank text is no translation.")
            )


def _details(rows: models.QuerySet[StringTranslation]) -> Iterable[dict[str, Any]]:
    """What is recorded of translations, the oldest first: it is taken to be the one that is shown.

    PostgreSQL returns them in any order.
    """
    return (
        rows.exclude(context=None)
        .order_by("pk")
        .values(
            "pk",
            "data",
            "has_error",
            "translation_type",
            "tool_name",
            "last_translated_by",
            "context__object_id",
            "context__path",
            "translation_of__data",
            "translation_of__locale__language_code",
            "locale__language_code",
        )
    )


def _key_of(details: dict[str, Any]) -> tuple[Any, str, str, str]:
    return (
        details["context__object_id"],
        details["locale__language_code"],
        details["context__path"],
        details["translation_of__data"],
    )


def _rows_of(written: list[dict[str, Any]]) -> dict[tuple[Any, str, str, str], TranslatedString]:
    """The locked rows of the translations; one in use before one that was set aside."""
    found = TranslatedString.objects.select_for_update().filter(
        object_key__in={each["context__object_id"] for each in written},
        target_language__in={each["locale__language_code"] for each in written},
        path__in={each["context__path"] for each in written},
    )
    ordered = sorted(found, key=lambda row: (row.number is not None, row.pk))
    return {
        (row.object_key, row.target_language, row.path, row.source_words): row for row in ordered
    }


def _new_row(details: dict[str, Any]) -> TranslatedString:
    """A row for a string that the source does not have now."""
    row = TranslatedString(
        object_key=details["context__object_id"],
        source_language=details["translation_of__locale__language_code"],
        target_language=details["locale__language_code"],
    )
    row.set_source(details["context__path"], None, details["translation_of__data"])
    return row


def _record(
    row: TranslatedString,
    details: dict[str, Any],
    users: dict[int, Any],
    is_explicit: bool,
    changes: Changes,
) -> None:
    words = "" if is_blank(details["data"]) else details["data"]
    method, state, reason = _judge(row, details)
    if not words:
        state, reason = State.UNTRANSLATED, ""
    has_same_words = row.words == words
    is_approved = row.state == State.APPROVED and not details["has_error"]
    is_settled = is_approved or (row.state, row.reason) == (state, reason)
    if has_same_words and is_settled and (row.is_current or not words):
        return
    if has_same_words and not (is_explicit or details["has_error"]):
        return
    # The old translation of changed words is still that if only its error is recorded.
    is_kept = has_same_words and details["has_error"]
    made_from = row.made_from if is_kept else row.source_words
    entry = row.change(
        state,
        reason,
        method=method,
        user=users.get(details["last_translated_by"]) or acting_user(),
        words=words,
        made_from=made_from if words else "",
    )
    changes.keep(row, entry)


def _judge(row: TranslatedString, details: dict[str, Any]) -> tuple[str, str, str]:
    """By what a string was written, its state, and the reason for a review."""
    method = method_of(details["translation_type"], details["tool_name"])
    unfinished = _unfinished.get()
    if unfinished is not None and method == Method.HAND:
        method = Method.IMPORT
    state, reason = state_of(method)
    if details["has_error"]:
        state, reason = State.NEEDS_REVIEW, Reason.ERROR
    elif unfinished and (row.path, row.source_words) in unfinished:
        state, reason = State.NEEDS_REVIEW, Reason.IMPORT
    return method, state, reason


def _users_of(written: Iterable[dict[str, Any]]) -> dict[int, Any]:
    """The users whom wagtail-localize names as translators, by primary key."""
    user = acting_user()
    found = {user.pk: user} if user is not None else {}
    unknown = {each["last_translated_by"] for each in written} - {None, *found}
    if unknown:
        found |= get_user_model()._default_manager.in_bulk(list(unknown))
    return found


def record_removed(translation: StringTranslation) -> None:
    """Record that somebody removed the translation of a string."""
    if translation.context is None:
        return
    with transaction.atomic():
        details = {
            "context__object_id": translation.context.object_id,
            "context__path": translation.context.path,
            "locale__language_code": translation.locale.language_code,
            "translation_of__data": translation.translation_of.data,
        }
        row = _rows_of([details]).get(_key_of(details))
        if row is None or not row.words:
            return
        entry = row.change(
            State.UNTRANSLATED, method=Method.HAND, user=acting_user(), words="", made_from=""
        )
        changes = Changes()
        changes.keep(row, entry)
        changes.save()


# Single rows


def handle_saved(
    sender: type[Any],
    instance: StringTranslation,
    raw: bool = False,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    if raw or (update_fields is not None and not {"data", "has_error"} & {*update_fields}):
        return
    record_written([instance.pk])


def handle_deleted(
    sender: type[Any], instance: StringTranslation, origin: Any = None, **kwargs: Any
) -> None:
    """Somebody removed a translation, or it goes with something else that is deleted.

    In the second case its words are kept, to be offered when that comes again.
    """
    of_strings = getattr(origin, "model", type(origin)) is StringTranslation
    if of_strings and not _is_cleaning_up.get():
        record_removed(instance)


@functools.wraps(_cleanup)
def cleanup_translation_on_delete(instance: Any, **kwargs: Any) -> None:
    """Keep the strings of deleted content, and references to it, which upstream deletes."""
    token = _is_cleaning_up.set(True)
    try:
        with kept_references(instance):
            _cleanup(instance, **kwargs)
    finally:
        _is_cleaning_up.reset(token)
    set_aside(instance.translation_key, instance.locale.language_code)


# Many rows


class RecordingQuerySet(models.QuerySet[StringTranslation]):
    """wagtail-localize's table of translations, whose bulk changes send no signals."""

    def bulk_create(self, objs: Iterable[StringTranslation], *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            # Rows that took the place of others have no primary key here.
            written = models.Q(pk__in=[row.pk for row in made if row.pk is not None])
            for row in made:
                if row.pk is None:
                    written |= models.Q(
                        translation_of=row.translation_of_id,
                        locale=row.locale_id,
                        context=row.context_id,
                    )
            pks = StringTranslation._base_manager.filter(written).values_list("pk", flat=True)
            record_written(list(pks), is_explicit=False)
        return made

    def update(self, **fields: Any) -> int:
        if not {"data", "has_error"} & {*fields}:
            return super().update(**fields)
        with transaction.atomic():
            pks = list(self.values_list("pk", flat=True))
            changed = super().update(**fields)
            record_written(pks, is_explicit=False)
        return changed


RecordingManager = models.Manager.from_queryset(RecordingQuerySet, "RecordingManager")


# Imports


@functools.wraps(_import_po)
def import_po(translation: Translation, po: Any, *args: Any, **kwargs: Any) -> Any:
    """Import a PO file; its fuzzy entries need review."""
    with importing((entry.msgctxt, entry.msgid) for entry in po if entry.fuzzy):
        return _import_po(translation, po, *args, **kwargs)


@contextmanager
def importing(unfinished: Iterable[tuple[str, str]]) -> Iterator[None]:
    """A block in which translations are imported; those at `unfinished` need review."""
    token = _unfinished.set(frozenset(unfinished))
    try:
        yield
    finally:
        _unfinished.reset(token)


def register_signal_handlers() -> None:
    """Connect the signal handlers."""
    uid = "wagtail_localize_desk.written_strings"
    post_save.connect(handle_saved, sender=StringTranslation, dispatch_uid=uid)
    post_delete.connect(handle_deleted, sender=StringTranslation, dispatch_uid=uid)
