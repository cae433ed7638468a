"""Documents name the texts whose source has changed since they were translated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as project
from wagtail.models import Locale, Page

from tests import samples
from tests.samples import published
from tests.statuses import of_each
from tests.stored import body_of, differences
from tests.test_locales import translated
from tests.testapp import models as app
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.extending import publishing, record_change

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not project.WAGTAIL_I18N_ENABLED, reason="one locale"),
]
#: Stale content paths in Malay, by model.
STALE: dict[type[Any], frozenset[str]] = {}


@of_each
def status_of(instance: Any) -> TranslationStatus:
    if instance.locale.language_code == "en":
        return TranslationStatus("en", "source", frozenset())
    stale = STALE.get(type(instance), frozenset())
    found = "stale" if stale else "complete"
    return TranslationStatus("en", found, frozenset(), stale=stale)


@pytest.fixture
def stale(settings: Any) -> Iterator[dict[type[Any], frozenset[str]]]:
    provider = f"{__name__}.{status_of.__name__}"
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TRANSLATION_STATUSES": provider}
    yield STALE
    STALE.clear()


@pytest.fixture
def malay_home(stale: Any, home: Page, ms: Locale) -> Page:
    home.copy_for_translation(ms).save_revision().publish()
    return Page.objects.get(locale=ms, depth=2)


def told(thing: Any) -> tuple[str, list[str]]:
    translation = body_of(thing)["meta"]["translation"]
    return translation["status"], translation["stale"]


def test_stale_fields_and_rich_texts(
    home: Page, malay_home: Page, ms: Locale, stale: dict[type[Any], frozenset[str]]
) -> None:
    page = published(app.EventPage(title="E", slug="e", type="talk", body="<p>Text</p>"), home)
    stale[app.EventPage] = frozenset({"body", "title"})
    malay = translated(page, ms, body="<p>Teks</p>", title="Acara")
    status, pointers = told(malay)
    assert status == "stale"
    assert pointers[:1] == ["/title"]
    assert {"/title", "/body"} <= {*pointers}
    assert told(page) == ("source", [])
    assert differences() == []


def test_stale_texts_in_blocks_and_in_what_they_compute(
    home: Page, malay_home: Page, ms: Locale, stale: dict[type[Any], frozenset[str]]
) -> None:
    page = published(app.BlocksPage(title="Blocks", slug="blocks"), home)
    page.body = json.dumps(
        [
            {"type": "char", "id": "a", "value": "Kata"},
            {"type": "char", "id": "b", "value": "Lain"},
            {"type": "counted", "id": "c", "value": "Dua patah"},
        ]
    )
    page.save_revision().publish()
    stale[app.BlocksPage] = frozenset({"body.b", "body.c"})
    malay = translated(page, ms)
    assert told(malay) == ("stale", ["/body/1/value", "/body/2/value/text"])


def test_a_document_is_as_stale_as_what_it_shows(
    malay_home: Page, home: Page, ms: Locale, stale: dict[type[Any], frozenset[str]]
) -> None:
    clinic = samples.clinic()
    translated(clinic.label, ms)
    malay = translated(clinic, ms, title="Klinik")
    before = told(malay)
    assert before[1] == []
    stale[app.Label] = frozenset({"text"})
    with publishing():
        record_change(app.Label.objects.get(locale=ms))
    assert told(malay) == ("stale", ["/label/text"])


def test_a_stale_thing_that_is_gone_is_no_longer_told(
    malay_home: Page, home: Page, ms: Locale, stale: dict[type[Any], frozenset[str]]
) -> None:
    stale[app.Label] = frozenset({"text"})
    clinic = samples.clinic()
    label = translated(clinic.label, ms)
    malay = translated(clinic, ms, title="Klinik")
    assert told(malay) == ("stale", ["/label/text"])
    label.delete()
    assert "/label/text" not in told(malay)[1]
    assert differences() == []
