"""Compiling many sources at once: all of them or none, or all but those that fail."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError

from wagtail_delivery.compiler.documents import CompiledDocument
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.metrics.recorder import recorder
from wagtail_delivery.publishing.pending_changes import locked_block
from wagtail_delivery.store.batches import load_batch
from wagtail_delivery.store.documents import Outcome, put_all
from wagtail_delivery.store.sources import compile_source

#: Errors that concern a single document; any other database error ends the run.
Failing = EncodingError | DataError | IntegrityError
FAILURES = (EncodingError, DataError, IntegrityError)


@dataclass
class Attempt:
    """What became of sources that were to be compiled."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    #: Why others could not be compiled. Their stored documents stayed as they were.
    failures: dict[str, Failing] = field(default_factory=dict)

    @property
    def begun(self) -> set[str]:
        """The sources that were compiled or failed; not those that the time did not suffice for."""
        return self.outcomes.keys() | self.failures.keys()


class _SourceError(Exception):
    """The document of `source` cannot be compiled because of `reason`."""

    def __init__(self, source: str, reason: Failing) -> None:
        super().__init__(source)
        self.source, self.reason = source, reason


def put_sources(sources: Iterable[str], snapshot: SiteSnapshot) -> dict[str, Outcome]:
    """Compile `sources` and update their documents in the store.

    Raises EncodingError, or an error of the database, if one of them cannot be compiled.
    """
    try:
        return put_all(_compile(sorted(sources), snapshot), snapshot)
    except _SourceError as error:
        raise error.reason from error


def put_each(sources: Iterable[str], snapshot: SiteSnapshot, until: float | None = None) -> Attempt:
    """Compile those of `sources` that can be compiled, and update their documents in the store.

    After the time `until`, as of `time.monotonic`, none is begun but the first.
    """
    found, waiting = Attempt(), list(sources)
    while waiting:
        try:
            with locked_block():
                found.outcomes |= put_all(_compile(waiting, snapshot, until), snapshot)
            break
        except _SourceError as error:
            found.failures[error.source] = error.reason
            waiting.remove(error.source)
        except FAILURES as error:
            # One of them cannot be stored, and the database does not say which.
            if len(waiting) == 1:
                found.failures[waiting[0]] = error
                break
            for source in waiting:
                if found.begun and _is_past(until):
                    break
                alone = put_each([source], snapshot)
                found.outcomes |= alone.outcomes
                found.failures |= alone.failures
            break
        if _is_past(until):
            break
    return found


def _is_past(until: float | None) -> bool:
    return until is not None and time.monotonic() > until


def _compile(
    sources: Collection[str], snapshot: SiteSnapshot, until: float | None = None
) -> dict[str, CompiledDocument | None]:
    instances = load_batch(sources, snapshot)
    found: dict[str, CompiledDocument | None] = {}
    for source in sources:
        if found and _is_past(until):
            break
        try:
            found[source] = compile_source(source, snapshot, instances)
        except Exception as error:
            if (metrics := recorder()) is not None:
                metrics.compiled("failed")
            if isinstance(error, FAILURES):
                raise _SourceError(source, error) from error
            raise
    return found
