"""What is other in every database that has the same content: when it was published."""

from __future__ import annotations

from typing import Any

#: Members of a document's `meta`, each with what stands for it in examples. The version tells of
#: the moments too.
TIMES = {
    "version": "0123456789abcdef01234567",
    "first_published_at": "2026-01-02T03:04:05Z",
    "last_published_at": "2026-01-02T03:04:05Z",
}


def normalised(document: dict[str, Any]) -> dict[str, Any]:
    """`document` as it would be in any database."""
    meta = document["meta"]
    return document | {"meta": meta | {name: TIMES[name] for name in TIMES if meta.get(name)}}
