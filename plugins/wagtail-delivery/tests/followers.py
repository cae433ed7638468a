"""Documents that show a topic and follow when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from tests.testapp import models as app
from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.encoding.base import EncodingError, Location
from wagtail_delivery.models import PendingDocument
from wagtail_delivery.publishing import compiling
from wagtail_delivery.publishing.dependents import compile_next_pending
from wagtail_delivery.store.pending import add_next_dependents
from wagtail_delivery.store.sources import compile_source

SHOWN_IN = 5


def drain() -> None:
    while compile_next_pending():
        pass


def rename(topic: app.DraftTopic, title: str = "After") -> None:
    topic.title = title
    topic.save()


def queued() -> set[str]:
    """The sources in the queue, once a worker has added all that wait for it."""
    while add_next_dependents():
        pass
    return set(PendingDocument.objects.values_list("source", flat=True))


@contextmanager
def broken(*things: Any) -> Iterator[None]:
    """The documents of `things` cannot be compiled in this block."""
    sources = {source_of(thing) for thing in things}

    def fail(source: str, *rest: Any) -> Any:
        if source in sources:
            raise EncodingError(Location("/title"), "it is broken")
        return compile_source(source, *rest)

    with mock.patch.object(compiling, "compile_source", fail):
        yield
