"""Making the store again from published content, and proving that it is what that would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cms.headless import store
from cms.headless.models import Document
from cms.headless.publication import publishing
from cms.headless.routes import place_redirects
from cms.headless.site_documents import site_sources
from cms.headless.surroundings import Surroundings

#: How many documents are made in one transaction.
BATCH = 100


@dataclass(frozen=True)
class Difference:
    """One way in which the store is not what published content gives."""

    source: str
    what: str


def every_source() -> list[str]:
    """All that may have a document or has one, each once, in a fixed order."""
    sources = [*store.all_sources(), *site_sources()]
    known = set(sources)
    return sources + sorted(store.stored_sources() - known)


def rebuild() -> Iterator[tuple[int, int, int]]:
    """Compile everything; yields (done, of how many, written so far) after each batch.

    Documents that are as they should be stay as they are, without an entry in the change log.
    Editors' redirects are given their addresses too.
    """
    sources = every_source()
    written = 0
    for start in range(0, len(sources), BATCH):
        with publishing():
            store.lock_publishing()
            surroundings = Surroundings()
            for source in sources[start : start + BATCH]:
                written += store.put_source(source, surroundings)
        yield min(start + BATCH, len(sources)), len(sources), written
    with publishing():
        store.lock_publishing()
        place_redirects(Surroundings())


def verify() -> Iterator[Difference]:
    """How the store differs, byte for byte, from what a rebuild would make of it."""
    surroundings = Surroundings()
    for source in every_source():
        compiled = store.compile_source(source, surroundings)
        stored = list(Document.objects.filter(source=source))
        if compiled is None:
            yield from (Difference(source, f"{document} must not be there") for document in stored)
            continue
        match = [
            document for document in stored if store.identity(document) == store.identity(compiled)
        ]
        yield from (
            Difference(source, f"{document} must not be there")
            for document in stored
            if document not in match
        )
        if not match:
            yield Difference(source, "is not there")
        for document in match:
            for what in store.differences(document, compiled, surroundings):
                yield Difference(source, f"{what} of {document} differs")
