"""After any sequence of edits, the store equals a rebuild from the content."""

from __future__ import annotations

import datetime
import errno
import json
import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_save
from django.utils import timezone
from taggit.models import Tag
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document as LibraryDocument
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Revision,
    Site,
    TranslatableMixin,
)
from wagtail.signals import page_published, page_unpublished, unpublished
from wagtail.signals import published as snippet_published

from tests import samples
from tests.exports import assert_is_complete, export, files_in
from tests.mirrors import Mirror, crawled
from tests.samples import published
from tests.stored import differences, everything
from tests.testapp import models as app
from wagtail_delivery.content.text_provenance import differing_texts
from wagtail_delivery.encoding.image_faults import StorageError
from wagtail_delivery.models import (
    Change,
    FallbackBody,
    PendingDependents,
    PendingDocument,
    PublishedDocument,
    Route,
    WorkerSign,
)
from wagtail_delivery.publishing import compiling
from wagtail_delivery.publishing.dependents import compile_next_pending
from wagtail_delivery.publishing.scheduled import publish_due
from wagtail_delivery.store import pending
from wagtail_delivery.store.sources import compile_source

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.slow]

#: Other seeds: DELIVERY_SEED="5 6 7" python -m pytest tests/test_random_edits.py --ds=...
FIXED = "7" if settings.WAGTAIL_I18N_ENABLED else "20260201"
SEEDS = [int(seed) for seed in (os.environ.get("DELIVERY_SEED") or FIXED).split()]
#: More at night; a seed always begins with the same edits.
STEPS = 400 if os.environ.get("NIGHTLY") == "1" else 40
#: Read here, because tests that change settings hide it.
MODULE = settings.SETTINGS_MODULE
#: Of the pages that `add_page` adds.
PAGE_MODELS = [app.EventPage, app.ConcertPage, app.PlainPage, app.GridPage, app.ShelvedPage]


#: What `Editors.word` makes: the language and the number of words.
WRITTEN = re.compile(r"\b(en|ms)_(\d+)_")


def edit(method: Callable[[Any], None]) -> Callable[[Any], None]:
    """Mark a method as an edit; the other methods are helpers."""
    method.is_edit = True  # type: ignore[attr-defined]
    return method


