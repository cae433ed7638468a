"""XLIFF 2.1, and 2.0, which has the same core: a `unit` with a `segment` for each string."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wagtail_localize.models import Translation

from wagtail_localize_desk.exchange.entries import Entry, ExportedString
from wagtail_localize_desk.exchange.inline_codes import InlineNames, to_xml
from wagtail_localize_desk.exchange.xliff import (
    XliffFormat,
    check_language,
    piece_attributes,
    read_text,
    source_of_unit,
)
from wagtail_localize_desk.exchange.xml_reading import Element
from wagtail_localize_desk.exchange.xml_writing import element, escaped, start_tag, visible
from wagtail_localize_desk.models import State
from wagtail_localize_desk.screen.protected_pieces import Piece

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
#: The state of a segment that is not done, and of one without a state.
INITIAL = "initial"
STATES = {
    State.UNTRANSLATED: {"state": INITIAL},
    State.NEEDS_REVIEW: {"state": INITIAL, "subState": "desk:needs-review"},
    State.TRANSLATED: {"state": "translated"},
    State.APPROVED: {"state": "final"},
}
_TYPES = {
    "a": {"type": "link"},
    "b": {"type": "fmt", "subType": "xlf:b"},
    "strong": {"type": "fmt", "subType": "xlf:b"},
    "i": {"type": "fmt", "subType": "xlf:i"},
    "em": {"type": "fmt", "subType": "xlf:i"},
}


def _line_break(number: int) -> str:
    attributes = {"id": f"lb-{number}", "type": "fmt", "subType": "xlf:lb"}
    return start_tag("ph", attributes, is_empty=True)


def _character(character: str, number: int) -> str:
    return start_tag("cp", {"hex": f"{ord(character):04X}"}, is_empty=True)


def _character_of(found: Element) -> str:
    code = found.attributes.get("hex", "") if found.name == "cp" else ""
    known = re.fullmatch(r"[0-9A-Fa-f]{4,6}", code) and int(code, 16) <= 0x10FFFF
    return chr(int(code, 16)) if known else ""


NAMES = InlineNames(
    paired="pc",
    single=frozenset(("ph",)),
    transparent=frozenset(("mrk", "sm", "em")),
    line_break=_line_break,
    character=_character,
    character_of=_character_of,
    starts=("sc", "id"),
    ends=("ec", "startRef"),
)


class Xliff2(XliffFormat):
    """XLIFF 2.1."""

    key = "xliff-2.1"
    name = "XLIFF 2.1"
    namespace = NAMESPACE
    versions = frozenset(("2.0", "2.1"))

    def _check_languages(self, root: Element, translation: Translation) -> None:
        source, target = translation.source.locale, translation.target_locale
        check_language(root.line, root.attributes.get("srcLang"), source.language_code)
        check_language(root.line, root.attributes.get("trgLang"), target.language_code)

    def _entry(self, unit: Element) -> Entry:
        # A program may have divided the text; between segments there may be spaces to ignore.
        parts = list(unit.children("segment", "ignorable"))
        sources = [source for part in parts for source in part.children("source")]
        segments = [part for part in parts if part.name == "segment"]
        read = read_text(_targets(parts), NAMES)
        states = {segment.attributes.get("state", INITIAL) for segment in segments}
        return Entry(
            line=unit.line,
            context=unit.attributes.get("name", ""),
            source=source_of_unit(unit, sources, NAMES),
            text=read.text,
            is_finished=INITIAL not in states,
            fault=read.fault,
        )

    def _document(self, translation: Translation, strings: Sequence[ExportedString]) -> str:
        root = {
            "xmlns": NAMESPACE,
            "version": "2.1",
            "srcLang": translation.source.locale.language_code,
            "trgLang": translation.target_locale.language_code,
        }
        # No program divides a string: its parts would be translated apart.
        file = {"id": "strings", "original": str(translation.uuid), "canResegment": "no"}
        units = (_unit(each) for each in strings)
        return element("xliff", root, ("\n", element("file", file, ("\n", *units)), "\n"))


def _targets(parts: Sequence[Element]) -> list[Element]:
    """The targets of a unit's segments in the order that they say; none if one has none."""
    found = []
    for number, part in enumerate(parts, start=1):
        target = part.child("target")
        if target is None and part.name == "segment":
            return []
        shown = target if target is not None else part.child("source")
        if shown is not None:
            order = shown.attributes.get("order", "")
            found.append((int(order) if re.fullmatch(r"\d{1,6}", order) else number, shown))
    return [target for _order, target in sorted(found, key=lambda pair: pair[0])]


def _unit(each: ExportedString) -> str:
    attributes = {"id": str(each.row.string.pk), "name": each.row.string.path}
    return element("unit", attributes, _parts(each)) + "\n"


def _parts(each: ExportedString) -> Iterator[str]:
    row = each.row
    place = element("note", {"category": "place"}, [escaped(visible(each.place))])
    yield element("notes", {}, [place])
    piece = piece_attributes(row, _attributes)
    space = {"xml:space": "preserve"}
    texts = [element("source", space, [to_xml(row.source, NAMES, piece)])]
    if row.string.words:
        texts.append(element("target", space, [to_xml(row.saved_text, NAMES, piece)]))
    yield element("segment", STATES[State(row.string.state)], texts)


def _attributes(piece: Piece, description: str) -> dict[str, str]:
    return {
        "id": str(piece.number),
        **_TYPES.get(piece.tag, {"type": "other", "subType": f"html:{piece.tag}"}),
        "canCopy": "no",
        "canDelete": "no",
        "dispStart": visible(description),
    }
