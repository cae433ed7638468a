"""Rebuilds the store from published content, and verifies that it equals a rebuild."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from wagtail_delivery.compiler.documents import CompiledDocument
from wagtail_delivery.compiler.sites import site_sources
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.encoding.image_faults import ImageFault, file_work
from wagtail_delivery.publishing.compiling import FAILURES, put_each
from wagtail_delivery.publishing.transaction import publishing
from wagtail_delivery.store.batches import StoredDocument, load_batch, stored_documents
from wagtail_delivery.store.documents import Outcome, differences, identity
from wagtail_delivery.store.pending import dequeue
from wagtail_delivery.store.redirects import misplaced_redirects, update_redirects
from wagtail_delivery.store.sources import all_sources, compile_source, stored_sources

#: Number of sources that are compiled in one transaction.
BATCH = 100
#: New objects after which Python looks for garbage. A batch of documents makes many at once.
NEW_OBJECTS = 20_000


@dataclass(frozen=True)
class Difference:
    """One way in which the store differs from a rebuild, or a document that cannot be made."""

    #: "app.model:pk", or the address of a redirect.
    source: str
    what: str


@dataclass(frozen=True)
class Progress:
    """The progress of a rebuild."""

    done: int
    total: int
    written: int
    #: The last source that was compiled; a rebuild goes on after it.
    last: str
    #: Failures since the previous progress. The stored documents of these stay as they were, except
    #: those that lack a picture.
    failures: list[Difference]


class UnknownSourceError(LookupError):
    """A rebuild was to go on after a source that there is not."""


@contextmanager
def little_garbage_collection() -> Iterator[None]:
    """A block in which Python does not search all that the process has loaded for garbage.

    That took a sixth of the time of a rebuild: each batch makes and drops tens of thousands of
    objects. Those are still collected.
    """
    thresholds, are_frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.set_threshold(NEW_OBJECTS, *thresholds[1:])
    if not are_frozen:
        gc.freeze()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        if not are_frozen:
            gc.unfreeze()


def every_source() -> list[str]:
    """Every source that may have a document or has one, without repeats, in a fixed order."""
    sources = [*all_sources(), *site_sources()]
    known = set(sources)
    return sources + sorted(stored_sources() - known)


def rebuild(after: str = "") -> Iterator[Progress]:
    """Compile every document and every redirect; yields the progress after each batch.

    With `after`, the last source of an earlier progress, those up to it are left out. Raises
    UnknownSourceError if there is no such source.

    Unchanged documents are not written and get no entry in the change log. A document that cannot
    be made, or lacks a picture, is reported in `failures` and does not stop the others.
    """
    sources = every_source()
    begin = _place_after(after, sources)
    written = 0
    with little_garbage_collection():
        for start in range(begin, len(sources), BATCH):
            part = sources[start : start + BATCH]
            with publishing(), file_work() as work:
                attempt = put_each(part, SiteSnapshot())
                dequeue(attempt.outcomes)
            written += sum(one is not Outcome.UNCHANGED for one in attempt.outcomes.values())
            failures = [_failure(source, error) for source, error in attempt.failures.items()]
            failures += map(_hole, work.faults)
            yield Progress(start + len(part), len(sources), written, part[-1], failures)
    with publishing():
        update_redirects(SiteSnapshot())


def _place_after(source: str, sources: list[str]) -> int:
    if not source:
        return 0
    try:
        return sources.index(source) + 1
    except ValueError as error:
        raise UnknownSourceError(f"There is no {source!r} to go on after.") from error


def verify(
    show: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Difference]:
    """Compare the store, byte for byte, with what a rebuild would make; yields each difference.

    Writes nothing: a document whose pictures lack files is reported. `show` is called with the
    numbers of sources that are done and of all, after each batch.
    """
    sources = every_source()
    with little_garbage_collection():
        for start in range(0, len(sources), BATCH):
            snapshot = SiteSnapshot()
            yield from _differences(sources[start : start + BATCH], snapshot)
            show(min(start + BATCH, len(sources)), len(sources))
    for site, path in misplaced_redirects(SiteSnapshot()):
        yield Difference(f"{site or 'default site'}{path}", "leads to the wrong target")


def _differences(sources: list[str], snapshot: SiteSnapshot) -> Iterator[Difference]:
    instances = load_batch(sources, snapshot)
    stored: dict[str, list[StoredDocument]] = {source: [] for source in sources}
    for document in stored_documents(sources, snapshot):
        stored[document.row.source].append(document)
    for source in sources:
        try:
            with transaction.atomic(), file_work(may_create=False):
                compiled = compile_source(source, snapshot, instances)
        except FAILURES as error:
            yield _failure(source, error)
        else:
            yield from _differences_of(source, compiled, stored[source])


def _differences_of(
    source: str, compiled: CompiledDocument | None, stored: Iterable[StoredDocument]
) -> Iterator[Difference]:
    is_missing = compiled is not None
    for one in stored:
        if compiled is None or identity(one.row) != identity(compiled):
            yield Difference(source, f"{one.row} must not exist")
            continue
        is_missing = False
        for what in differences(one, compiled):
            yield Difference(source, f"{what} of {one.row} differs")
    if is_missing:
        yield Difference(source, "has no document")


def _hole(fault: ImageFault) -> Difference:
    shown_in = fault.document_of
    source = f"{shown_in._meta.label_lower}:{shown_in.pk}" if shown_in is not None else ""
    return Difference(
        source, f"lacks the image {fault.image.pk} ({fault.image.file.name}): {fault.reason}"
    )


def _failure(source: str, error: Exception) -> Difference:
    if isinstance(error, EncodingError):
        where = error.pointer or "the document"
        return Difference(source, f"cannot be made, because of {where}: {error.reason}")
    return Difference(source, f"cannot be stored: {error}".rstrip())
