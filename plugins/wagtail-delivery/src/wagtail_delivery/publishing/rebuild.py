"""Making the store again from published content, and proving that it is what that would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DataError, IntegrityError, transaction

from wagtail_delivery.compiler.sites import site_sources
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.publishing.transaction import publishing
from wagtail_delivery.store.documents import differences, identity, put_source
from wagtail_delivery.store.redirects import misplaced_redirects, update_redirects
from wagtail_delivery.store.sources import all_sources, compile_source, stored_sources

#: How many documents are made in one transaction.
BATCH = 100
#: What is wrong with one document alone; any other error of the database ends the work.
FAILURES = (EncodingError, DataError, IntegrityError)


@dataclass(frozen=True)
class Difference:
    """One way in which the store is not what published content gives."""

    source: str
    what: str


@dataclass(frozen=True)
class Progress:
    """How far a rebuild is."""

    done: int
    total: int
    written: int
    #: What could not be made since the last progress; what the store has of it stays as it is.
    failures: list[Difference]


def every_source() -> list[str]:
    """All that may have a document or has one, each once, in a fixed order."""
    sources = [*all_sources(), *site_sources()]
    known = set(sources)
    return sources + sorted(stored_sources() - known)


def rebuild() -> Iterator[Progress]:
    """Compile everything; yields after each batch.

    Documents that are as they should be stay as they are, without an entry in the change log.
    Editors' redirects are given their addresses too. What cannot be made keeps none of the others
    from being made.
    """
    sources = every_source()
    written = 0
    for start in range(0, len(sources), BATCH):
        failures: list[Difference] = []
        with publishing():
            snapshot = SiteSnapshot()
            for source in sources[start : start + BATCH]:
                try:
                    with transaction.atomic():
                        written += put_source(source, snapshot)
                except FAILURES as error:
                    failures.append(_failure(source, error))
        yield Progress(min(start + BATCH, len(sources)), len(sources), written, failures)
    with publishing():
        update_redirects(SiteSnapshot())


def verify() -> Iterator[Difference]:
    """How the store differs, byte for byte, from what a rebuild would make of it."""
    snapshot = SiteSnapshot()
    for source in every_source():
        try:
            with transaction.atomic():
                compiled = compile_source(source, snapshot)
        except FAILURES as error:
            yield _failure(source, error)
            continue
        stored = list(PublishedDocument.objects.filter(source=source))
        if compiled is None:
            yield from (Difference(source, f"{document} must not be there") for document in stored)
            continue
        match = [document for document in stored if identity(document) == identity(compiled)]
        yield from (
            Difference(source, f"{document} must not be there")
            for document in stored
            if document not in match
        )
        if not match:
            yield Difference(source, "is not there")
        for document in match:
            for what in differences(document, compiled, snapshot):
                yield Difference(source, f"{what} of {document} differs")
    for redirect in misplaced_redirects(snapshot):
        yield Difference(f"{redirect.site or 'default site'}{redirect.path}", "leads elsewhere")


def _failure(source: str, error: Exception) -> Difference:
    if isinstance(error, EncodingError):
        where = error.pointer or "the document"
        return Difference(source, f"cannot be made, because of {where}: {error.reason}")
    return Difference(source, f"cannot be stored: {error}".rstrip())
