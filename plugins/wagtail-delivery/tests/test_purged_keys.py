"""Purged by the keys of the change log, a cache never has an old answer; see docs/following.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, Site

from tests import samples
from tests.http_caches import HttpCache, all_addresses
from tests.samples import published, reloaded
from tests.stored import last_sequence
from tests.test_locales import translated
from tests.test_random_edits import EDITS, SEEDS, STEPS, editing
from tests.testapp import models as app
from wagtail_delivery.models import Change

pytestmark = pytest.mark.django_db


class Follower:
    """Purges a cache of what the change log has."""

    def __init__(self) -> None:
        self.cache = HttpCache()
        self.sequence = last_sequence()

    def follow(self) -> None:
        """Purge the cache of the entries since the last time."""
        for entry in Change.objects.filter(sequence__gt=self.sequence).order_by("sequence"):
            self.cache.purge(set(entry.surrogate_keys.split()))
            self.sequence = entry.sequence

    def assert_current(self) -> None:
        """Every answer in the cache is what the API answers now."""
        for address, old, new in self.cache.stale():
            raise AssertionError(f"{address} is old:\n{old!r}\nnow:\n{new!r}")


@pytest.fixture
def follower(home: Page) -> Follower:
    return Follower()


def moved(page: Page, slug: str) -> Any:
    page = reloaded(page)
    page.slug = slug
    page.save_revision().publish()
    return page


def after(follower: Follower, addresses: list[str], change: Callable[[], Any]) -> list[str]:
    """Which of `addresses` are purged by what `change` logs; asserts that the others are current.

    Each must be in the cache before.
    """
    follower.cache.fill(addresses)
    assert set(addresses) <= follower.cache.answers.keys()
    change()
    follower.follow()
    follower.assert_current()
    return [one for one in addresses if one not in follower.cache.answers]


def test_an_edit_purges_the_document_its_addresses_and_its_lists(
    follower: Follower, home: Page
) -> None:
    page = published(app.PlainPage(title="Page", slug="page"), home)
    other = published(app.PlainPage(title="Other", slug="other"), home)
    topic = samples.plain_topic("Topic")
    own = [f"/pages/{page.translation_key}", "/resolve?path=/page/", "/resolve?path=/page"]
    others = [
        *(f"/pages/{other.translation_key}", "/resolve?path=/other/"),
        *("/plain_topics", f"/plain_topics/{topic.pk}", "/site"),
    ]

    def edit() -> None:
        page.title = "Edited"
        page.save_revision().publish()

    follower.follow()
    assert after(follower, [*own, "/pages", "/pages?order=title", *others], edit) == [
        *own,
        "/pages",
        "/pages?order=title",
    ]


def test_what_shows_a_document_is_purged_only_if_it_changes(follower: Follower, home: Page) -> None:
    topic = samples.full_topic("Topic")
    page = published(
        app.EventPage(title="Event", slug="event", type="talk", full_topics=[topic]), home
    )
    shown, own = f"/pages/{page.translation_key}", f"/full_topics/{topic.translation_key}"
    follower.follow()

    def edit_what_cards_show() -> None:
        topic.title = "Renamed"
        topic.save_revision().publish()

    def edit_what_cards_leave_out() -> None:
        topic.text = "<p>More</p>"
        topic.save_revision().publish()

    assert after(follower, [shown, own], edit_what_cards_show) == [shown, own]
    assert after(follower, [shown, own], edit_what_cards_leave_out) == [own]


def test_a_page_at_an_address_that_led_elsewhere(follower: Follower, home: Page) -> None:
    moved(published(app.PlainPage(title="First", slug="first"), home), "second")
    follower.follow()
    addresses = ["/resolve?path=/first/", "/resolve?path=/first", "/resolve?path=/second/"]
    purged = after(
        follower,
        addresses,
        lambda: published(app.PlainPage(title="New", slug="first"), home),
    )
    assert purged == addresses[:2]


def test_a_page_at_an_address_that_an_editors_redirect_led_elsewhere(
    follower: Follower, home: Page
) -> None:
    Redirect.add_redirect("/new", redirect_to="https://example.org/")
    assert after(
        follower,
        ["/resolve?path=/new/"],
        lambda: published(app.PlainPage(title="New", slug="new"), home),
    )


def test_a_page_that_returns_at_another_address(follower: Follower, home: Page) -> None:
    """Its past address leads to it again, and no longer to the page that was there before it."""
    moved(published(app.PlainPage(title="Before", slug="past"), home), "before")
    page = moved(published(app.PlainPage(title="Page", slug="past"), home), "page")
    page.unpublish()
    follower.follow()
    follower.cache.fill(["/resolve?path=/past/"])
    assert b"/before/" in follower.cache.answers["/resolve?path=/past/"][0]
    assert after(follower, ["/resolve?path=/past/"], lambda: moved(page, "returned"))
    assert b"/returned/" in (follower.cache.fetch("/resolve?path=/past/") or b"")


def test_a_slug_that_another_snippet_gets(follower: Follower, home: Page) -> None:
    first, second = samples.plain_topic("First", slug="one"), samples.plain_topic("B", slug="two")
    address = "/plain_topics/two"
    follower.follow()

    def take_the_slug() -> None:
        first.slug = "two"
        first.save()

    def give_it_back() -> None:
        first.slug = "one"
        first.save()

    by_id = f"/plain_topics/{second.pk}"
    assert after(follower, [address, by_id], take_the_slug) == [address]
    assert after(follower, [address, by_id], give_it_back) == [address]


def test_another_default_site(follower: Follower, home: Page, second_site: Site) -> None:
    published(app.PlainPage(title="Page", slug="page"), home)
    published(app.PlainPage(title="There", slug="page"), reloaded(second_site.root_page))
    addresses = ["/site", "/locales", "/pages", "/resolve?path=/page/", "/resolve?path=/"]
    follower.follow()

    def switch() -> None:
        old = Site.objects.get(is_default_site=True)
        old.is_default_site = False
        old.save()
        new = Site.objects.get(pk=second_site.pk)
        new.is_default_site = True
        new.save()

    assert after(follower, addresses, switch) == addresses


def test_a_withdrawal_and_what_was_not_there(follower: Follower, home: Page) -> None:
    """Nothing keeps a 404 or 410, so a publish needs no purge of it."""
    page = published(app.PlainPage(title="Page", slug="page"), home)
    addresses = [f"/pages/{page.translation_key}", "/resolve?path=/page/"]
    follower.follow()
    assert after(follower, addresses, lambda: reloaded(page).unpublish()) == addresses
    for address in [*addresses, "/resolve?path=/nothing/", "/plain_topics/nothing"]:
        assert follower.cache.fetch(address) is None


with_locales = pytest.mark.skipif(not settings.WAGTAIL_I18N_ENABLED, reason="one locale")


@with_locales
def test_a_translation_in_place_of_a_fallback(follower: Follower, home: Page, ms: Locale) -> None:
    translated(home, ms, title="Utama")
    page = published(app.PlainPage(title="Page", slug="page"), home)
    addresses = [
        f"/pages/{page.translation_key}?locale=ms&fallback=en",
        "/resolve?path=/ms/page/&fallback=en",
        "/pages?locale=ms&fallback=en",
    ]
    follower.follow()
    malay: list[Any] = []

    def translate() -> None:
        malay.append(translated(page, ms, title="Halaman", slug="halaman"))

    assert after(follower, addresses, translate) == addresses
    assert after(follower, addresses, lambda: malay[0].unpublish()) == addresses


@with_locales
def test_a_translation_above_a_fallback(follower: Follower, home: Page, ms: Locale) -> None:
    """An address finds its page in the fallback by the pages above it."""
    translated(home, ms, title="Utama")
    above = published(app.PlainPage(title="Above", slug="above"), home)
    published(app.PlainPage(title="Page", slug="page"), above)
    other = published(app.PlainPage(title="Other", slug="other"), home)
    published(app.PlainPage(title="Page", slug="page"), other)
    address = "/resolve?path=/ms/above/page/&fallback=en"
    follower.follow()
    # The translation of another page gets the address above.
    assert after(follower, [address], lambda: translated(other, ms, title="L", slug="above"))


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_in_the_cache_is_old(seed: int, home: Page, second_site: Site) -> None:
    with editing(seed, home) as (editors, done):
        follower = Follower()
        for step in range(STEPS):
            if step % 6 == 0:
                follower.cache.fill(all_addresses())
            act = editors.random.choice(EDITS)
            done.append(act.__name__)
            act(editors)
            follower.follow()
            if step % 3 == 2:
                follower.assert_current()
        assert follower.cache.answers
