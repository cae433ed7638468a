"""Every action of an editor is atomic: the patched methods of Wagtail commit all of it or nothing.

The tests run without an outer transaction, so an action leaves what other connections would see.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.db.models.signals import post_delete, post_save
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import actions
from wagtail.actions.base import BaseAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.forms import get_document_form
from wagtail.documents.models import Document as LibraryDocument
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    ModelLogEntry,
    Page,
    PageLogEntry,
    PageViewRestriction,
    Site,
)
from wagtail.signals import page_unpublished

from tests import samples
from tests.samples import published, reloaded
from tests.test_atomicity import ReceiverError, whole_state
from tests.testapp import models as app
from wagtail_delivery.publishing import compiling, transaction
from wagtail_delivery.publishing.due_schedules import carry_out, due_now
from wagtail_delivery.publishing.pending_changes import pending_changes
from wagtail_delivery.publishing.wagtail_patches import MARK
from wagtail_delivery.schema.registry import content_types

Action = Callable[[], Any]
#: A failure point beside the signals: the storing of a document.
DOCUMENT = "document"


def malay() -> Locale:
    return Locale.objects.get_or_create(language_code="ms")[0]


def carry_out_what_is_due() -> None:
    [due] = due_now()
    with transaction.publishing():
        carry_out(due)


@dataclass
class Scenario:
    """Content to act on; another document shows each part of it."""

    home: Page
    client: Client
    editor: Any
    parent: Any
    event: Any
    topic: Any
    plain: Any

    # Pages

    def create_page(self) -> Action:
        page = app.EventPage(title="New", slug="new", type="talk")
        return lambda: self.home.add_child(instance=page)

    def publish_page(self) -> Action:
        self.event.title, self.event.slug = "Changed", "changed"
        self.event.sessions.add(app.Session(name="Second"))
        return self.event.save_revision().publish

    def publish_page_on_time(self) -> Action:
        past = timezone.now() - datetime.timedelta(hours=1)
        self.event.title, self.event.go_live_at = "Changed", past
        self.event.save_revision(approved_go_live_at=past)
        return carry_out_what_is_due

    def unpublish_page(self) -> Action:
        act = actions.UnpublishPageAction(self.parent, include_descendants=True, user=self.editor)
        return lambda: act.execute(skip_permission_checks=True)

    def expire_page(self) -> Action:
        past = timezone.now() - datetime.timedelta(hours=1)
        Page.objects.filter(pk=self.event.pk).update(expire_at=past)
        return carry_out_what_is_due

    def delete_page(self) -> Action:
        act = actions.DeletePageAction(self.event, user=None)
        return lambda: act.execute(skip_permission_checks=True)

    def move_page(self) -> Action:
        return lambda: self.event.move(self.home, pos="last-child")

    def copy_page(self) -> Action:
        changed = {"slug": "copy", "title": "Copy"}
        return lambda: self.parent.copy(recursive=True, to=self.home, update_attrs=changed)

    def alias_page(self) -> Action:
        return lambda: self.parent.create_alias(
            recursive=True, parent=self.home, update_slug="alias"
        )

    def convert_alias(self) -> Action:
        alias = self.event.create_alias(parent=self.home, update_slug="alias")
        act = actions.ConvertAliasPageAction(alias)
        return lambda: act.execute(skip_permission_checks=True)

    def change_slug(self) -> Action:
        self.parent.slug = "changed"
        return self.parent.save

    def restrict_page(self) -> Action:
        restriction = PageViewRestriction(page=self.parent, restriction_type="login")
        return restriction.save

    def free_page(self) -> Action:
        kind = PageViewRestriction.LOGIN
        return PageViewRestriction.objects.create(page=self.parent, restriction_type=kind).delete

    def order_pages(self) -> Action:
        address = reverse("wagtailadmin_pages:set_page_position", args=[self.parent.pk])
        return lambda: self.client.post(f"{address}?position=0")

    def translate_page(self) -> Action:
        act = actions.CopyPageForTranslationAction(self.home, malay(), alias=True)
        return lambda: act.execute(skip_permission_checks=True)

    # Snippets

    def create_snippet(self) -> Action:
        return app.PlainTopic(title="New", slug="new", weight=2).save

    def edit_snippet(self) -> Action:
        self.plain.title = "Changed"
        return self.plain.save

    def publish_snippet(self) -> Action:
        self.topic.title = "Changed"
        self.topic.chapters.add(app.Chapter(heading="Two", locale=self.topic.locale))
        return self.topic.save_revision().publish

    def unpublish_snippet(self) -> Action:
        return self.topic.unpublish

    def delete_snippet(self) -> Action:
        act = actions.DeleteAction(self.topic)
        return lambda: act.execute(skip_permission_checks=True)

    def order_snippets(self) -> Action:
        ranked = [app.Ranked.objects.create(title=str(n), sort_order=n) for n in range(3)]
        address = reverse("wagtailsnippets_testapp_ranked:reorder", args=[ranked[2].pk])
        return lambda: self.client.post(f"{address}?position=0")

    def translate_snippet(self) -> Action:
        act = actions.CopyForTranslationAction(self.topic, malay())
        return lambda: act.execute(skip_permission_checks=True).save()

    # Images, documents and collections

    def replace_image(self) -> Action:
        file = samples.an_image("Other").file
        form = get_image_form(Image)(
            {"title": "New", "collection": self.event.image.collection_id},
            {"file": SimpleUploadedFile("other.png", file.read(), "image/png")},
            instance=reloaded(self.event.image),
        )
        assert form.is_valid(), form.errors
        return form.save

    def replace_document(self) -> Action:
        document = app.Relations.objects.get().document
        form = get_document_form(LibraryDocument)(
            {"title": "New", "collection": document.collection_id},
            {"file": SimpleUploadedFile("form.txt", b"other")},
            instance=document,
        )
        assert form.is_valid(), form.errors
        return form.save

    def delete_image(self) -> Action:
        return self.event.image.delete

    def hide_collection(self) -> Action:
        root = Collection.get_first_root_node()
        private = root.add_child(name="Private")
        CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
        shown = reloaded(root).add_child(name="Shown")
        self.event.image.collection = shown
        self.event.image.save()
        return lambda: reloaded(shown).move(reloaded(private), pos="sorted-child")


#: Every action of `Scenario`, with one of the last signals that Django or Wagtail sends for it.
SCENARIOS: dict[str, tuple[Any, type[models.Model]] | None] = {
    "create_page": (post_save, app.EventPage),
    "publish_page": (post_save, PageLogEntry),
    "publish_page_on_time": (post_save, PageLogEntry),
    "unpublish_page": (page_unpublished, app.EventPage),
    "expire_page": (post_save, PageLogEntry),
    "delete_page": (post_delete, app.EventPage),
    "move_page": (post_save, PageLogEntry),
    "copy_page": (post_save, app.EventPage),
    "alias_page": (post_save, app.EventPage),
    "convert_alias": (post_save, PageLogEntry),
    "change_slug": (post_save, app.PlainPage),
    "restrict_page": (post_save, PageViewRestriction),
    "free_page": (post_delete, PageViewRestriction),
    "order_pages": (post_save, PageLogEntry),
    "translate_page": (post_save, PageLogEntry),
    "create_snippet": (post_save, app.PlainTopic),
    "edit_snippet": (post_save, app.PlainTopic),
    "publish_snippet": (post_save, ModelLogEntry),
    "unpublish_snippet": (post_save, ModelLogEntry),
    "delete_snippet": (post_save, ModelLogEntry),
    "order_snippets": (post_save, app.Ranked),
    "translate_snippet": (post_save, app.FullTopic),
    "replace_image": (post_save, Image),
    "replace_document": (post_save, LibraryDocument),
    "delete_image": (post_delete, Image),
    "hide_collection": None,
}


@pytest.fixture(scope="module")
def kept_content() -> Iterator[tuple[sqlite3.Connection, dict[str, models.Model]]]:
    """SQLite's database as `make_content` left it for the first test, and the instances."""
    kept = sqlite3.connect(":memory:")
    yield kept, {}
    kept.close()


