"""The texts of stored documents, each with its place: for a search that tells where a text stands.

The compiler records where a document's own texts are, as it alone knows which strings people read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal

from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.store.routes import chunks

#: Sent in the publish transaction with `sources` (each "app.model:pk"), after their documents were
#: written or removed. A receiver that raises undoes the publish.
documents_changed = Signal()
#: The members of a block of a StreamField.
BLOCK = {"type", "id", "value"}


#: Deflate without a header.
_RAW = -zlib.MAX_WBITS


@dataclass(frozen=True)
class DocumentText:
    """One text of a document, as readers get it; of rich text, its plain text."""

    #: Its JSON pointer in the document.
    pointer: str
    #: Its content path: field names, block ids and translation keys of inline children, with dots.
    content_path: str
    #: The names of members and the types of blocks that lead to it.
    steps: tuple[str, ...]
    text: str


def texts_of(document: PublishedDocument) -> Iterator[DocumentText]:
    """The texts of `document`, in the order in which they are read; none twice.

    Those of cards and other embedded content are not among them: they stand in documents of their
    own.
    """
    body = json.loads(bytes(document.body))
    seen: set[tuple[str, str]] = set()
    for pointer, content_path in unpack_texts(document) or ():
        try:
            steps, text = _follow(body, pointer)
        except (LookupError, TypeError, ValueError):
            # Recorded before its part of the document turned out to be missing, such as a picture.
            continue
        if text.strip() and (content_path, text) not in seen:
            seen.add((content_path, text))
            yield DocumentText(pointer, content_path, tuple(steps), text)


def pack_texts(texts: list[list[str]], body: bytes) -> bytes:
    """The JSON pointer and the content path of each text, for the database.

    Nearly all their words are in the body as well, so its last 32 kB serve as the dictionary.
    """
    if not texts:
        return b""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, zdict=body)
    return packer.compress(to_json(texts)) + packer.flush()


def unpack_texts(document: PublishedDocument) -> list[list[str]] | None:
    """What `pack_texts` has packed; None if that was with another body."""
    if not document.texts:
        return []
    packer = zlib.decompressobj(_RAW, zdict=bytes(document.body))
    try:
        found: list[list[str]] = json.loads(packer.decompress(bytes(document.texts)))
    except (zlib.error, ValueError):
        return None
    return found


def published_texts(sources: Iterable[str]) -> dict[str, list[DocumentText]]:
    """The texts of the published documents of `sources`; none for those without. Few queries."""
    found: dict[str, list[DocumentText]] = {}
    for chunk in chunks(sources):
        rows = PublishedDocument.objects.filter(source__in=chunk).order_by("pk")
        found.update({source: [] for source in chunk})
        for document in rows.only("source", "body", "texts"):
            found[document.source] += texts_of(document)
    return found


def _follow(value: Any, pointer: str) -> tuple[list[str], str]:
    """The steps to what `pointer` names in the document `value`, and its text."""
    steps: list[str] = []
    for escaped in pointer.split("/")[1:]:
        step = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            value = value[int(step)]
            if _is_block(value):
                steps.append(value["type"])
        else:
            if not (step == "value" and _is_block(value)):
                steps.append(step)
            value = value[step]
    if isinstance(value, dict):
        value = value.get("text")
    return steps, str(value or "")


def _is_block(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == BLOCK
