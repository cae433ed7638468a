"""A failed publish leaves nothing behind: no row, revision, log entry or document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from wagtail.models import ModelLogEntry, Page, PageLogEntry
from wagtail.signals import (
    page_published,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from tests import samples
from tests.stored import differences, document_of, everything, members_of
from tests.testapp import models as app
from wagtail_delivery.compiler import documents as compiler
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.extending import documents_changed
from wagtail_delivery.models import Change
from wagtail_delivery.publishing.pending_changes import pending_changes
from wagtail_delivery.publishing.transaction import publishing
from wagtail_delivery.store import documents, sources

pytestmark = pytest.mark.django_db


class ReceiverError(Exception):
    """Raised by a signal receiver of the project."""


@pytest.fixture
def connect_failing() -> Iterator[Callable[..., None]]:
    """Connects a receiver that raises."""
    connected = []

    def fail(**_: Any) -> None:
        raise ReceiverError

    def connect(signal: Any, sender: Any = None) -> None:
        signal.connect(fail, sender=sender, weak=False)
        connected.append((signal, sender))

    yield connect
    for signal, sender in connected:
        signal.disconnect(fail, sender=sender)


def whole_state() -> dict[str, Any]:
    """All rows of all tables."""
    return {
        model._meta.label: sorted(
            tuple(bytes(part) if isinstance(part, memoryview) else repr(part) for part in row)
            for row in model._base_manager.values_list()
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    } | everything()


@pytest.fixture
def event(home: Page) -> app.EventPage:
    parent = samples.published(app.PlainPage(title="Parent", slug="parent"), home)
    page = samples.published(app.EventPage(title="Event", slug="event", type="talk"), parent)
    page.sessions.add(app.Session(name="First"))
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk).specific


@pytest.fixture
def topic() -> app.FullTopic:
    topic = samples.full_topic()
    topic.chapters.add(app.Chapter(heading="One", locale=topic.locale))
    topic.save_revision().publish()
    return samples.reloaded(topic)


def edited(thing: Any) -> Any:
    """A new revision of a page or snippet, with a change in every part."""
    thing.title, thing.slug = "Changed", "changed"
    if isinstance(thing, app.EventPage):
        thing.sessions.add(app.Session(name="Second"))
    else:
        thing.chapters.add(app.Chapter(heading="Two", locale=thing.locale))
    return thing.save_revision()


def assert_nothing_happens(act: Callable[[], Any], error: type[Exception] = ReceiverError) -> None:
    before = whole_state()
    with pytest.raises(error):
        act()
    assert whole_state() == before
    assert pending_changes().depth == 0
    assert pending_changes().is_empty()
    assert differences() == []


@pytest.mark.parametrize(
    ("signal", "sender"),
    [
        (page_published, None),
        (published, None),
        (post_save, app.EventPage),
        (pre_save, app.EventPage),
        (post_save, app.Session),
        (post_save, PageLogEntry),
        (documents_changed, None),
    ],
)
def test_publishing_a_page(
    event: app.EventPage, connect_failing: Callable[..., None], signal: Any, sender: Any
) -> None:
    revision = edited(event)
    connect_failing(signal, sender)
    assert_nothing_happens(revision.publish)


@pytest.mark.parametrize(
    ("signal", "sender"),
    [
        (published, None),
        (post_save, app.FullTopic),
        (post_save, app.Chapter),
        (post_save, ModelLogEntry),
        (documents_changed, None),
    ],
)
def test_publishing_a_snippet(
    topic: app.FullTopic, connect_failing: Callable[..., None], signal: Any, sender: Any
) -> None:
    revision = edited(topic)
    connect_failing(signal, sender)
    assert_nothing_happens(revision.publish)


def test_unpublishing(
    event: app.EventPage, topic: app.FullTopic, connect_failing: Callable[..., None]
) -> None:
    connect_failing(page_unpublished)
    connect_failing(unpublished)
    assert_nothing_happens(event.unpublish)
    assert_nothing_happens(topic.unpublish)


def test_moving_and_deleting(
    home: Page, event: app.EventPage, topic: app.FullTopic, connect_failing: Callable[..., None]
) -> None:
    connect_failing(post_page_move)
    connect_failing(post_delete, Page)
    connect_failing(post_delete, app.FullTopic)
    assert_nothing_happens(lambda: event.move(samples.reloaded(home), pos="last-child"))
    assert_nothing_happens(event.delete)
    assert_nothing_happens(topic.delete)


def test_saving_a_model_without_drafts(connect_failing: Callable[..., None]) -> None:
    plain = samples.plain_topic()
    plain.title = "Changed"
    connect_failing(post_save, app.PlainTopic)
    assert_nothing_happens(plain.save)
    assert_nothing_happens(lambda: samples.plain_topic("New"))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_many_to_many_relation(connect_failing: Callable[..., None]) -> None:
    holder, plain = samples.relations(), samples.plain_topic("New")
    connect_failing(m2m_changed, app.Relations.many.through)
    assert_nothing_happens(lambda: holder.many.add(plain))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (sources, "compile_instance"),
        (documents, "stored_documents"),
        (documents, "insert_rows"),
        (documents, "update_routes"),
        (documents, "log_changes"),
    ],
)
def test_an_error_in_the_compiler(
    event: app.EventPage, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    revision = edited(event)

    def fail(*_: Any) -> None:
        raise ReceiverError

    monkeypatch.setattr(module, name, fail)
    before = whole_state()
    with pytest.raises(ReceiverError):
        revision.publish()
    monkeypatch.undo()
    assert whole_state() == before
    revision.publish()
    assert differences() == []


def test_an_error_in_a_dependent_document(event: app.EventPage, monkeypatch: Any) -> None:
    """The page itself compiles; a document that shows it does not."""
    holder = app.Relations.objects.create(
        name="Holder", plain=samples.plain_topic(), page=event.page_ptr
    )
    compile_instance = compiler.compile_instance

    def fail(instance: Any, snapshot: Any) -> Any:
        if instance == holder:
            raise ReceiverError
        return compile_instance(instance, snapshot)

    revision = edited(event)
    monkeypatch.setattr(sources, "compile_instance", fail)
    before = whole_state()
    with pytest.raises(ReceiverError):
        revision.publish()
    monkeypatch.undo()
    assert whole_state() == before


def test_an_error_in_a_projects_property(home: Page, monkeypatch: Any) -> None:
    instance = samples.computed(home)
    before = whole_state()

    def fail(self: Any) -> int:
        raise ReceiverError

    monkeypatch.setattr(app.Computed, "number", property(fail))
    instance.name = "Changed"
    with pytest.raises(EncodingError, match="ReceiverError"):
        instance.save()
    monkeypatch.undo()
    assert whole_state() == before


def test_a_caught_error_rolls_back_only_its_own_savepoint(
    connect_failing: Callable[..., None],
) -> None:
    one, two = samples.plain_topic("One"), samples.plain_topic("Two")
    with publishing():
        one.title = "One changed"
        one.save()
        two.title = "Two changed"
        connect_failing(post_save, app.PlainTopic)
        with pytest.raises(ReceiverError), transaction.atomic():
            two.save()
    assert document_of(one).etag != document_of(two).etag
    assert b"One changed" in bytes(document_of(one).body)
    assert b"Two changed" not in bytes(document_of(two).body)
    assert differences() == []


def test_one_transaction_compiles_each_document_once() -> None:
    """Each document is compiled once per transaction, from the content at its end."""
    holder = samples.relations()
    entries = Change.objects.count()
    with publishing():
        for number in range(5):
            holder.name = f"Name {number}"
            holder.save()
            holder.many.add(samples.plain_topic(f"Topic {number}", slug=f"t-{number}"))
        assert Change.objects.count() == entries
    # The holder, five topics, and the one that shows its reverse relation.
    assert Change.objects.count() == entries + 7
    assert members_of(holder)["name"] == "Name 4"
    assert len(members_of(holder)["many"]) == 5
    assert differences() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_failed_publish_without_an_outer_transaction(
    connect_failing: Callable[..., None],
) -> None:
    """An editor's request has none, unless the project sets ATOMIC_REQUESTS."""
    assert not connection.in_atomic_block
    holder = samples.relations()
    holder.full = samples.full_topic()
    holder.save()
    revision = edited(holder.full)
    before = whole_state()
    connect_failing(published)
    with pytest.raises(ReceiverError):
        revision.publish()
    assert whole_state() == before
    assert differences() == []


def test_publishing_succeeds_without_an_unreadable_file(home: Page) -> None:
    """A missing file does not fail a publish."""
    page = samples.event_page(home)
    page.image.file.storage.delete(page.image.file.name)
    page.image.renditions.all().delete()
    page.title = "Published all the same"
    page.save_revision().publish()
    found = members_of(page)
    assert (found["image"]["sources"], found["image"]["fallback"]) == ([], None)
    holder = samples.relations()
    holder.document = samples.a_document()
    holder.document.file.storage.delete(holder.document.file.name)
    holder.save()
    assert members_of(holder)["document"]["title"] == "A form"
    fields = samples.all_fields()
    fields.file.storage.delete(fields.file.name)
    fields.save()
    assert members_of(fields)["file"]["size"] is None
    fields.image.save("broken.png", ContentFile(b"no image"))
    found = members_of(fields)["image"]
    assert (found["width"], found["height"], found["size"]) == (None, None, 8)
    assert differences() == []