@pytest.fixture
def scenario(request: pytest.FixtureRequest, kept_content: Any, client: Client) -> Scenario:
    """The content, which SQLite copies after the first test; PostgreSQL makes it for each."""
    kept, made = kept_content
    if made and connection.vendor == "sqlite":
        kept.backup(connection.connection)
        ContentType.objects.clear_cache()
    else:
        made.update(make_content(request.getfixturevalue("home")))
        if connection.vendor == "sqlite":
            connection.connection.backup(kept)
    scenario = Scenario(client=client, **{name: reloaded(part) for name, part in made.items()})
    client.force_login(scenario.editor)
    return scenario


def make_content(home: Page) -> dict[str, models.Model]:
    editor = get_user_model().objects.create_superuser("editor", "e@example.org", "x")
    plain = samples.plain_topic()
    first = published(app.PlainPage(title="First", slug="first"), home)
    parent = published(app.PlainPage(title="Parent", slug="parent"), home)
    event = app.EventPage(title="Event", slug="event", type="talk", topic=plain)
    event.image = samples.an_image()
    event.sessions = [app.Session(name="First")]
    event = published(event, parent)
    topic = samples.full_topic()
    topic.chapters.add(app.Chapter(heading="One", locale=topic.locale))
    topic.save_revision().publish()
    app.Relations.objects.create(
        name="Holder",
        plain=plain,
        full=topic,
        page=event.page_ptr,
        image=event.image,
        document=samples.a_document(),
    )
    published(app.PlainPage(title="Last", slug="last"), first)
    return {
        "home": home,
        "editor": editor,
        "parent": parent,
        "event": event,
        "topic": topic,
        "plain": plain,
    }


