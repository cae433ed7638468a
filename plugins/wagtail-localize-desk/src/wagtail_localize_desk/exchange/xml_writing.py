"""Writing XML: escaped, and so that every character comes back as it was."""

from __future__ import annotations

from collections.abc import Iterable

_IN_TEXT = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_IN_VALUE = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def escaped(text: str) -> str:
    """Text between tags. A carriage return would be read as a line feed."""
    return text.translate(_IN_TEXT)


def start_tag(name: str, attributes: dict[str, str], *, is_empty: bool = False) -> str:
    """A tag that begins an element, or is one."""
    written = "".join(f' {key}="{value.translate(_IN_VALUE)}"' for key, value in attributes.items())
    return f"<{name}{written}{'/' if is_empty else ''}>"


def element(name: str, attributes: dict[str, str], content: Iterable[str] = ()) -> str:
    """An element; `content` is XML already."""
    inside = "".join(content)
    if not inside:
        return start_tag(name, attributes, is_empty=True)
    return f"{start_tag(name, attributes)}{inside}</{name}>"


def document(root: str) -> bytes:
    """A document in UTF-8."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


def is_xml_character(character: str) -> bool:
    """Whether XML 1.0 may have the character, escaped or not."""
    code = ord(character)
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )


def visible(text: str) -> str:
    """Text for people, without characters that XML cannot have."""
    return "".join(character for character in text if is_xml_character(character))
