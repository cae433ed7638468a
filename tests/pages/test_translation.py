"""Fields that a translated page translates, synchronises or keeps."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale
from wagtail.rich_text import RichText

from tests.factories import (
    ActFactory,
    HomePageFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RoleFactory,
    SchemeFactory,
    SiteFactory,
    StandardPageFactory,
)
from tests.snippets.translating import screen_rows, submit_for_translation, synchronise, translate

FACTORIES = [HomePageFactory, ProfilePageFactory, StandardPageFactory]


@pytest.fixture
def image(db: None) -> Image:
    return Image.objects.create(title="Menara", file=get_test_image_file())


@pytest.fixture
def profile(db: None, image: Image) -> Any:
    """A live profile with every section."""
    SiteFactory()
    event = {"date": datetime.date(1985, 7, 1), "precision": "month", "text": "Badan berkanun"}
    return ProfilePageFactory(
        summary="Ringkasan",
        social_image=image,
        introduction="<p>Hai <b>semua</b></p>",
        sections=[
            (
                "text",
                {
                    "heading": "Latar Belakang",
                    "anchor": "latar",
                    "body": RichText("<p>Satu</p><p>Dua</p>"),
                },
            ),
            (
                "timeline",
                {"heading": "Sejarah", "anchor": "", "events": [event, {**event, "date": None}]},
            ),
            ("statement", {"heading": "VISI", "anchor": "", "kind": "vision", "text": "A\nB"}),
            ("roles", {"heading": "Peranan", "anchor": "", "roles": [RoleFactory()]}),
            ("acts", {"heading": "Akta", "anchor": "", "acts": ActFactory.create_batch(2)}),
            ("schemes", {"heading": "Skim", "anchor": "", "schemes": [SchemeFactory()]}),
            (
                "contact",
                {"heading": "Hubungi", "anchor": "", "organisation": OrganisationFactory()},
            ),
        ],
    )


def translate_snippets(page: Any, locale: Locale) -> None:
    """Translate the snippets that the sections of a profile show."""
    for section in page.sections:
        for value in section.value.values():
            for content in value if hasattr(value, "list_block") else [value]:
                if hasattr(content, "translation_key"):
                    translate(content, locale)


@pytest.mark.parametrize("factory", FACTORIES)
def test_submitting_for_translation_publishes_nothing(factory: Any, english: Locale) -> None:
    target = submit_for_translation(factory(), english).get_target_instance()
    assert not target.live


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("value", [True, False])
def test_the_mark_of_a_working_translation_survives_synchronisation(
    factory: Any, value: bool, english: Locale
) -> None:
    page = factory(working_translation=not value)
    translated = translate(page, english)
    translated.working_translation = value
    translated.save_revision().publish()
    page.title = "Tajuk yang berubah"
    page.save_revision().publish()
    translated = synchronise(page, english)
    assert translated.title == "EN Tajuk yang berubah"
    assert translated.working_translation is value
    assert translated.get_latest_revision_as_object().working_translation is value


def test_texts_are_translated_and_the_rest_is_synchronised(profile: Any, english: Locale) -> None:
    translate_snippets(profile, english)
    translated = translate(profile, english)
    assert translated.title == "EN Profil"
    assert translated.slug == "profil"
    assert translated.summary == "EN Ringkasan"
    assert translated.social_image == profile.social_image
    assert translated.introduction == "<p>EN Hai <b>semua</b></p>"
    sections = {section.block_type: section for section in translated.sections}
    originals = {section.block_type: section for section in profile.sections}
    assert list(sections) == list(originals)
    for name, section in sections.items():
        assert section.id == originals[name].id
        assert section.value["anchor"] == originals[name].value["anchor"]
        assert section.value["heading"] == f"EN {originals[name].value['heading']}"
    assert sections["text"].value["body"].source == "<p>EN Satu</p><p>EN Dua</p>"
    first, second = sections["timeline"].value["events"]
    assert dict(first) == {
        "date": datetime.date(1985, 7, 1),
        "precision": "month",
        "text": "EN Badan berkanun",
    }
    assert second["date"] is None
    assert sections["statement"].value["kind"] == "vision"
    assert sections["statement"].value["text"] == "EN A\nB"
    shown = [
        *sections["roles"].value["roles"],
        *sections["acts"].value["acts"],
        *sections["schemes"].value["schemes"],
        sections["contact"].value["organisation"],
    ]
    assert len(shown) == 5
    assert {snippet.locale for snippet in shown} == {english}


def test_anchors_stay_when_the_source_changes(profile: Any, english: Locale) -> None:
    translate(profile, english)
    profile.sections[0].value["heading"] = "Sejarah Penubuhan"
    profile.sections = list(reversed(list(profile.sections.get_prep_value())))
    profile.save_revision().publish()
    translated = synchronise(profile, english)
    anchors = [section.value["anchor"] for section in translated.sections]
    assert anchors == [section.value["anchor"] for section in profile.sections]
    assert anchors[-1] == "latar"


def test_the_alternative_text_of_a_picture_is_translated(image: Image, english: Locale) -> None:
    image.contextual_alt_text = "Menara"
    image.decorative = False
    page = StandardPageFactory(body=[("image", {"image": image, "caption": "Ibu pejabat"})])
    figure = translate(page, english).body[0].value
    assert figure["image"].contextual_alt_text == "EN Menara"
    assert figure["caption"] == "EN Ibu pejabat"


def test_every_text_of_a_call_out_is_translated(english: Locale) -> None:
    call_out = {"tone": "warning", "heading": "Awas", "body": RichText("<p>Penipuan</p>")}
    page = StandardPageFactory(body=[("call_out", call_out)])
    translated = translate(page, english).body[0].value
    assert translated["tone"] == "warning"
    assert translated["heading"] == "EN Awas"
    assert translated["body"].source == "<p>EN Penipuan</p>"


def test_the_home_page_of_a_language_is_the_translated_home_page(english: Locale) -> None:
    home = SiteFactory().root_page
    translated = translate(home, english)
    assert translated.depth == 2
    assert translated.locale == english


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_translation_editor_opens(admin: Client, factory: Any, english: Locale) -> None:
    target = submit_for_translation(factory(), english).get_target_instance()
    response = admin.get(reverse("wagtailadmin_pages:edit", args=[target.pk]))
    assert response.status_code == 200
    assert b'data-controller="desk-string"' in response.content


def test_the_translation_editor_can_edit_every_value_of_a_profile(
    admin: Client, profile: Any, english: Locale
) -> None:
    target = submit_for_translation(profile, english).get_target_instance()
    response = admin.get(reverse("wagtailadmin_pages:edit", args=[target.pk]))
    strings = screen_rows(response, "string")
    fields = {row.string.path.split(".")[-1] for row in strings}
    assert {"heading", "text", "title", "slug", "summary"} <= fields
    assert not fields & {"anchor", "date", "precision", "kind", "working_translation"}
    overrides = screen_rows(response, "override")
    assert overrides
    for row in overrides:
        assert row.is_text or row.is_chooser, row.name