@pytest.fixture
def fail_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Make a signal receiver raise, or the storing of a document."""
    connected: list[Any] = []

    def fail(**_: Any) -> None:
        raise ReceiverError

    put_all = compiling.put_all

    def fail_after_storing(*arguments: Any) -> None:
        put_all(*arguments)
        raise ReceiverError

    def at(point: Any) -> None:
        if point is DOCUMENT:
            monkeypatch.setattr(compiling, "put_all", fail_after_storing)
        else:
            signal, sender = point
            signal.connect(fail, sender=sender, weak=False)
            connected.append(point)

    yield at
    for signal, sender in connected:
        signal.disconnect(fail, sender=sender)


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    ("act", "point"),
    [
        pytest.param(act, point, id=f"{act}-{name}", marks=marks)
        for act, last in SCENARIOS.items()
        for name, point, marks in (
            ("document", DOCUMENT, ()),
            # A rollback is complete wherever it begins, so one database is enough.
            ("receiver", last, pytest.mark.any_database),
        )
        if point is not None
    ],
)
def test_a_failed_action_changes_nothing(
    scenario: Scenario, act: str, point: Any, fail_at: Callable[[Any], None]
) -> None:
    assert not connection.in_atomic_block
    do = getattr(scenario, act)()
    before = whole_state()
    fail_at(point)
    with pytest.raises(ReceiverError):
        do()
    assert whole_state() == before
    for model in (Image, LibraryDocument):
        for kept in model.objects.all():
            assert kept.file.storage.exists(kept.file.name)
    assert pending_changes().depth == 0
    assert pending_changes().is_empty()


def test_every_scenario_has_a_failure_point() -> None:
    """A new method of `Scenario` needs an entry in `SCENARIOS`."""
    assert set(SCENARIOS) == {name for name in vars(Scenario) if not name.startswith("_")}


def all_actions() -> set[type[Any]]:
    """Wagtail's actions and the project's own."""
    found: set[type[Any]] = set()
    pending = [BaseAction]
    while pending:
        action = pending.pop()
        found.add(action)
        pending += action.__subclasses__()
    return found - {BaseAction}


def test_every_action_and_model_method_is_atomic() -> None:
    named = {getattr(actions, name) for name in actions.__all__ if name.endswith("Action")}
    assert named - {BaseAction} <= all_actions()
    for action in all_actions():
        assert hasattr(action.execute, MARK), action
    for content_type in content_types():
        assert hasattr(content_type.model.save, MARK), content_type.model
        assert hasattr(content_type.model.delete, MARK), content_type.model
    for model in (
        Image,
        LibraryDocument,
        Site,
        Redirect,
        PageViewRestriction,
        CollectionViewRestriction,
    ):
        assert hasattr(model.save, MARK), model
        assert hasattr(model.delete, MARK), model
