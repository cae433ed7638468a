"""Texts that project code takes from other things are in the document's language, or told."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from wagtail.models import Locale, Page

from tests import samples
from tests.clinic_staff import staff_with, staff_without
from tests.samples import published, reloaded
from tests.statuses import of_each
from tests.stored import body_of, differences, members_of
from tests.test_locales import translated
from tests.testapp import models as app
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.extending import record_change

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not project.WAGTAIL_I18N_ENABLED, reason="one locale"),
]
#: The `staff` of a clinic without its doctor.
WITHOUT_DOCTOR = staff_without("Klinik")


def doctor_in(name: str, key: Any) -> dict[str, Any]:
    return staff_with(name, key, "Klinik")


@pytest.fixture
def clinic() -> Any:
    return samples.clinic(person=app.Person.objects.create(name="Porter"))


@pytest.fixture
def malay(clinic: Any, ms: Locale) -> Any:
    """A translation, whose keys still point at English rows."""
    copy = clinic.copy_for_translation(ms)
    copy.title = "Klinik"
    copy.save()
    copy.doctors.set(clinic.doctors.all())
    copy.labels.set(clinic.labels.all())
    return reloaded(copy)


def translation_of(thing: Any) -> dict[str, Any]:
    translation: dict[str, Any] = body_of(thing)["meta"]["translation"]
    return translation


def asked(thing: Any, **query: str) -> dict[str, Any]:
    response = Client().get(f"/api/v1/clinics/{thing.translation_key}", {"locale": "ms", **query})
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_a_serializer_gets_no_row_of_another_locale(malay: Any) -> None:
    label = app.Label.objects.get()
    assert label.locale.language_code == "en"
    assert members_of(malay)["staff"] == WITHOUT_DOCTOR
    assert members_of(malay)["doctor_name"] is None
    # The document leaves something out.
    assert translation_of(malay)["status"] == "source"
    assert differences() == []


def test_a_serializer_gets_the_translation(malay: Any, clinic: Any, ms: Locale) -> None:
    doctor = translated(app.Doctor.objects.get(), ms, name="Aminah (ms)")
    assert members_of(malay)["staff"]["doctor"] == {"name": "Aminah (ms)"}
    label = translated(app.Label.objects.get(), ms, text="Label (ms)")
    assert label.author.locale.language_code == "en"
    assert members_of(malay)["staff"] == doctor_in("Aminah (ms)", doctor.pk)
    assert members_of(malay)["doctor_name"] == "Aminah (ms)"
    pointers = translation_of(malay)["untranslated"]
    assert not [pointer for pointer in pointers if pointer.startswith(("/staff", "/doctor_name"))]
    assert members_of(clinic)["staff"]["doctor"] == {"name": "Aminah"}
    assert differences() == []
    # It follows the translation.
    doctor.name = "Baharu"
    doctor.save_revision().publish()
    assert members_of(malay)["staff"] == doctor_in("Baharu", doctor.pk)
    doctor.unpublish()
    assert members_of(malay)["staff"] == WITHOUT_DOCTOR
    assert differences() == []


def test_a_serializer_gets_the_fallback_and_its_language_is_told(malay: Any) -> None:
    found = asked(malay, fallback="en")
    doctor = app.Doctor.objects.get()
    assert found["staff"] == doctor_in("Aminah", doctor.pk)
    languages = found["meta"]["translation"]["languages"]
    assert set(languages.values()) == {"en"}
    assert {
        pointer.removeprefix("/staff/") for pointer in languages if pointer.startswith("/staff/")
    } == {
        "doctor/name",
        "doctor_name",
        "doctor_or_nobody",
        "doctor_text",
        "doctors/0/name",
        "doctor_names/0",
        "label_author",
        "label_authors/0",
        "first_doctors/0/name",
        "by_ward/A/name",
        "listed/0/name",
    }
    assert languages["/doctor_name"] == "en"
    assert asked(malay)["staff"] == WITHOUT_DOCTOR
    doctor.unpublish()
    assert (
        b"Aminah"
        not in Client()
        .get(f"/api/v1/clinics/{malay.translation_key}", {"locale": "ms", "fallback": "en"})
        .content
    )
    assert differences() == []


@pytest.mark.parametrize("name", ["welcome", "everybody", "summary"])
def test_texts_that_code_reads_in_another_locale_are_told(
    malay: Any, clinic: Any, name: str
) -> None:
    """By a key, by a query within a cached property, and in a representation."""
    shown = {
        "welcome": ("Klinik: Porter", {"/welcome"}),
        "everybody": (["Porter"], {"/everybody/0"}),
        "summary": (
            {"title": "Klinik", "person": "Porter", "count": "1"},
            {"/summary/person"},
        ),
    }
    text, pointers = shown[name]
    assert members_of(malay)[name] == text
    languages = translation_of(malay)["languages"]
    assert {pointer for pointer in languages if pointer.startswith(f"/{name}")} == pointers
    assert {languages[pointer] for pointer in pointers} == {"en"}
    assert translation_of(clinic)["untranslated"] == []


def test_what_a_cached_property_read_is_told_with_the_content_of_a_fallback_too(
    malay: Any,
) -> None:
    """The second body is made of the same instance, which keeps the result of the first."""
    malay.person = None
    malay.save()
    found = asked(malay, fallback="en")
    assert found["everybody"] == ["Porter"]
    assert found["staff"]["doctor"] == {"name": "Aminah"}
    assert found["meta"]["translation"]["languages"]["/everybody/0"] == "en"


@of_each
def status_by_title(instance: Any) -> TranslationStatus:
    """Malay things are translations of English ones; one is translated in part."""
    if instance.locale.language_code == "en":
        return TranslationStatus("en", "source", frozenset())
    paths = frozenset({"name"}) if getattr(instance, "name", "") == "Half" else frozenset()
    return TranslationStatus("en", "partial" if paths else "complete", paths)


@pytest.fixture
def statuses(settings: Any) -> None:
    provider = f"{__name__}.{status_by_title.__name__}"
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TRANSLATION_STATUSES": provider}


@pytest.mark.usefixtures("statuses")
def test_texts_of_a_translation_that_is_incomplete_are_told(malay: Any, ms: Locale) -> None:
    doctor = translated(app.Doctor.objects.get(), ms, name="Half")
    app.Person.objects.filter(doctor=None).delete()
    record_change(malay)
    found = translation_of(malay)
    assert found["languages"]["/staff/doctor/name"] == "en"
    assert found["languages"]["/doctor_name"] == "en"
    assert found["status"] == "partial"
    doctor.name = "Whole"
    doctor.save_revision().publish()
    assert not [one for one in translation_of(malay)["untranslated"] if "doctor" in one]
    assert differences() == []


@pytest.mark.usefixtures("statuses")
def test_a_complete_document_that_code_makes_partial(malay: Any, ms: Locale) -> None:
    app.Doctor.objects.all().delete()
    assert translation_of(malay)["status"] == "partial"
    person = translated(reloaded(malay).person, ms, name="Penjaga")
    copy = reloaded(malay)
    copy.person, copy.label = person, None
    copy.save()
    copy.labels.clear()
    app.Person.objects.filter(locale__language_code="en").delete()
    assert (translation_of(malay)["status"], translation_of(malay)["untranslated"]) == (
        "complete",
        [],
    )
    assert differences() == []


def test_what_stream_blocks_and_properties_chose_in_another_locale(home: Page, ms: Locale) -> None:
    home.copy_for_translation(ms).save_revision().publish()
    chosen = published(app.PlainPage(title="English words", slug="words"), home)
    topic = samples.full_topic("English topic")
    page = published(app.TeaserPage(title="Teaser", slug="teaser"), home)
    copy = page.copy_for_translation(ms)
    copy.body = [("teaser", {"page": chosen, "topic": topic, "more": [chosen]})]
    copy.save_revision().publish()
    malay = reloaded(copy)
    assert members_of(malay)["lead"] == "English words"
    languages = translation_of(malay)["languages"]
    assert languages == dict.fromkeys(
        ["/body/0/value/0", "/body/0/value/1", "/body/0/value/2", "/lead"], "en"
    )
    translated(chosen, ms, title="Lain", slug="lain")
    assert translation_of(malay)["languages"] == languages
    assert differences() == []


def test_a_title_that_code_takes_from_another_locale(
    malay: Any, ms: Locale, monkeypatch: pytest.MonkeyPatch
) -> None:
    def title(person: Any) -> str:
        clinic = app.Clinic.objects.get(locale__language_code="en")
        return f"{person.name} of {clinic.title}"

    monkeypatch.setattr(app.Person, "__str__", title)
    person = translated(reloaded(malay).person, ms, name="Penjaga")
    assert body_of(person)["title"] == "Penjaga of Clinic"
    assert translation_of(person)["languages"] == {"/title": "en"}
    # In a card too.
    assert members_of(malay)["person"]["title"] == "Penjaga of Clinic"
    assert translation_of(malay)["languages"]["/person/title"] == "en"
    assert translation_of(reloaded(malay).person)["languages"] == {}


def test_code_that_fails_without_the_text_has_it_in_all_that_it_makes(
    malay: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_letter(clinic: Any) -> str:
        return f"{clinic.person.name[0]}."

    prop = property(functools.wraps(first_letter)(first_letter))
    monkeypatch.setattr(app.Clinic, "welcome", prop)
    record_change(malay)
    assert members_of(malay)["welcome"] == "P."
    assert translation_of(malay)["languages"]["/welcome"] == "en"


def test_the_alt_text_of_a_rendition_has_the_language_of_the_library(
    home: Page, ms: Locale
) -> None:
    page = published(
        app.EventPage(title="Event", slug="event", type="talk", image=samples.an_image()), home
    )
    malay = page.copy_for_translation(ms, copy_parents=True)
    malay.save_revision().publish()
    told = body_of(malay)["meta"]["translation"]["languages"]
    assert told["/thumbnail/alt"] == told["/image/alt"] == "en"
    assert "/thumbnail/alt" not in body_of(page)["meta"]["translation"]["languages"]
