"""What both versions of XLIFF have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail_localize.models import Translation

from wagtail_localize_desk.exchange.entries import Entry, ExportedString, FileError
from wagtail_localize_desk.exchange.inline_codes import InlineNames, UnreadableTextError, to_text
from wagtail_localize_desk.exchange.xml_reading import Element
from wagtail_localize_desk.exchange.xml_writing import document
from wagtail_localize_desk.screen.protected_pieces import Piece, description, to_html
from wagtail_localize_desk.screen.rows import StringRow


class XliffFormat:
    """A version of XLIFF; texts are those of the screen, with tokens for pieces."""

    key: str
    name: str
    extension = "xlf"
    content_type = "application/xliff+xml"
    namespace: str
    versions: frozenset[str]

    def entries(self, root: Element, translation: Translation) -> list[Entry]:
        """The entries of a document that it reads; raises FileError."""
        self._check_languages(root, translation)
        files = list(root.children("file"))
        if not files:
            raise not_xliff(root)
        for file in files:
            self._check_file(file, translation)
        return [self._entry(unit) for file in files for unit in units_in(file)]

    def reads(self, root: Element) -> bool:
        """Whether a document is of this version."""
        return (root.namespace, root.name) == (self.namespace, "xliff") and root.attributes.get(
            "version"
        ) in self.versions

    def write(
        self,
        translation: Translation,
        strings: Sequence[ExportedString],
        former: Sequence[Any] = (),
    ) -> bytes:
        return document(self._document(translation, strings))

    def source_of(self, row: StringRow) -> str:
        return row.source

    def text_of(self, row: StringRow) -> str:
        return row.saved_text

    def words_of(self, text: str, row: StringRow, *, is_rich: bool) -> str:
        return to_html(text, row.pieces)

    def _check_languages(self, root: Element, translation: Translation) -> None:
        """Raise FileError if the root names other languages than the translation's."""

    def _check_file(self, file: Element, translation: Translation) -> None:
        """Raise FileError if a `file` is of another translation or of other languages."""
        if "original" not in file.attributes:
            raise FileError(
                _(
                    "Line %(line)d does not say which translation the file is of (“original”). "
                    "Download the file again, and keep this."
                )
                % {"line": file.line}
            )
        if file.attributes["original"] != str(translation.uuid):
            raise FileError(
                _("Line %(line)d: the file is of another translation. Upload it there.")
                % {"line": file.line}
            )

    def _document(self, translation: Translation, strings: Sequence[ExportedString]) -> str:
        raise NotImplementedError

    def _entry(self, unit: Element) -> Entry:
        raise NotImplementedError


def not_xliff(root: Element) -> FileError:
    return FileError(
        _("Line %(line)d does not begin a file of XLIFF 1.2, 2.0 or 2.1.") % {"line": root.line}
    )


def units_in(element: Element) -> Iterator[Element]:
    """The units of strings in an element and its groups."""
    for child in element.children("body", "group", "trans-unit", "unit"):
        if child.name in ("trans-unit", "unit"):
            yield child
        else:
            yield from units_in(child)


def check_language(line: int, found: str | None, wanted: str) -> None:
    """Raise FileError if a file is of another language than `wanted`, or of a variant of it."""
    if found is None:
        return
    language, expected = found.lower(), wanted.lower()
    if language != expected and not language.startswith(f"{expected}-"):
        raise FileError(
            _("Line %(line)d: the language is “%(found)s”, and should be “%(wanted)s”.")
            % {"line": line, "found": found, "wanted": wanted}
        )


@dataclass(frozen=True)
class ReadText:
    """A text of a file, or why it cannot be read."""

    text: str
    fault: str = ""


def read_text(elements: Sequence[Element], names: InlineNames) -> ReadText:
    """The text of one or several elements in their order."""
    try:
        return ReadText("".join(to_text(element, names) for element in elements))
    except UnreadableTextError as error:
        plain = "".join(_plain(element) for element in elements)
        return ReadText(plain, str(error))


def _plain(element: Element) -> str:
    return "".join(part if isinstance(part, str) else _plain(part) for part in element.content)


def source_of_unit(unit: Element, sources: Sequence[Element], names: InlineNames) -> str:
    """The source of a unit; raises FileError without one."""
    if not sources:
        raise FileError(_("Line %(line)d has a string without a source.") % {"line": unit.line})
    return read_text(sources, names).text


def piece_attributes(
    row: StringRow, attributes: Callable[[Piece, str], dict[str, str]]
) -> Callable[[int], dict[str, str]]:
    """For `to_xml`: the attributes of a piece of a string by its number."""
    pieces = {piece.number: piece for piece in row.pieces}

    def of(number: int) -> dict[str, str]:
        piece = pieces[number]
        return attributes(piece, description(piece, row.attrs))

    return of
