"""Documents show the titles and descriptions of library files in their own language."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as project
from wagtail.images.models import Image
from wagtail.models import Locale, Page

from tests import samples
from tests.samples import published
from tests.stored import body_of, differences
from tests.test_locales import translated
from tests.testapp import models as app
from wagtail_delivery.extending import record_change

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not project.WAGTAIL_I18N_ENABLED, reason="one locale"),
]

#: The texts of files, by file and language.
TEXTS: dict[tuple[Any, str], Any] = {}
#: How many files were asked for together, and in which language.
ASKED: list[tuple[int, str]] = []


def texts_of(files: Collection[Any], language: str) -> dict[Any, Any]:
    """What a translation plugin says."""
    ASKED.append((len(files), language))
    return {file: TEXTS[file, language] for file in files if (file, language) in TEXTS}


def say(
    file: Any, language: str = "ms", *, stale: Any = (), languages: Any = (), **texts: str
) -> None:
    TEXTS[(type(file), file.pk), language] = SimpleNamespace(
        texts=texts, languages=dict(languages), stale=frozenset(stale)
    )
    record_change(file)


@pytest.fixture(autouse=True)
def plugin(settings: Any) -> Iterator[None]:
    provider = f"{__name__}.{texts_of.__name__}"
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"FILE_TEXTS": provider}
    yield
    TEXTS.clear()
    ASKED.clear()


@pytest.fixture
def malay_home(home: Page, ms: Locale) -> Page:
    home.copy_for_translation(ms).save_revision().publish()
    return Page.objects.get(locale=ms, depth=2)


def image(title: str, description: str = "") -> Image:
    found = samples.an_image(title)
    found.description = description
    found.save()
    return found


def malay_page(home: Page, ms: Locale, *blocks: tuple[str, Any]) -> Any:
    body = [
        {"type": name, "id": f"b{number}", "value": value}
        for number, (name, value) in enumerate(blocks)
    ]
    page = published(app.BlocksPage(title="B", slug="b", body=json.dumps(body)), home)
    return translated(page, ms, title="M")


def told(thing: Any) -> tuple[dict[str, str], list[str]]:
    """The languages of untranslated texts in the blocks of a document, and the stale ones."""
    found = body_of(thing)["meta"]["translation"]
    languages = {at: code for at, code in found["languages"].items() if at.startswith("/body")}
    return languages, found["stale"]


TITLE, ALT = "/body/0/value/title", "/body/0/value/alt"


def test_each_text_is_the_documents_or_else_its_own(
    home: Page, malay_home: Page, ms: Locale
) -> None:
    picture = image("House", "A white house")
    malay = malay_page(home, ms, ("image", picture.pk))
    assert told(malay)[0] == {TITLE: "en", ALT: "en"}
    say(picture, description="Sebuah rumah putih")
    shown = body_of(malay)["body"][0]["value"]
    assert (shown["title"], shown["alt"]) == ("House", "Sebuah rumah putih")
    assert told(malay) == ({TITLE: "en"}, [])
    say(picture, title="Rumah", description="Sebuah rumah putih", stale={"description"})
    assert told(malay) == ({}, [ALT])
    assert differences() == []


def test_an_alternative_text_that_is_the_title_has_the_titles_language(
    home: Page, malay_home: Page, ms: Locale
) -> None:
    picture = image("House")
    malay = malay_page(home, ms, ("image", picture.pk))
    say(picture, title="Rumah", stale={"title"})
    shown = body_of(malay)["body"][0]["value"]
    assert (shown["title"], shown["alt"]) == ("Rumah", "Rumah")
    assert told(malay) == ({}, [TITLE, ALT])


def test_a_text_that_is_another_languages_after_all_is_told(
    home: Page, malay_home: Page, ms: Locale
) -> None:
    picture = image("House", "A white house")
    malay = malay_page(home, ms, ("image", picture.pk))
    say(picture, title="Haus", description="Rumah", languages={"title": "de"})
    assert told(malay)[0] == {TITLE: "de"}


def test_the_title_of_a_document(home: Page, malay_home: Page, ms: Locale) -> None:
    file = samples.a_document()
    malay = malay_page(home, ms, ("document", file.pk))
    say(file, title="Borang")
    assert body_of(malay)["body"][0]["value"]["title"] == "Borang"
    assert told(malay)[0] == {}


def test_a_text_written_for_its_place_stays(home: Page, malay_home: Page, ms: Locale) -> None:
    picture = image("House", "A white house")
    value = {"image": picture.pk, "alt_text": "Di sini", "decorative": False}
    malay = malay_page(home, ms, ("image_block", value))
    say(picture, title="Rumah", description="Sebuah rumah putih")
    assert body_of(malay)["body"][0]["value"]["alt"] == "Di sini"


def test_the_language_of_the_library_is_never_asked_for(home: Page) -> None:
    page = published(app.BlocksPage(title="B", slug="b"), home)
    page.body = json.dumps([{"type": "image", "id": "a", "value": image("House").pk}])
    page.save_revision().publish()
    assert ASKED == []


def test_all_files_of_a_block_type_are_asked_for_together(
    home: Page, malay_home: Page, ms: Locale
) -> None:
    pictures = [image(f"House {number}") for number in range(5)]
    malay = malay_page(home, ms, *(("image", each.pk) for each in pictures))
    ASKED.clear()
    record_change(malay)
    assert ASKED == [(5, "ms")]


def test_the_alternative_text_of_a_rendition_is_translated(
    home: Page, malay_home: Page, ms: Locale
) -> None:
    picture = image("House", "A white house")
    page = published(app.EventPage(title="E", slug="e", type="talk", image=picture), home)
    malay = translated(page, ms, title="Acara")
    say(picture, title="Rumah", description="Sebuah rumah putih", stale={"description"})
    shown = body_of(malay)
    assert shown["image"]["alt"] == shown["thumbnail"]["alt"] == "Sebuah rumah putih"
    found = shown["meta"]["translation"]
    assert {"/image/alt", "/thumbnail/alt"} <= {*found["stale"]}
    assert not {"/image/alt", "/thumbnail/alt"} & {*found["languages"]}
    assert body_of(page)["thumbnail"]["alt"] == "A white house"
    assert differences() == []