class Editors:
    """Random edits, as editors can make them."""

    def __init__(self, seed: int, home: Page) -> None:
        self.random = random.Random(seed)
        self.home = home
        self.number = 0
        self.is_receiving = False

    # Content to edit

    def word(self, language: str = "en") -> str:
        """Words that nobody wrote before, and that tell the language of who wrote them."""
        self.number += 1
        words = self.random.choice(["new", "R&D", "say <hi>", "a@b.example"])
        return f"{words} {language}_{self.number}_"

    def word_for(self, thing: Any) -> str:
        return self.word(thing.locale.language_code if hasattr(thing, "locale") else "en")

    def slug(self) -> str:
        return f"s{self.random.randrange(12)}"

    def one(self, rows: Any) -> Any:
        """One of the rows of a model or queryset, or None."""
        if isinstance(rows, type):
            rows = rows._default_manager.all()
        keys = sorted(rows.values_list("pk", flat=True))
        return rows.get(pk=self.random.choice(keys)) if keys else None

    def page(self, model: type[Page] = Page) -> Any:
        """A page below the home page, of its own model."""
        found = self.one(model.objects.filter(depth__gt=2, alias_of=None))
        return found.specific if found else None

    def parent(self) -> Page:
        return self.one(Page.objects.filter(depth__gt=1, alias_of=None))

    def within(self, target: Page, page: Page) -> bool:
        return target.path.startswith(page.path)

    def rich_text(self) -> str:
        page, image = self.one(Page.objects.filter(depth__gt=1)), self.one(Image)
        link = f'<a linktype="page" id="{page.pk}">there</a>'
        embed = f'<embed embedtype="image" format="left" alt="x" id="{image.pk}"/>' if image else ""
        return f"<p>R&amp;D {link} a@b.example</p>{embed}"

    def slug_free_below(self, parent: Page, page: Page | None = None) -> str:
        slug = self.slug()
        taken = Page.objects.child_of(parent).exclude(pk=page.pk if page else None)
        self.number += 1
        return f"{slug}-{self.number}" if taken.filter(slug=slug).exists() else slug

    def add_content(self) -> None:
        for _ in range(12):
            self.add_page()
            self.add_snippet()
        self.translate()

    # Edits of pages

    @edit
    def add_page(self) -> None:
        parent = self.parent()
        model = self.random.choice(PAGE_MODELS)
        page = model(title=self.word(), slug=self.slug_free_below(parent))
        if isinstance(page, app.EventPage):
            self.fill(page)
        if isinstance(page, app.ShelvedPage):
            page.topic = self.one(app.PlainTopic)
        if self.random.random() < 0.8:
            published(page, parent)
        else:
            page.live = False
            Page.objects.get(pk=parent.pk).add_child(instance=page)

    def fill(self, page: app.EventPage) -> None:
        page.type = self.random.choice(["talk", "walk"])
        page.summary = self.word()
        page.body = self.rich_text()
        page.image = self.one(Image)
        page.topic = self.one(app.PlainTopic)
        page.full_topics = [topic for topic in [self.one(app.FullTopic)] if topic]
        page.sessions = [
            app.Session(
                name=self.word(), speakers=[app.Speaker(name=self.word(), topic=page.topic)]
            )
            for _ in range(self.random.randrange(3))
        ]

    @edit
    def edit_page(self) -> None:
        if page := self.page():
            page.title = self.word_for(page)
            if isinstance(page, app.EventPage):
                self.fill(page)
            revision = page.save_revision()
            if self.random.random() < 0.7:
                revision.publish()

    @edit
    def change_slug(self) -> None:
        if page := self.page():
            page.slug = self.slug_free_below(page.get_parent(), page)
            page.save_revision().publish()

    @edit
    def change_slug_of_draft(self) -> None:
        if (
            page := self.one(Page.objects.filter(depth__gt=2, live=False))
        ) and page.alias_of is None:
            page.slug = self.slug_free_below(page.get_parent(), page)
            page.save()

    @edit
    def fill_stream(self) -> None:
        page = self.page(app.BlocksPage) or published(
            app.BlocksPage(title="Blocks", slug=f"blocks-{self.number}"), self.home
        )
        page.body = [
            ("char", self.word()),
            ("rich_text", self.rich_text()),
            *[("page", other) for other in [self.one(Page.objects.filter(depth__gt=1))] if other],
            *[("plain_topic", topic) for topic in [self.one(app.PlainTopic)] if topic],
            *[("image", image) for image in [self.one(Image)] if image],
            ("topics", [topic for topic in [self.one(app.DraftTopic)] if topic]),
        ]
        page.save_revision().publish()

    @edit
    def shelve(self) -> None:
        page = self.page(app.ShelvedPage) or published(
            app.ShelvedPage(title="Shelved", slug=f"shelved-{self.number}"), self.home
        )
        page.topic = self.one(app.PlainTopic) if self.random.random() < 0.8 else None
        page.save_revision().publish()

    @edit
    def change_slug_of_topic(self) -> None:
        if topic := self.one(app.PlainTopic):
            topic.slug, topic.weight = self.slug(), self.random.randrange(9)
            topic.save()

    @edit
    def fill_teasers(self) -> None:
        page = self.page(app.TeaserPage) or published(
            app.TeaserPage(title="Teasers", slug=f"teasers-{self.number}"), self.home
        )
        pages = Page.objects.filter(depth__gt=1)
        teaser = {"page": self.one(pages), "topic": self.one(app.FullTopic)}
        picture = {"image": self.one(Image), "caption": self.word()}
        more = [self.one(pages) for _ in range(self.random.randrange(3))]
        page.body = [("picture", picture), ("teaser", teaser | {"more": more})]
        page.save_revision().publish()

    @edit
    def unpublish_page(self) -> None:
        if page := self.page():
            UnpublishPageAction(page).execute(skip_permission_checks=True)

    @edit
    def publish_page(self) -> None:
        if page := self.page():
            (page.get_latest_revision() or page.save_revision()).publish()

    @edit
    def move_page(self) -> None:
        page, target = self.page(), self.parent()
        if page is None or self.within(target, page):
            return
        others = Page.objects.child_of(target).exclude(pk=page.pk)
        if not others.filter(slug=page.slug).exists():
            position = self.random.choice(["first-child", "last-child"])
            page.move(Page.objects.get(pk=target.pk), pos=position)

    @edit
    def order_pages(self) -> None:
        """A page gets another place, or a new one comes before it."""
        page = self.page()
        if page is None:
            return
        if self.random.random() < 0.3:
            slug = self.slug_free_below(page.get_parent())
            new = app.PlainPage(title=self.word(), slug=slug)
            page.add_sibling(pos=self.random.choice(["left", "right"]), instance=new)
            return
        other = self.one(Page.objects.child_of(page.get_parent()))
        page.move(other, pos=self.random.choice(["left", "right", "first-sibling"]))

    @edit
    def copy_page(self) -> None:
        page, target = self.page(), self.parent()
        if page and not self.within(target, page):
            slug = self.slug_free_below(target)
            page.copy(
                recursive=self.random.random() < 0.3,
                to=target,
                update_attrs={"slug": slug},
                keep_live=self.random.random() < 0.5,
            )

    @edit
    def alias_page(self) -> None:
        """Of any page, aliases included."""
        page, target = self.one(Page.objects.filter(depth__gt=2)), self.parent()
        if page and not self.within(target, page):
            page.specific.create_alias(parent=target, update_slug=self.slug_free_below(target))

    @edit
    def edit_with_a_full_disk(self) -> None:
        edits = [self.edit_page, self.fill_stream, self.fill_teasers, self.publish_page]
        full = OSError(errno.ENOSPC, "No space left on device")
        with (
            suppress(StorageError),
            mock.patch.object(FileSystemStorage, "_save", side_effect=full),
            transaction.atomic(),
        ):
            self.random.choice(edits)()

    @edit
    def delete_page(self) -> None:
        if (page := self.page()) and page.get_descendant_count() < 3:
            page.delete()

    @edit
    def restrict_page(self) -> None:
        if page := self.page():
            kind = self.random.choice(["login", "none", "password"])
            PageViewRestriction.objects.update_or_create(
                page=Page.objects.get(pk=page.pk),
                defaults={"restriction_type": kind, "password": "x"},
            )

    @edit
    def free_page(self) -> None:
        if restriction := self.one(PageViewRestriction):
            restriction.delete()

    @edit
    def schedule(self) -> None:
        """A page or a snippet is scheduled, and its time comes sooner or later."""
        if thing := self.random.choice([self.page(), self.one(app.FullTopic)]):
            thing.title = self.word_for(thing)
            thing.go_live_at = timezone.now() + datetime.timedelta(hours=1)
            thing.save_revision().publish()
        if self.random.random() < 0.5:
            self.let_time_pass()

    @edit
    def expire(self) -> None:
        if thing := self.random.choice([self.page(), self.one(app.FullTopic)]):
            thing.expire_at = timezone.now() + datetime.timedelta(hours=1)
            thing.save_revision().publish()
        self.let_time_pass()

    def let_time_pass(self) -> None:
        """Let the next hour pass at once for what is scheduled or expires."""
        hour = datetime.timedelta(hours=1)
        for revision in Revision.objects.exclude(approved_go_live_at=None):
            moment = datetime.datetime.fromisoformat(revision.content["go_live_at"]) - hour
            revision.content["go_live_at"] = moment.isoformat()
            revision.approved_go_live_at = moment
            revision.save()
        for model in (Page, app.FullTopic):
            model.objects.exclude(expire_at=None).update(expire_at=F("expire_at") - hour)
        while publish_due():
            pass

    @edit
    def show_in_menus(self) -> None:
        if page := self.page():
            page.show_in_menus = not page.show_in_menus
            page.save_revision().publish()

    @edit
    def edit_session(self) -> None:
        if session := self.one(app.Session):
            if self.random.random() < 0.5:
                session.delete()
            else:
                session.name = self.word()
                session.save()

    # Edits of snippets

    @edit
    def add_snippet(self) -> None:
        word, slug = self.word(), self.slug()
        self.random.choice(
            [
                lambda: samples.plain_topic(word, slug=slug, weight=self.random.randrange(9)),
                lambda: samples.draft_topic(word, text=self.rich_text()),
                lambda: samples.full_topic(word, slug=slug, related=self.one(app.FullTopic)),
                lambda: app.TranslatableTopic.objects.create(title=word),
                lambda: app.Car.objects.create(name=word, doors=2),
                lambda: samples.doctor(word, live=self.random.random() < 0.5),
                lambda: self.add_clinic(word),
                lambda: self.add_relations(word),
                lambda: app.Place.objects.create(code=f"c{self.number}", name=word),
            ]
        )()

    def add_relations(self, word: str) -> None:
        plain = self.one(app.PlainTopic) or samples.plain_topic(word)
        holder = app.Relations.objects.create(name=word, plain=plain)
        self.relate(holder)

    def add_clinic(self, word: str) -> None:
        doctor = self.one(app.Doctor) or samples.doctor(word)
        person = self.one(app.Person)
        samples.clinic(title=word, doctor=doctor, person=person)

    def relate(self, holder: app.Relations) -> None:
        holder.draft, holder.full = self.one(app.DraftTopic), self.one(app.FullTopic)
        holder.translatable = self.one(app.TranslatableTopic)
        holder.vehicle, holder.location = self.one(app.Vehicle), self.one(app.Place)
        holder.page = self.one(Page.objects.filter(depth__gt=1))
        holder.image, holder.document = self.one(Image), self.one(LibraryDocument)
        holder.itself = self.one(app.Relations)
        holder.save()

    @edit
    def edit_snippet(self) -> None:
        model = self.random.choice(
            [app.PlainTopic, app.DraftTopic, app.TranslatableTopic, app.FullTopic]
        )
        if topic := self.one(model):
            topic.title = self.word_for(topic)
            topic.save()

    @edit
    def draft_snippet(self) -> None:
        if topic := self.one(self.random.choice([app.DraftTopic, app.FullTopic, app.Doctor])):
            name = "name" if isinstance(topic, app.Doctor) else "title"
            setattr(topic, name, self.word_for(topic))
            revision = topic.save_revision()
            if self.random.random() < 0.5:
                revision.publish()

    @edit
    def unpublish_snippet(self) -> None:
        if topic := self.one(self.random.choice([app.DraftTopic, app.FullTopic, app.Doctor])):
            topic.unpublish()

    @edit
    def edit_relations(self) -> None:
        if holder := self.one(app.Relations):
            self.relate(holder)

    @edit
    def edit_many(self) -> None:
        holder, topic = self.one(app.Relations), self.one(app.PlainTopic)
        if holder and topic:
            self.random.choice(
                [
                    lambda: holder.many.add(topic),
                    lambda: holder.many.remove(topic),
                    lambda: topic.relations_many.clear(),
                    lambda: holder.many.set([topic]),
                    lambda: app.Membership.objects.create(relations=holder, topic=topic),
                    lambda: app.Step.objects.create(relations=holder, topic=topic),
                ]
            )()

    @edit
    def fill_clinic(self) -> None:
        """Its serializers, properties and methods read things in any locale."""
        clinic = self.one(app.Clinic) or samples.clinic(title=self.word())
        malay = Locale.objects.filter(language_code="ms").first()
        if malay and not clinic.has_translation(malay):
            clinic = clinic.copy_for_translation(malay)
            clinic.title = self.word("ms")
        clinic.doctor, clinic.person = self.one(app.Doctor), self.one(app.Person)
        clinic.save()
        clinic.doctors.set(filter(None, [clinic.doctor, self.one(app.Doctor)]))

    @edit
    def edit_children(self) -> None:
        if topic := self.one(app.FullTopic):
            chapter = app.Chapter.objects.create(
                topic=topic, heading=self.word(), locale=topic.locale
            )
            paragraph = app.Paragraph.objects.create(chapter=chapter, text=self.rich_text())
            app.Footnote.objects.create(paragraph=paragraph, text=self.word())
        if footnote := self.one(app.Footnote):
            footnote.text = self.word()
            footnote.save()

    @edit
    def edit_vehicle(self) -> None:
        if vehicle := self.one(self.random.choice([app.Vehicle, app.Car, app.FastCar])):
            vehicle.name = self.word()
            vehicle.successor = self.one(app.Vehicle)
            vehicle.save()

    @edit
    def delete_snippet(self) -> None:
        model = self.random.choice(
            [
                *(app.PlainTopic, app.DraftTopic, app.FullTopic, app.Relations, app.Vehicle),
                *(app.Place, app.Doctor, app.Person, app.Label),
            ]
        )
        if thing := self.one(model):
            thing.delete()

    @edit
    def tag(self) -> None:
        if topic := self.one(app.FullTopic):
            topic.tags.add(self.random.choice(["a", "b", "c"]))
            topic.save()
        if (tag := self.one(Tag)) and self.random.random() < 0.5:
            tag.name = self.word()
            tag.save()

    # Edits of images, documents, settings and sites

    @edit
    def add_file(self) -> None:
        samples.an_image(self.word())
        samples.a_document(self.word())

    @edit
    def edit_file(self) -> None:
        if thing := self.one(self.random.choice([Image, LibraryDocument])):
            thing.title = self.word()
            thing.save()

    @edit
    def hide_file(self) -> None:
        private = Collection.objects.filter(name="Private").first()
        if private is None:
            private = Collection.get_first_root_node().add_child(name="Private")
            CollectionViewRestriction.objects.create(
                collection=private, restriction_type=CollectionViewRestriction.LOGIN
            )
        if thing := self.one(self.random.choice([Image, LibraryDocument])):
            root = Collection.get_first_root_node()
            thing.collection = private if thing.collection == root else root
            thing.save()

    @edit
    def replace_file(self) -> None:
        """An image gets another file, or another focal point; a document gets another file."""
        picture, document = self.one(Image), self.one(LibraryDocument)
        if picture:
            if self.random.random() < 0.5:
                picture.file = get_test_image_file(f"{self.slug()}.png", size=(320, 240))
            picture.focal_point_x = picture.focal_point_y = self.random.randrange(1, 99)
            picture.focal_point_width = picture.focal_point_height = 10
            picture.save()
        if document:
            document.file = ContentFile(self.word().encode(), name=f"{self.slug()}.txt")
            document.save()

    @edit
    def hide_library(self) -> None:
        """All files outside of "Private" become private, or public again."""
        root = Collection.get_first_root_node()
        found = CollectionViewRestriction.objects.filter(collection=root).first()
        if found:
            found.delete()
        else:
            CollectionViewRestriction.objects.create(
                collection=root, restriction_type=CollectionViewRestriction.LOGIN
            )

    @edit
    def delete_file(self) -> None:
        if thing := self.one(self.random.choice([Image, LibraryDocument])):
            thing.delete()

    @edit
    def edit_settings(self) -> None:
        setting = app.ContactSettings.for_site(self.one(Site))
        setting.phone = self.word()
        setting.save()

    @edit
    def edit_site(self) -> None:
        site = self.one(Site)
        site.port = self.random.choice([80, 8080, 443])
        site.site_name = self.word()
        site.save()

    @edit
    def default_site(self) -> None:
        old, new = Site.objects.get(is_default_site=True), self.one(Site)
        old.is_default_site = False
        old.save()
        new = Site.objects.get(pk=new.pk)
        new.is_default_site = True
        new.save()

    @edit
    def redirect(self) -> None:
        path = Redirect.normalise_path(f"/{self.slug()}")
        Redirect.objects.filter(old_path=path).delete()
        page = self.page()
        Redirect.add_redirect(path, redirect_to=page or "https://example.org/")

    @edit
    def change_locales(self) -> None:
        """A locale without content comes and goes."""
        tamil, is_new = Locale.objects.get_or_create(language_code="ta")
        if not is_new and not Page.objects.filter(locale=tamil).exists():
            tamil.delete()

    @edit
    def translate(self) -> None:
        """Only in the project with a second locale."""
        if malay := Locale.objects.filter(language_code="ms").first():
            thing = self.one(
                self.random.choice(
                    [app.FullTopic, app.TranslatableTopic, app.Doctor, app.Person, app.Clinic]
                )
            )
            # A doctor is a person too, who may have been translated alone.
            model = app.Person if isinstance(thing, app.Doctor) else type(thing)
            if thing and not model.objects.filter(
                translation_key=thing.translation_key, locale=malay
            ):
                copy = thing.copy_for_translation(malay)
                name = "name" if isinstance(thing, app.Person) else "title"
                setattr(copy, name, self.word("ms"))
                copy.save()
            page = self.page()
            if page and page.locale != malay and not page.has_translation(malay):
                copy = page.copy_for_translation(malay, copy_parents=True, alias=False)
                copy.title = self.word("ms")
                copy.save_revision()
                if self.random.random() < 0.7:
                    copy.get_latest_revision().publish()

    # Receivers of the project

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Let a receiver make one more edit after the commit of some publishes and drafts."""
        signals = (page_published, page_unpublished, snippet_published, unpublished)
        for signal in signals:
            signal.connect(self.edit_on_commit)
        post_save.connect(self.edit_on_commit, sender=Revision)
        try:
            yield
        finally:
            for signal in signals:
                signal.disconnect(self.edit_on_commit)
            post_save.disconnect(self.edit_on_commit, sender=Revision)

    def edit_on_commit(self, **_: Any) -> None:
        if not self.is_receiving and self.random.random() < 0.2:
            transaction.on_commit(self.edit_as_receiver)

    def edit_as_receiver(self) -> None:
        self.is_receiving = True
        try:
            self.random.choice(
                [
                    *(self.edit_snippet, self.draft_snippet, self.unpublish_snippet),
                    *(self.edit_relations, self.edit_file, self.edit_settings, self.tag),
                    *(self.unpublish_page, self.publish_page, self.fill_teasers),
                ]
            )()
        finally:
            self.is_receiving = False


EDITS = [method for method in vars(Editors).values() if getattr(method, "is_edit", False)]


@contextmanager
def repeatable(seed: int, done: list[str]) -> Iterator[None]:
    """Add the command that repeats a failure as a note to its exception."""
    try:
        yield
    except BaseException as error:
        error.add_note(
            f"Again: NIGHTLY={os.environ.get('NIGHTLY', '')} DELIVERY_SEED={seed} "
            f"python -m pytest tests/test_random_edits.py --ds={MODULE}\n"
            f"{len(done)} edits: {' '.join(done)}"
        )
        raise


@contextmanager
def editing(seed: int, home: Page) -> Iterator[tuple[Editors, list[str]]]:
    """Editors with some content, and the names of their edits, which the block adds to."""
    done: list[str] = []
    if settings.WAGTAIL_I18N_ENABLED:
        Locale.objects.get_or_create(language_code="ms")
    editors = Editors(seed, home)
    with repeatable(seed, done), editors.receiving():
        editors.add_content()
        yield editors, done


@pytest.mark.parametrize("seed", SEEDS)
def test_the_store_equals_a_rebuild(
    seed: int, home: Page, second_site: Site, tmp_path: Path
) -> None:
    done: list[str] = []
    if settings.WAGTAIL_I18N_ENABLED:
        Locale.objects.get_or_create(language_code="ms")
    editors = Editors(seed, home)
    with repeatable(seed, done), editors.receiving():
        edit_at_random(editors, done, tmp_path)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_that_is_out_of_date_is_in_the_queue(
    seed: int,
    home: Page,
    second_site: Site,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Workers compile what follows, at random moments, and some of them are killed."""
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": 1}
    monkeypatch.setattr(pending, "ADDED_BY_WORKER", 2)
    WorkerSign.objects.create(pk=1, seen_at=timezone.now() + datetime.timedelta(hours=1))
    done: list[str] = []
    if settings.WAGTAIL_I18N_ENABLED:
        Locale.objects.get_or_create(language_code="ms")
    editors = Editors(seed, home)
    with repeatable(seed, done), editors.receiving():
        edit_at_random(editors, done, tmp_path, partial(work_at_random, editors))


