"""What several documents of a batch read alike is read once, and each depends on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Locale, Page

from wagtail_delivery.content.dependency_keys import key_of
from wagtail_delivery.content.observed_queries import observing_queries
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.watched_instances import watching_instances
from wagtail_delivery.encoding.base import Compilation

pytestmark = pytest.mark.django_db

KEY = "key"


class Reader:
    """Reads a row, and counts how often it was asked."""

    def __init__(self, row: Locale, fails: int = 0) -> None:
        self.row, self.fails = row, fails
        self.given: list[Compilation] = []

    def __call__(self, compilation: Compilation) -> tuple[str, int]:
        self.given.append(compilation)
        compilation.depends_on(self.row)
        if len(self.given) <= self.fails:
            raise LookupError(len(self.given))
        return "found", len(self.given)


@pytest.fixture
def read(english: Locale) -> Reader:
    return Reader(english)


def batch(count: int, *locales: str, **more: Any) -> list[Compilation]:
    snapshot = SiteSnapshot()
    return [Compilation(snapshot, locale, **more) for locale in locales or ["ms"] * count]


def test_each_document_depends_on_what_was_read_once(read: Reader, english: Locale) -> None:
    documents = batch(3)
    assert [one.once(KEY, read) for one in documents] == [("found", 1)] * 3
    assert [one.dependencies for one in documents] == [{key_of(english)}] * 3


def test_it_depends_on_nothing_that_another_document_read_before(read: Reader, home: Page) -> None:
    first, second = batch(2)
    first.depends_on(home)
    first.once(KEY, read)
    first.depends_on_order()
    second.once(KEY, read)
    assert second.dependencies == {key_of(read.row)}
    # What a document adds later is its own.
    second.depends_on(home)
    [third] = [Compilation(first.snapshot, "ms")]
    third.once(KEY, read)
    assert third.dependencies == {key_of(read.row)}


def test_reading_knows_nothing_of_the_document_that_came_first(read: Reader) -> None:
    first, second = batch(2, site="first.example:80", fallback="en")
    first.once(KEY, read)
    second.once(KEY, read)
    [given] = read.given
    assert given is not first
    assert (given.locale, given.site, given.fallback) == ("ms", "", "")


def test_another_key_or_locale_is_read_by_itself(read: Reader) -> None:
    malay, english = batch(2, "ms", "en")
    assert [malay.once(KEY, read), malay.once("other", read), english.once(KEY, read)] == [
        ("found", number) for number in (1, 2, 3)
    ]
    assert [given.locale for given in read.given] == ["ms", "ms", "en"]


def test_nothing_is_shared_between_batches(read: Reader) -> None:
    [one], [other] = batch(1), batch(1)
    assert [one.once(KEY, read), other.once(KEY, read)] == [("found", 1), ("found", 2)]


def test_an_exception_is_not_shared(english: Locale) -> None:
    """What failed for one document is tried again for the next, and may succeed then."""
    read = Reader(english, fails=2)
    first, second, third, fourth = batch(4)
    for document, number in ((first, 1), (second, 2)):
        with pytest.raises(LookupError, match=str(number)):
            document.once(KEY, read)
    assert [one.once(KEY, read) for one in (third, fourth)] == [("found", 3)] * 2
    assert third.dependencies == fourth.dependencies == {key_of(english)}


def test_none_is_a_result_too(make_compilation: Callable[..., Compilation]) -> None:
    calls: list[object] = []
    document = make_compilation()
    for _ in range(2):
        assert document.once(KEY, calls.append) is None
    assert len(calls) == 1


@pytest.mark.parametrize("told", ["of queries", "of instances", "of nothing"])
def test_where_somebody_is_told_each_document_reads(read: Reader, told: str) -> None:
    first, second = batch(2, is_tracking=told != "of nothing")
    first.once(KEY, read)
    blocks = {
        "of queries": lambda: observing_queries(lambda _model: None),
        "of instances": lambda: watching_instances(lambda _instance: None),
        "of nothing": lambda: watching_instances(lambda _instance: None),
    }
    with blocks[told]():
        assert second.once(KEY, read) == ("found", 2)
    assert read.given[-1] is second
    # It did not take the place of what is shared.
    if told != "of nothing":
        [third] = [Compilation(first.snapshot, "ms")]
        assert third.once(KEY, read) == ("found", 1)
