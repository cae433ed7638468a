"""What receivers change on commit is in the documents, whatever their callbacks raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import Signal
from wagtail.models import Page
from wagtail.signals import page_published, published

from tests import samples
from tests.samples import published as publish
from tests.stored import differences, document_of, members_of
from tests.testapp import models as app
from wagtail_delivery.publishing import transaction as publishing_transaction
from wagtail_delivery.publishing.pending_changes import pending_changes
from wagtail_delivery.publishing.transaction import drafting

pytestmark = pytest.mark.django_db

Connect = Callable[[Signal, Callable[[], Any]], None]


@pytest.fixture
def on_commit_of() -> Iterator[Connect]:
    """Connects a receiver that does something, once, when the publish has been committed."""
    connected: list[tuple[Signal, Callable[..., None]]] = []

    def connect(signal: Signal, act: Callable[[], Any]) -> None:
        def receiver(**_: Any) -> None:
            signal.disconnect(receiver)
            transaction.on_commit(act)

        signal.connect(receiver, weak=False)
        connected.append((signal, receiver))

    yield connect
    for signal, receiver in connected:
        signal.disconnect(receiver)


@pytest.fixture
def topic() -> app.FullTopic:
    topic = samples.full_topic()
    topic.save_revision().publish()
    return topic


def test_what_is_unpublished_on_commit_is_withdrawn(
    home: Page, topic: app.FullTopic, on_commit_of: Connect
) -> None:
    on_commit_of(page_published, topic.unpublish)
    publish(app.PlainPage(title="Page", slug="page"), home)
    assert document_of(topic) is None
    assert differences() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_unpublished_on_a_real_commit_is_withdrawn(on_commit_of: Connect) -> None:
    topic, other = samples.full_topic(), samples.full_topic("Other", slug="other")
    on_commit_of(published, topic.unpublish)
    other.save_revision().publish()
    assert document_of(topic) is None
    assert document_of(other) is not None
    assert differences() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("is_form", [False, True])
def test_the_transaction_of_a_callback_of_a_draft_locks_before_it_writes(
    on_commit_of: Connect, monkeypatch: pytest.MonkeyPatch, is_form: bool
) -> None:
    """Otherwise it would hold rows while it waits, and could deadlock with a publisher."""
    topic, other = samples.full_topic(), samples.full_topic("Other", slug="other")
    done: list[str] = []

    def record(sender: type[Any], **_: Any) -> None:
        done.append(sender.__name__)

    def rename() -> None:
        done.append("callback")
        with transaction.atomic():
            topic.title = "Renamed"
            topic.save_revision().publish()

    monkeypatch.setattr(publishing_transaction, "lock_publishing", lambda: done.append("lock"))
    on_commit_of(post_save, rename)
    post_save.connect(record)
    try:
        # As a form of the admin saves a draft: the block is wider than the transaction.
        with drafting() if is_form else nullcontext():
            other.save_revision()
    finally:
        post_save.disconnect(record)
    assert done[:4] == ["Revision", "FullTopic", "callback", "lock"]
    document = document_of(topic)
    assert document is not None
    assert b"Renamed" in bytes(document.body)
    assert differences() == []


def test_what_is_published_on_commit_of_a_draft_is_in_the_documents(
    topic: app.FullTopic, on_commit_of: Connect
) -> None:
    other = samples.full_topic("Other", slug="other")
    on_commit_of(post_save, topic.unpublish)
    other.save_revision()
    assert document_of(topic) is None
    assert differences() == []


def test_the_published_page_itself_can_be_changed_on_commit(
    home: Page, on_commit_of: Connect
) -> None:
    def rename() -> None:
        page = Page.objects.get(slug="page").specific
        page.title = "Renamed"
        page.save_revision().publish()

    on_commit_of(page_published, rename)
    page = publish(app.PlainPage(title="Page", slug="page"), home)
    document = document_of(page)
    assert document is not None
    assert b"Renamed" in bytes(document.body)
    assert differences() == []


def test_a_callback_of_a_callback_changes_documents(
    home: Page, topic: app.FullTopic, on_commit_of: Connect
) -> None:
    def publish_another() -> None:
        on_commit_of(page_published, topic.unpublish)
        publish(app.PlainPage(title="Second", slug="second"), home)

    on_commit_of(page_published, publish_another)
    publish(app.PlainPage(title="First", slug="first"), home)
    assert document_of(topic) is None
    assert differences() == []


def test_a_callback_that_fails_leaves_the_next_publish_as_it_should_be(
    home: Page, topic: app.FullTopic, on_commit_of: Connect
) -> None:
    def fail() -> None:
        topic.title = "Half"
        with transaction.atomic():
            topic.save()
            raise LookupError

    on_commit_of(page_published, fail)
    with pytest.raises(LookupError):
        publish(app.PlainPage(title="Page", slug="page"), home)
    assert document_of(Page.objects.get(slug="page").specific) is not None
    changes = pending_changes()
    assert (changes.depth, changes.is_empty()) == (0, True)
    topic.refresh_from_db()
    topic.title = "Whole"
    topic.save_revision().publish()
    assert members_of(topic)
    assert differences() == []