class WorkerKilledError(BaseException):
    """Ends a worker in the middle of its work."""


def work_at_random(editors: Editors) -> None:
    """Let workers run, be killed, or not run at all; what is out of date stays in the queue."""
    chance = editors.random.random()
    if chance < 0.3:
        with suppress(WorkerKilledError), killed_worker(editors.random.randrange(4)):
            compile_next_pending()
    elif chance < 0.5:
        compile_next_pending()
    if chance < 0.1:
        queued = queued_sources()
        # A redirect follows the document that it leads to.
        found = {one.source for one in differences() if one.what != "leads to the wrong target"}
        assert found <= queued


@contextmanager
def killed_worker(after: int) -> Iterator[None]:
    """A worker in this block is killed after it has compiled `after` documents."""
    compiled = 0

    def compile_or_die(source: str, *rest: Any) -> Any:
        nonlocal compiled
        if compiled == after:
            raise WorkerKilledError
        compiled += 1
        return compile_source(source, *rest)

    with mock.patch.object(compiling, "compile_source", compile_or_die):
        yield


def queued_sources() -> set[str]:
    """The sources in the queue, and those that are still to be added."""
    found = set(PendingDocument.objects.values_list("source", flat=True))
    for row in PendingDependents.objects.all():
        documents = PublishedDocument.objects.filter(dependencies__key__in=row.keys)
        others = documents.filter(pk__gt=row.after).exclude(source__in=row.without)
        found.update(others.values_list("source", flat=True))
    return found


