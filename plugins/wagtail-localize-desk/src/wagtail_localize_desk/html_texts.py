"""All that people read in HTML: its text, and attributes such as the `alt` of a picture.

wagtail-localize leaves attributes out, fails on tags with attributes in a sentence, and writes
HTML that nobody has translated in another form than its source has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag
from wagtail_localize import strings as upstream
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.strings import INLINE_TAGS, StringValue

#: A string and the attributes of its tags, by wagtail-localize's id of a tag.
Found = tuple[StringValue, dict[str, Any]]
Extract = Callable[[str], tuple[str, list[Found]]]
Restore = Callable[[str, list[Found]], str]

#: Attributes that are shown or read out.
TEXT_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder")
#: In the attributes that go with a string, the name of the attribute that it is itself.
ATTRIBUTE = "attribute"
#: In a template, before the name of an attribute whose value is the number of its string.
MARK = "data-wagtail-localize-desk-"
#: In raw HTML, elements with code or drawings, whose text is none.
OPAQUE = ("script", "style", "svg", "math", "template", "textarea")
_HIDDEN = re.compile(rf'<embed {MARK}hidden="(\d+)"/>')

_extract_strings = upstream.extract_strings
_restore_strings = upstream.restore_strings
_validate_element = upstream.validate_element


class PlacedStringValue(StringSegmentValue):  # type: ignore[misc]
    """A string; one from an attribute has a path of its own, below that of its text.

    So the strings of a rich text are those of its sentences, in their order.
    """

    def __init__(self, path: str, string: Any, attrs: Any = None, **kwargs: Any) -> None:
        attribute = (attrs or {}).get(ATTRIBUTE, {}).get(ATTRIBUTE)
        if attribute:
            path, attrs = (f"{path}.{attribute}" if path else attribute), None
        super().__init__(path, string, attrs=attrs, **kwargs)


# Strings


def extract_strings(html: str | None) -> tuple[str, list[Found]]:
    """The template and the strings of a rich text; those of attributes come last."""
    template, found = _extract_strings(html)
    if not any(f"{name}=" in template for name in TEXT_ATTRIBUTES):
        return template, found
    soup = BeautifulSoup(template, "html.parser")
    for tag in soup.find_all(True):
        if isinstance(tag, Tag):
            tag.attrs = dict(_marked(tag, found))
    return str(soup), found


def _marked(tag: Tag, found: list[Found]) -> Iterator[tuple[str, Any]]:
    """The attributes of a tag; texts among them are numbers of strings, added to `found`."""
    for name, value in tag.attrs.items():
        if name in TEXT_ATTRIBUTES and isinstance(value, str) and value.strip():
            found.append((StringValue.from_plaintext(value), {ATTRIBUTE: {ATTRIBUTE: name}}))
            yield f"{MARK}{name}", str(len(found) - 1)
        else:
            yield name, value


def restore_strings(template: str, found: list[Found]) -> str:
    """The template with its strings; the reverse of `extract_strings`."""
    html: str = _restore_strings(template, found)
    if MARK not in template:
        return html
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(True):
        if isinstance(tag, Tag):
            tag.attrs = dict(_unmarked(tag, found))
    return str(soup)


def _unmarked(tag: Tag, found: list[Found]) -> Iterator[tuple[str, Any]]:
    for name, value in tag.attrs.items():
        number = str(value)
        is_mark = name.removeprefix(MARK) in TEXT_ATTRIBUTES and name.startswith(MARK)
        if is_mark and number.isdecimal() and int(number) < len(found):
            yield name.removeprefix(MARK), found[int(number)][0].render_text()
        else:
            yield name, value


def extract_raw(html: str) -> tuple[str, list[Found]]:
    """The template and the strings of raw HTML, which may have code and comments."""
    shown, hidden = _hide(html)
    template, found = extract_strings(shown)
    return _show(template, hidden), found


def restore_raw(template: str, found: list[Found]) -> str:
    """The template of raw HTML with its strings."""
    shown, hidden = _hide(template)
    return _show(restore_strings(shown, found), hidden)


def _hide(html: str) -> tuple[str, list[str]]:
    """HTML with placeholders for what is no text, and what they stand for."""
    soup = BeautifulSoup(html, "html.parser")
    hidden: list[str] = []
    for node in list(soup.descendants):
        is_code = isinstance(node, Tag) and node.name in OPAQUE
        is_comment = isinstance(node, PreformattedString)
        if not (is_code or is_comment) or _is_within(node, OPAQUE):
            continue
        written = node.output_ready() if isinstance(node, NavigableString) else str(node)
        node.replace_with(soup.new_tag("embed", attrs={f"{MARK}hidden": str(len(hidden))}))
        hidden.append(written)
    return str(soup), hidden


def _is_within(node: Any, names: tuple[str, ...]) -> bool:
    return any(parent.name in names for parent in node.parents)


def _show(html: str, hidden: list[str]) -> str:
    return _HIDDEN.sub(lambda found: hidden[int(found[1])], html)


def same_bytes(original: str, restored: str, extract: Extract, restore: Restore) -> str:
    """`restored`, or `original` where nothing was translated: it may be written otherwise."""
    return original if restored == restore(*extract(original)) else restored


# What strings may have


def validate_element(element: Any) -> None:
    """Raise ValueError for tags that strings cannot have, and for attributes other than an id.

    wagtail-localize takes the attributes of all tags out of a string and gives them an id, but
    refuses it then on all tags but links.
    """
    if not isinstance(element, Tag):
        return
    is_inline = element.name in INLINE_TAGS and set(element.attrs) <= {"id"}
    if element.name != "[document]" and not is_inline:
        _validate_element(element)
    for child in element.children:
        validate_element(child)


def extract_ids(html: str) -> set[str]:
    """The ids of all tags of a string; a translation may have no others."""
    soup = BeautifulSoup(html, "html.parser")
    return {str(tag.attrs["id"]) for tag in soup.find_all(True) if "id" in tag.attrs}
