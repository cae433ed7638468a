"""Editors at work in two locales, with a secret word in everything that is not public.

The machine does what the admin does, in any order: drafts, publishing, withdrawing, expiry, private
pages, moves, aliases, copies, snippets and translations. After each step it asks the API for
everything, as anybody could, and looks for the word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.core.management import call_command
from django.db import transaction
from django.test import Client, TestCase
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from cms.headless.models import Change, Dependency, Document, DocumentKey, Route
from cms.headless.rebuild import verify
from cms.pages.models import HomePage, ProfilePage
from cms.snippets.models import Act
from tests.factories import HomePageFactory

SECRET = "rahsiabesar"
#: A word of every Malay and of every English text, to tell the languages apart.
MALAY, ENGLISH = "melayu", "english"
API = "/api/v1"
ANY = st.integers(min_value=0, max_value=10_000)


class SecretsMachine(RuleBasedStateMachine):
    """The database is as it was when the machine ends."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.number = 0
        #: Every address that was ever public, to be asked for again.
        self.paths: set[str] = {"/", f"/ms/{SECRET}/", "/ms/tiada/"}
        self.client = Client()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        super().teardown()

    @initialize()
    def begin(self) -> None:
        self.malay = Locale.objects.get(language_code="ms")
        self.english = Locale.objects.get(language_code="en")
        home = HomePageFactory(title=f"Utama {MALAY}", locale=self.malay)
        Site.objects.all().delete()
        Site.objects.create(
            hostname="localhost", port=80, is_default_site=True, root_page=home, site_name="PERKESO"
        )
        home.save_revision().publish()

    # What there is

    def clean(self, kind: str, locale: Locale | None = None) -> str:
        self.number += 1
        word = ENGLISH if locale == self.english else MALAY
        return f"{kind} {self.number} {word}"

    def pages(self) -> list[ProfilePage]:
        return list(ProfilePage.objects.order_by("path"))

    def page(self, pick: int) -> ProfilePage:
        found = self.pages()
        return found[pick % len(found)]

    def acts(self) -> list[Act]:
        return list(Act.objects.order_by("pk"))

    def act(self, pick: int) -> Act:
        found = self.acts()
        return found[pick % len(found)]

    @staticmethod
    def is_private(page: Page) -> bool:
        return bool(page.get_view_restrictions())

    def write(self, page: ProfilePage, text: str) -> None:
        """Give the page's texts these words, and let it refer to what there is."""
        page.title = text
        page.introduction = f"<p>{text}</p>"
        page.summary = text
        sections: list[Any] = [("text", {"heading": text, "anchor": "a", "body": f"<p>{text}</p>"})]
        acts = Act.objects.filter(locale=page.locale)
        if acts:
            sections.append(("acts", {"heading": text, "anchor": "b", "acts": list(acts)}))
        others = Page.objects.filter(depth__gt=2).exclude(pk=page.pk)[:3]
        links = "".join(f'<a linktype="page" id="{other.pk}">{text}</a>' for other in others)
        sections.append(("text", {"heading": text, "anchor": "c", "body": f"<p>{links}</p>"}))
        page.sections = sections

    # What editors do

    @rule(pick=ANY, below=st.booleans())
    def draft_a_page(self, pick: int, below: bool) -> None:
        parent: Page = HomePage.objects.get(locale=self.malay)
        self.number += 1
        page = ProfilePage(slug=f"{SECRET}-{self.number}", locale=self.malay, live=False)
        self.write(page, f"{SECRET} {MALAY}")
        parent.add_child(instance=page)
        page.save_revision()

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def edit_without_publishing(self, pick: int) -> None:
        page = self.page(pick)
        if page.alias_of_id:
            return
        latest = page.get_latest_revision_as_object()
        self.write(latest, f"{SECRET} {MALAY}")
        latest.search_description = SECRET
        latest.save_revision()

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def publish(self, pick: int) -> None:
        page = self.page(pick)
        if page.alias_of_id:
            return
        self.number += 1
        page.slug = f"awam-{self.number}"
        page.search_description = ""
        self.write(page, SECRET if self.is_private(page) else self.clean("Profil", page.locale))
        page.expire_at = page.go_live_at = None
        page.save_revision().publish()

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def schedule(self, pick: int) -> None:
        page = self.page(pick)
        if page.alias_of_id:
            return
        draft = page.get_latest_revision_as_object()
        self.write(draft, f"{SECRET} {MALAY}")
        draft.go_live_at = timezone.now() + timedelta(days=1)
        draft.save_revision().publish()

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def unpublish(self, pick: int) -> None:
        page = self.page(pick)
        page.unpublish()
        self.hide(page.pk)

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def expire(self, pick: int) -> None:
        page = self.page(pick)
        if page.alias_of_id or not page.live:
            return
        ProfilePage.objects.filter(pk=page.pk).update(
            expire_at=timezone.now() - timedelta(minutes=1)
        )
        call_command("publish_scheduled", verbosity=0)
        self.hide(page.pk)

    def hide(self, pk: int) -> None:
        """What is not public may be written over with the secret."""
        page = ProfilePage.objects.get(pk=pk)
        if not page.live:
            self.write(page, f"{SECRET} {MALAY}")
            page.save()

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def make_private(self, pick: int) -> None:
        page = self.page(pick)
        if self.is_private(page):
            return
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
        if page.live and not page.alias_of_id and not page.aliases.exists():
            self.write(page, f"{SECRET} {MALAY}")
            page.save_revision().publish()

    @precondition(lambda self: PageViewRestriction.objects.exists())
    @rule(pick=ANY)
    def make_public_again(self, pick: int) -> None:
        restrictions = list(PageViewRestriction.objects.order_by("pk"))
        restriction = restrictions[pick % len(restrictions)]
        page = ProfilePage.objects.get(pk=restriction.page_id)
        if page.live and not page.alias_of_id:
            self.write(page, self.clean("Profil", page.locale))
            page.search_description = ""
            page.save_revision().publish()
        restriction.delete()

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def change_the_slug(self, pick: int) -> None:
        page = self.page(pick)
        if page.alias_of_id or not page.live:
            return
        self.number += 1
        fresh = ProfilePage.objects.get(pk=page.pk)
        fresh.slug = f"pindah-{self.number}"
        fresh.save()

    @precondition(lambda self: len(self.pages()) > 1)
    @rule(pick=ANY, other=ANY, position=st.sampled_from(["left", "right"]))
    def reorder(self, pick: int, other: int, position: str) -> None:
        page, target = self.page(pick), self.page(other)
        if page.pk != target.pk and page.get_parent().pk == target.get_parent().pk:
            page.move(target, pos=position)

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def make_an_alias(self, pick: int) -> None:
        page = self.page(pick)
        if page.alias_of_id or self.is_private(page):
            return
        self.number += 1
        CreatePageAliasAction(page, update_slug=f"alias-{self.number}").execute(
            skip_permission_checks=True
        )

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def make_an_alias_in_english(self, pick: int) -> None:
        """What synchronised locale trees make: Malay text below /en/, which is no translation."""
        page = self.page(pick)
        if page.alias_of_id or page.locale != self.malay or page.has_translation(self.english):
            return
        page.copy_for_translation(self.english, copy_parents=True, alias=True)

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def copy(self, pick: int) -> None:
        page = self.page(pick)
        self.number += 1
        page.copy(
            update_attrs={"slug": f"{SECRET}-{self.number}", "title": SECRET}, keep_live=False
        )

    @precondition(lambda self: self.pages())
    @rule(pick=ANY)
    def delete(self, pick: int) -> None:
        self.page(pick).delete()

    # Snippets

    @rule()
    def draft_an_act(self) -> None:
        self.number += 1
        act = Act(
            title=f"{SECRET} {MALAY}",
            slug=f"{SECRET}-{self.number}",
            number=self.number,
            year=2000,
            locale=self.malay,
            live=False,
        )
        act.save()
        act.save_revision()

    @precondition(lambda self: self.acts())
    @rule(pick=ANY)
    def publish_an_act(self, pick: int) -> None:
        act = self.act(pick)
        act.title = self.clean("Akta", act.locale)
        act.remarks = act.title
        act.slug = f"akta-{act.number}"
        act.save_revision().publish()

    @precondition(lambda self: self.acts())
    @rule(pick=ANY)
    def edit_an_act_without_publishing(self, pick: int) -> None:
        act = self.act(pick)
        act.title = f"{SECRET} {MALAY}"
        act.save_revision()

    @precondition(lambda self: self.acts())
    @rule(pick=ANY)
    def unpublish_an_act(self, pick: int) -> None:
        act = self.act(pick)
        act.unpublish()
        act = Act.objects.get(pk=act.pk)
        act.title = act.remarks = f"{SECRET} {MALAY}"
        act.save()

    # Translation

    @precondition(lambda self: self.pages() or self.acts())
    @rule(pick=ANY)
    def submit_for_translation(self, pick: int) -> None:
        found = [
            *(page for page in self.pages() if page.locale == self.malay and not page.alias_of_id),
            *(act for act in self.acts() if act.locale == self.malay),
        ]
        if found:
            with TestCase.captureOnCommitCallbacks(execute=True):
                translate_object(found[pick % len(found)], [self.english])

    @precondition(lambda self: Translation.objects.exists())
    @rule(pick=ANY, secret=st.booleans(), share=st.sampled_from([1, 2]))
    def translate(self, pick: int, secret: bool, share: int) -> None:
        """Some or all strings; nothing is public of it before somebody publishes."""
        translation = self.translation(pick)
        segments = StringSegment.objects.filter(source=translation.source).order_by("order")
        for segment in list(segments)[::share]:
            self.number += 1
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=self.english,
                context=segment.context,
                defaults={
                    "data": SECRET if secret else f"Text {self.number} {ENGLISH}",
                    "translation_type": "manual",
                },
            )

    @precondition(lambda self: Translation.objects.exists())
    @rule(pick=ANY)
    def publish_a_translation(self, pick: int) -> None:
        translation = self.translation(pick)
        if SECRET in translation.source.content_json:
            # The words of a draft were submitted; publishing them would be the editor's will.
            return
        StringTranslation.objects.filter(data=SECRET, locale=self.english).delete()
        with TestCase.captureOnCommitCallbacks(execute=True):
            translation.save_target(publish=True)

    @precondition(lambda self: Translation.objects.exists())
    @rule(pick=ANY, from_source=st.booleans())
    def save_a_translation_as_draft(self, pick: int, from_source: bool) -> None:
        """Also what `Sync translated pages` does: the source as it is now, nothing published."""
        translation = self.translation(pick)
        with TestCase.captureOnCommitCallbacks(execute=True):
            if from_source:
                translation.source.update_from_db()
            translation.save_target(publish=False)

    @precondition(lambda self: Translation.objects.exists())
    @rule(pick=ANY)
    def stop_or_restart_a_translation(self, pick: int) -> None:
        translation = self.translation(pick)
        translation.enabled = not translation.enabled
        translation.save(update_fields=["enabled"])

    def translation(self, pick: int) -> Translation:
        found = list(Translation.objects.order_by("pk"))
        return found[pick % len(found)]

    # What anybody can ask for

    @invariant()
    def nothing_secret_is_stored_for_the_public(self) -> None:
        for document in Document.objects.all():
            for value in (document.body, document.card):
                assert SECRET.encode() not in bytes(value), str(document)
            assert SECRET not in document.path + document.slug
            self.paths.add(document.path or "/")
        for model, column in ((Route, "path"), (Change, "path"), (Dependency, "key")):
            assert not model._default_manager.filter(**{f"{column}__contains": SECRET}).exists()
        for value in DocumentKey.objects.values_list("value", flat=True):
            assert SECRET.encode() not in bytes(value)

    @invariant()
    def nothing_secret_is_served(self) -> None:
        for url in self.addresses():
            response = self.client.get(url)
            assert response.status_code < 500, (url, response.content)
            if SECRET not in url:
                assert SECRET.encode() not in response.content, url
            elif "resolve" in url:
                assert response.status_code in (404, 410), url

    def addresses(self) -> Iterator[str]:
        yield from (f"{API}/", f"{API}/locales")
        for path in sorted(self.paths):
            yield f"{API}/resolve?path={quote(path)}"
        for locale in ("ms", "en"):
            yield f"{API}/site?locale={locale}"
            for collection, model in (("pages", Page), ("acts", Act)):
                for fallback in ("", "&fallback=ms"):
                    yield from self.list_addresses(f"{API}/{collection}?locale={locale}{fallback}")
                for key in model._default_manager.values_list("translation_key", flat=True):
                    yield f"{API}/{collection}/{key}?locale={locale}"
                    yield f"{API}/{collection}/{key}?locale={locale}&fallback=ms"
        for slug in Act.objects.values_list("slug", flat=True):
            yield f"{API}/acts/{slug}"

    def list_addresses(self, url: str) -> Iterator[str]:
        address: str | None = f"{url}&limit=2"
        while address:
            yield address
            following = json.loads(self.client.get(address).content).get("next")
            address = f"{url}&limit=2&cursor={following}" if following else None

    @invariant()
    def no_malay_text_is_passed_off_as_english(self) -> None:
        for document in Document.objects.filter(locale="en"):
            body = json.loads(bytes(document.body))
            told = {
                tuple(pointer.split("/")) for pointer in body["meta"]["translation"]["untranslated"]
            }
            for pointer, text in texts(body):
                if MALAY in text and pointer[1:2] != ("meta",):
                    assert any(pointer[: len(part)] == part for part in told), (pointer, text)

    @invariant()
    def the_store_is_what_published_content_gives(self) -> None:
        assert not list(verify())


def texts(value: Any, pointer: tuple[str, ...] = ("",)) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a document, with the steps of its JSON pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, (*pointer, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from texts(part, (*pointer, str(index)))