def drain() -> None:
    """Let a worker compile the whole queue, also what killed workers began."""
    while PendingDocument.objects.exists() or PendingDependents.objects.exists():
        PendingDocument.objects.update(not_before=None)
        compile_next_pending()


def test_a_failure_includes_the_command_to_repeat_it() -> None:
    with pytest.raises(LookupError) as caught, repeatable(5, ["add_page", "tag"]):
        raise LookupError
    [note] = caught.value.__notes__
    assert "DELIVERY_SEED=5 python -m pytest tests/test_random_edits.py --ds=" in note
    assert note.endswith("2 edits: add_page tag")


def edit_at_random(
    editors: Editors,
    done: list[str],
    folder: Path,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    editors.add_file()
    for _ in range(20):
        editors.add_page()
        editors.add_snippet()
    editors.fill_clinic()
    mirror = Mirror()
    for step in range(STEPS):
        act = editors.random.choice(EDITS)
        done.append(act.__name__)
        act(editors)
        meanwhile()
        if step % 30 == 0:
            drain()
            assert differences() == []
        if step % 10 == 0:
            mirror.follow()
            export(folder / "followed")
    drain()
    assert differences() == []
    assert_change_log_reproduces_the_store()
    mirror.follow()
    assert mirror.documents == crawled()
    for name in ("followed", "new"):
        export(folder / name)
    assert files_in(folder / "followed") == files_in(folder / "new")
    assert_is_complete(folder / "new")
    assert_routes_match_documents()
    assert_other_languages_are_told()
    assert_automatic_redirects_are_from_public_addresses()

    before = everything()
    PublishedDocument.objects.all().delete()
    call_command("delivery_rebuild", verbosity=0)
    assert everything() == before


def assert_change_log_reproduces_the_store() -> None:
    """A mirror that follows the log equals the store."""
    mirror: dict[tuple[str, str, str], str] = {}
    for change in Change.objects.order_by("sequence"):
        identity = (change.collection, change.resource_id, change.locale)
        if change.action == Change.REARRANGED:
            continue
        if change.action == Change.UPSERT:
            mirror[identity] = change.etag
        else:
            assert mirror.pop(identity, None) is not None, f"{change} of what was not there"
    stored = PublishedDocument.objects.values_list("collection", "resource_id", "locale", "etag")
    assert mirror == {row[:3]: row[3] for row in stored}


def assert_routes_match_documents() -> None:
    """Each page is at its address, and every route with a document leads to its own."""
    for document in PublishedDocument.objects.exclude(path=""):
        pages = Route.objects.filter(site=document.site, path=document.path, origin="")
        assert pages.latest("pk").document == document
    for route in Route.objects.exclude(document=None):
        assert route.document.resource_id == route.resource_id
        assert route.document.locale == route.locale


def assert_other_languages_are_told() -> None:
    """No document has words written in another locale whose language it does not tell."""
    mine = [*apps.get_app_config("testapp").get_models(), Page, Site, Tag]
    words = {model: list(model._base_manager.values()) for model in mine}
    for locale in Locale.objects.all():
        # Words of a thing without a locale have no language, and a page may be copied elsewhere.
        rows = [row for model in mine for row in words[model] if is_in(locale, model, row)]
        own = set(WRITTEN.findall(str(rows)))
        bodies = [
            *PublishedDocument.objects.filter(locale=locale.language_code),
            *FallbackBody.objects.filter(document__locale=locale.language_code),
        ]
        for one in bodies:
            body = json.loads(bytes(one.body))
            told = body["meta"]["translation"]["untranslated"]
            for pointer in differing_texts(body, None):
                written = WRITTEN.findall(str(part_at(body, pointer)))
                foreign = {word for word in written if word[0] != locale.language_code} - own
                assert not foreign or pointer in told, (one, pointer, foreign)


def is_in(locale: Locale, model: type[Any], row: dict[str, Any]) -> bool:
    return not issubclass(model, TranslatableMixin) or row["locale_id"] == locale.pk


def part_at(body: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        body = body[int(name) if isinstance(body, list) else name]
    return body


def assert_automatic_redirects_are_from_public_addresses() -> None:
    public = set(Change.objects.values_list("path", flat=True))
    created = Redirect.objects.filter(automatically_created=True)
    assert {f"{path.rstrip('/')}/" for path in created.values_list("old_path", flat=True)} <= public
