"""English documents name the texts whose Malay has changed since, as soon as it is published."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from cms.pages.models import ProfilePage
from cms.snippets.models import Role
from wagtail_delivery.extending import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]


def malay(model: Any, **filters: Any) -> Any:
    return model.objects.filter(locale__language_code="ms", **filters).first()


def get(path: str) -> Any:
    response = Client().get(f"/api/v1/{path}", {"locale": "en"})
    assert response.status_code == 200
    return response.json()


def told(document: Any) -> tuple[str, list[str]]:
    translation = document["meta"]["translation"]
    return translation["status"], translation["stale"]


def translate_again(source: Any) -> None:
    """Translate every string that has no translation of its present words, and publish."""
    translation = Translation.objects.get(
        source__object_id=source.translation_key, target_locale__language_code="en"
    )
    for segment in StringSegment.objects.filter(source=translation.source):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={"data": f"English {segment.pk}"},
        )
    translation.save_target(publish=True)


def test_a_changed_paragraph_of_the_profile() -> None:
    profile = malay(ProfilePage)
    address = f"pages/{profile.translation_key}"
    before = get(address)
    assert told(before) == ("complete", [])
    data = json.loads(json.dumps(profile.sections.get_prep_value()))
    index = next(i for i, section in enumerate(data) if section["value"].get("heading"))
    data[index]["value"]["heading"] += " baharu"
    profile.sections = json.dumps(data)
    profile.save_revision().publish()

    after = get(address)
    assert told(after) == ("stale", [f"/sections/{index}/value/heading"])
    heading = before["sections"][index]["value"]["heading"]
    assert after["sections"][index]["value"]["heading"] == heading
    assert not list(verify())

    translate_again(profile)
    assert told(get(address)) == ("complete", [])


def test_a_page_is_as_stale_as_the_role_that_it_shows() -> None:
    role = malay(Role, sort_order=2)
    role.text += "<p>Tambahan</p>" if "<p>" in role.text else " Tambahan"
    role.save_revision().publish()
    status, pointers = told(get(f"roles/{role.translation_key}"))
    assert status == "stale"
    assert "/text" in pointers
    profile = get(f"pages/{malay(ProfilePage).translation_key}")
    assert profile["meta"]["translation"]["status"] == "stale"
    shown = [pointer for pointer in told(profile)[1] if pointer.endswith("/text")]
    assert shown
    assert not list(verify())


def test_a_draft_of_the_source_disturbs_nobody() -> None:
    profile = malay(ProfilePage)
    profile.title = "Draf"
    profile.save_revision()
    assert told(get(f"pages/{profile.translation_key}")) == ("complete", [])
