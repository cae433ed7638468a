"""XLIFF 1.2: a `trans-unit` for each string."""

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

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
#: States of a `target` that is not done; one without a state, or with another, is.
UNFINISHED = frozenset(
    (
        "new",
        "needs-adaptation",
        "needs-l10n",
        "needs-review-adaptation",
        "needs-review-l10n",
        "needs-review-translation",
        "needs-translation",
    )
)
STATES = {
    State.NEEDS_REVIEW: "needs-review-translation",
    State.TRANSLATED: "translated",
    State.APPROVED: "final",
}
_TYPES = {"b": "bold", "strong": "bold", "em": "italic", "i": "italic", "a": "link"}
_CHARACTER = re.compile(r"char-([0-9A-F]{4,6})-\d+")


def _line_break(number: int) -> str:
    return start_tag("x", {"id": f"lb-{number}", "ctype": "lb"}, is_empty=True)


def _character(character: str, number: int) -> str:
    identity = f"char-{ord(character):04X}-{number}"
    return start_tag("x", {"id": identity, "ctype": "x-character"}, is_empty=True)


def _character_of(found: Element) -> str:
    code = _CHARACTER.fullmatch(found.attributes.get("id", "")) if found.name == "x" else None
    return chr(int(code[1], 16)) if code and int(code[1], 16) <= 0x10FFFF else ""


NAMES = InlineNames(
    paired="g",
    single=frozenset(("x",)),
    transparent=frozenset(("mrk",)),
    line_break=_line_break,
    character=_character,
    character_of=_character_of,
    starts=("bx", "rid"),
    ends=("ex", "rid"),
)


class Xliff1(XliffFormat):
    """XLIFF 1.2."""

    key = "xliff-1.2"
    name = "XLIFF 1.2"
    namespace = NAMESPACE
    versions = frozenset(("1.2",))

    def _check_file(self, file: Element, translation: Translation) -> None:
        super()._check_file(file, translation)
        source, target = translation.source.locale, translation.target_locale
        found = file.attributes
        check_language(file.line, found.get("source-language"), source.language_code)
        check_language(file.line, found.get("target-language"), target.language_code)

    def _entry(self, unit: Element) -> Entry:
        source = source_of_unit(unit, list(unit.children("source")), NAMES)
        target = unit.child("target")
        read = read_text([target] if target is not None else [], NAMES)
        state = target.attributes.get("state", "") if target is not None else ""
        return Entry(
            line=unit.line,
            context=unit.attributes.get("resname", ""),
            source=source,
            text=read.text,
            is_finished=unit.attributes.get("approved") == "yes" or state not in UNFINISHED,
            fault=read.fault,
        )

    def _document(self, translation: Translation, strings: Sequence[ExportedString]) -> str:
        file = {
            "original": str(translation.uuid),
            "source-language": translation.source.locale.language_code,
            "target-language": translation.target_locale.language_code,
            "datatype": "html",
        }
        units = (_unit(each) for each in strings)
        body = element("body", {}, ("\n", *units))
        root = {"xmlns": NAMESPACE, "version": "1.2"}
        return element("xliff", root, ("\n", element("file", file, ("\n", body, "\n")), "\n"))


def _unit(each: ExportedString) -> str:
    string = each.row.string
    attributes = {
        "id": str(string.pk),
        "resname": string.path,
        "approved": "yes" if string.state == State.APPROVED else "no",
        "xml:space": "preserve",
    }
    return element("trans-unit", attributes, _parts(each)) + "\n"


def _parts(each: ExportedString) -> Iterator[str]:
    row = each.row
    piece = piece_attributes(row, _attributes)
    yield element("source", {}, [to_xml(row.source, NAMES, piece)])
    if row.string.words:
        target = {"state": STATES[State(row.string.state)]}
        yield element("target", target, [to_xml(row.saved_text, NAMES, piece)])
    yield element("note", {"from": "place"}, [escaped(visible(each.place))])
    for number, text in row.described_pieces:
        yield element("note", {"from": f"g {number.number}"}, [escaped(visible(text))])


def _attributes(piece: Piece, description: str) -> dict[str, str]:
    return {"id": str(piece.number), "ctype": _TYPES.get(piece.tag, f"x-html-{piece.tag}")}
