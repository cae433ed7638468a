"""Passages: the single texts of a page or entry, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from cms.text_search.folding import fold
from wagtail_delivery.extending import DocumentText

#: Last steps to a value that is an address or an identifier, and no text.
IDENTIFIERS = {"slug", "anchor"}
#: The field that names a section.
HEADING = "heading"


@dataclass(frozen=True)
class Passage:
    """One text, and where it stands."""

    #: Names of fields and types of blocks, from the outside in.
    steps: tuple[str, ...]
    #: Names of fields, ids of blocks and translation keys of rows, with dots.
    content_path: str
    text: str
    #: The heading of its section; empty without one.
    heading: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**vars(self)}


def from_json(value: dict[str, Any]) -> Passage:
    return Passage(**{**value, "steps": tuple(value["steps"])})


def text_of(passages: Iterable[Passage]) -> str:
    """All of the passages as they are compared."""
    return "\n".join(fold(passage.text) for passage in passages)


def published_passages(source: str, texts: Iterable[DocumentText]) -> list[Passage]:
    """The passages of the published document of `source`, whose texts are `texts`."""
    model = apps.get_model(source.partition(":")[0])
    found = [text for text in texts if text.steps[-1] not in IDENTIFIERS]
    headings = {
        text.content_path.rpartition(".")[0]: text.text
        for text in found
        if text.steps[-1] == HEADING
    }
    passages = [
        Passage(*_place(text), text.text, _heading(text.content_path, headings))
        for text in found
        if not _is_made_title(model, text)
    ]
    # A page without a title of its own for search engines has there the title that it has above.
    return list(dict.fromkeys(passages))


def _place(text: DocumentText) -> tuple[tuple[str, ...], str]:
    """The steps and the content path; the API has some texts elsewhere than the model."""
    if text.steps[0] == "meta":
        return (text.content_path,), text.content_path
    return text.steps, text.content_path or ".".join(text.steps)


def _heading(content_path: str, headings: dict[str, str]) -> str:
    return next((headings[path] for path in _above(content_path) if path in headings), "")


def _above(content_path: str) -> Iterator[str]:
    while content_path:
        content_path = content_path.rpartition(".")[0]
        yield content_path


def _is_made_title(model: type[Model], text: DocumentText) -> bool:
    """Whether this is a title that code makes of other texts, which are passages themselves."""
    names = {field.name for field in model._meta.get_fields()}
    return text.pointer == "/title" and "title" not in names
