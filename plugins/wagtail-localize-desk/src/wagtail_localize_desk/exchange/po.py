"""PO files: `msgctxt` is the content path, and fuzzy entries need review."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from typing import Any

import polib
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail_localize.models import Translation

from wagtail_localize_desk.exchange.entries import (
    Entry,
    ExportedString,
    FileError,
    Kind,
    line_at,
)
from wagtail_localize_desk.models import State
from wagtail_localize_desk.screen.protected_pieces import from_html
from wagtail_localize_desk.screen.rows import StringRow

#: The line of the header that names the translation; wagtail-localize's name.
IDENTITY = "X-WagtailLocalize-TranslationID"
BOM = b"\xef\xbb\xbf"

_SYNTAX_ERROR_LINE = re.compile(r"\(line (\d+)\)")
_CHARSET = re.compile(r"charset=([^\s;]*)", re.IGNORECASE)


class PoFormat:
    """PO files, with strings as wagtail-localize stores them."""

    key = "po"
    name = "PO file"
    extension = "po"
    content_type = "text/x-gettext-translation"

    def read(self, content: bytes, translation: Translation) -> list[Entry]:
        _check_text(content)
        catalogue = _parsed(content)
        _check_header(catalogue.metadata, translation)
        return [
            Entry(
                line=entry.linenum or 1,
                context=entry.msgctxt or "",
                source=entry.msgid,
                text=" / ".join(entry.msgstr_plural.values()) or entry.msgstr,
                is_finished=not entry.fuzzy,
                kind=_kind_of(entry),
            )
            for entry in catalogue
        ]

    def write(
        self,
        translation: Translation,
        strings: Sequence[ExportedString],
        former: Sequence[Any] = (),
    ) -> bytes:
        return str(catalogue_of(translation, strings, former)).encode()

    def source_of(self, row: StringRow) -> str:
        return str(row.string.source_words)

    def text_of(self, row: StringRow) -> str:
        return str(row.string.words)

    def words_of(self, text: str, row: StringRow, *, is_rich: bool) -> str:
        return from_html(text, row.pieces, keep_lines=not is_rich)


def catalogue_of(
    translation: Translation, strings: Sequence[ExportedString], former: Sequence[Any] = ()
) -> polib.POFile:
    """The strings of a translation, and as obsolete entries those that it had."""
    catalogue = polib.POFile(wrapwidth=200)
    catalogue.metadata = {
        "POT-Creation-Date": str(timezone.now()),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": translation.target_locale.language_code,
        IDENTITY: str(translation.uuid),
    }
    for each in strings:
        string = each.row.string
        needs_review = string.state == State.NEEDS_REVIEW
        is_stale = needs_review and string.made_from and not string.is_current
        catalogue.append(
            polib.POEntry(
                msgctxt=string.path,
                msgid=string.source_words,
                msgstr=string.words,
                comment=each.place,
                flags=["fuzzy"] if needs_review else [],
                previous_msgid=string.made_from if is_stale else None,
            )
        )
    for string in former:
        catalogue.append(
            polib.POEntry(
                msgctxt=string.path, msgid=string.source_words, msgstr=string.words, obsolete=True
            )
        )
    return catalogue


def _kind_of(entry: polib.POEntry) -> Kind:
    if entry.obsolete:
        return Kind.OBSOLETE
    return Kind.PLURAL if entry.msgid_plural or entry.msgstr_plural else Kind.TRANSLATION


def _check_text(content: bytes) -> None:
    """Raise FileError for bytes that are not UTF-8, and for NUL, which databases refuse."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise FileError(
            _("Line %(line)d is not in UTF-8. Save the file in this encoding.")
            % {"line": line_at(content, error.start)}
        ) from error
    if b"\x00" in content:
        raise FileError(
            _("Line %(line)d has a character that cannot be stored (NUL).")
            % {"line": line_at(content, content.index(b"\x00"))}
        )


def _parsed(content: bytes) -> polib.POFile:
    # polib takes a string for a path if there is such a file, so it gets a path.
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "upload.po")
        with open(path, "wb") as file:
            file.write(content.removeprefix(BOM))
        try:
            return polib.pofile(path, encoding="utf-8")
        except OSError as error:  # polib's error of syntax
            found = _SYNTAX_ERROR_LINE.search(str(error))
            if found is None:
                raise
            raise FileError(
                _("Line %(line)d is not in the format of PO files.") % {"line": int(found[1])}
            ) from error


def _check_header(header: dict[str, str], translation: Translation) -> None:
    """Raise FileError if the header names another translation or none, or another encoding."""
    identity = header.get(IDENTITY)
    if not identity:
        raise FileError(
            _(
                "The header has no line “%(name)s”, which says what it translates. Export the PO "
                "file again, and keep its header."
            )
            % {"name": IDENTITY}
        )
    charset = _CHARSET.search(header.get("Content-Type", ""))
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        raise FileError(
            _("The header says that the file is in %(charset)s. Save the file in UTF-8.")
            % {"charset": charset[1] or "?"}
        )
    if identity != str(translation.uuid):
        raise FileError(_("The file is of another translation. Upload it there."))
