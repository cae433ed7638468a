"""The handbooks' files, read as pages: sections have anchors, the same in both languages.

A line `<a id="table"></a>` before a heading names its section. GitHub shows the file with the same
anchors.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

#: The handbooks: the names of their files, and of the folders of their pictures.
OFFICERS, TRANSLATORS = BOOKS = ("officers", "translators")
#: For each language the end of its files' names.
ENDINGS = {"ms": ".ms.md", "en": ".md"}
ANCHOR = re.compile(r'<a id="([a-z-]+)"></a>')


@dataclass(frozen=True)
class Section:
    """A heading of a handbook."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Handbook:
    """A handbook in one language."""

    title: str
    sections: Sequence[Section]
    html: SafeString


def folder() -> Path:
    """Where the handbooks' files are."""
    return Path(settings.BASE_DIR) / "docs"


def files() -> list[Path]:
    """The files of all handbooks in all languages, whether or not they are there."""
    return [folder() / f"{book}{ending}" for book in BOOKS for ending in ENDINGS.values()]


def picture(book: str, name: str) -> Path | None:
    """The file of a picture of a handbook; None if there is none."""
    file = folder() / book / f"{name}.png"
    return file if file.is_file() else None


@functools.cache
def handbook(book: str, language: str) -> Handbook:
    """A handbook in `language`, else in Malay. It is read once: the files come with the code."""
    file = folder() / f"{book}{ENDINGS.get(language, ENDINGS['ms'])}"
    text = file.read_text(encoding="utf-8")
    # Without HTML: what is in the file is text, and the anchors are read below.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = list(_with_anchors(markdown.parse(text)))
    _size_pictures(book, tokens)
    title, body = tokens[1].content, tokens[3:]
    html = markdown.renderer.render(body, markdown.options, {})
    return Handbook(title, tuple(_sections(body)), mark_safe(html))  # noqa: S308 - our own file


def _with_anchors(tokens: Sequence[Token]) -> Iterator[Token]:
    """Move each anchor from its paragraph to the heading that follows."""
    anchor = ""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        found = token.type == "paragraph_open" and ANCHOR.fullmatch(tokens[position + 1].content)
        if found:
            anchor = found[1]
            position += 3
            continue
        if token.type == "heading_open" and anchor:
            token.attrSet("id", anchor)
            anchor = ""
        yield token
        position += 1


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            yield Section(str(heading.attrGet("id") or ""), words.content)


def _size_pictures(book: str, tokens: Sequence[Token]) -> None:
    """Give pictures their size, so that the text does not jump while they load."""
    for token in chain.from_iterable(block.children or () for block in tokens):
        if token.type != "image":
            continue
        file = picture(book, Path(str(token.attrGet("src"))).stem)
        if file is not None:
            with Image.open(file) as opened:
                token.attrSet("width", str(opened.width))
                token.attrSet("height", str(opened.height))
            token.attrSet("loading", "lazy")
