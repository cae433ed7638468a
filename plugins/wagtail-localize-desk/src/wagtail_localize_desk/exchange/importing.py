"""Writing what a file changes: all of it in one transaction, and only what somebody has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from wagtail_localize.models import Translation, TranslationSource

from wagtail_localize_desk.exchange.comparison import Change, Comparison, compare
from wagtail_localize_desk.exchange.entries import Entry, FileFormat
from wagtail_localize_desk.models import Method, Reason, TranslatedString
from wagtail_localize_desk.string_rows import Changes
from wagtail_localize_desk.upstream_strings import with_upstream, write_upstream


class SeenOtherwiseError(Exception):
    """Strings are not what they were when their change was confirmed; nothing was written."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self.comparison = comparison


def import_entries(
    file_format: FileFormat,
    entries: Sequence[Entry],
    translation: Translation,
    model: type[Any],
    user: Any,
    seen: Mapping[str, str],
) -> Comparison:
    """Write the changes of a file whose comparison `user` has confirmed.

    `seen` has the version of each string then. If another is true now, raises SeenOtherwiseError
    with what the file would change now. Unfinished entries need review. Who imports words counts as
    who wrote them.
    """
    with transaction.atomic():
        # In the order in which a publication of the source locks them.
        for locked in (
            TranslationSource.objects.filter(pk=translation.source_id),
            TranslatedString.objects.filter(
                object_key=translation.source.object_id,
                target_language=translation.target_locale.language_code,
            ).order_by("pk"),
        ):
            list(locked.select_for_update().values("pk"))
        comparison = compare(file_format, entries, translation, model)
        if comparison.mark_moved_on(seen):
            raise SeenOtherwiseError(comparison)
        _write(comparison.changes, user, file_format.name)
    return comparison


def _write(changes: Sequence[Change], user: Any, tool: str) -> None:
    by_key = {change.row.string.pk: change for change in changes}
    strings = list(with_upstream(TranslatedString.objects.filter(pk__in=by_key)))
    saved = Changes()
    for string in strings:
        change = by_key[string.pk]
        reason = "" if change.entry.is_finished else Reason.IMPORT
        entry = string.change(
            change.new_state, reason, method=Method.IMPORT, user=user, words=change.words
        )
        saved.keep(string, entry)
    saved.save()
    write_upstream(strings, user, tool)
