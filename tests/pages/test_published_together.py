"""Malay and English that are published together reach the public in one transaction."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from cms.editors.groups import ensure_groups
from cms.pages.models import ProfilePage
from cms.snippets.models import Act
from tests.members import PUBLISHER, browser_of
from tests.snippets.forms import submit
from wagtail_delivery.extending import verify
from wagtail_localize_desk.extending import approve, publishing_together, withdraw
from wagtail_localize_desk.models import HeldPublication, TranslatedString

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]


def profile_in_malay() -> ProfilePage:
    return ProfilePage.objects.get(locale__language_code="ms")


def document(locale: str) -> Any:
    key = profile_in_malay().translation_key
    response = Client().get(f"/api/v1/pages/{key}", {"locale": locale})
    assert response.status_code == 200
    return response.json()


def hold_a_heading() -> HeldPublication:
    """Change a heading of the profile, and publish it together with its translation."""
    profile = profile_in_malay()
    data = json.loads(json.dumps(profile.sections.get_prep_value()))
    section = next(section for section in data if section["value"].get("heading"))
    section["value"]["heading"] = "Latar belakang baharu"
    profile.sections = json.dumps(data)
    with publishing_together() as asked:
        profile.save_revision().publish()
    return asked.held[0]


def strings() -> Any:
    return TranslatedString.objects.filter(
        object_key=profile_in_malay().translation_key, target_language="en", number__isnull=False
    )


def test_readers_have_the_former_text_in_both_languages_meanwhile() -> None:
    before = document("ms"), document("en")
    hold_a_heading()
    assert (document("ms"), document("en")) == before
    assert not list(verify())


def test_both_languages_change_at_once() -> None:
    before = document("en")
    hold_a_heading()
    row = strings().get(source_words="Latar belakang baharu")
    translation = Translation.objects.get(
        source__object_id=row.object_key, target_locale__language_code="en"
    )
    segment = StringSegment.objects.get(source=translation.source, string__data=row.source_words)
    StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        context=segment.context,
        locale=translation.target_locale,
        defaults={"data": "New background"},
    )
    reviewer = User.objects.create_superuser("penyemak")
    assert not approve(strings(), reviewer).refused
    malay, english = document("ms"), document("en")
    headings = [
        {section["value"].get("heading") for section in each["sections"]}
        for each in (malay, english)
    ]
    assert "Latar belakang baharu" in headings[0]
    assert "New background" in headings[1]
    assert english["meta"]["translation"]["status"] == before["meta"]["translation"]["status"]
    assert english["meta"]["translation"]["stale"] == []
    assert not list(verify())


def test_a_withdrawn_publication_leaves_the_documents_as_they_were() -> None:
    before = document("ms"), document("en")
    withdraw(hold_a_heading(), None)
    assert (document("ms"), document("en")) == before
    assert not list(verify())


def test_who_wrote_a_text_does_not_publish_it_together_either() -> None:
    act, address = act_in_malay()
    client = browser_of(PUBLISHER)
    answer = submit(client, address, {"title": "Akta sendiri", "action-publish": "together"})
    assert answer.status_code == 302
    assert not HeldPublication.objects.exists()
    # Nothing is lost.
    assert Act.objects.get(pk=act.pk).get_latest_revision_as_object().title == "Akta sendiri"
    assert 'value="together"' not in client.get(address).content.decode()


def test_a_colleague_publishes_it_together() -> None:
    act, address = act_in_malay()
    draft = Act.objects.get(pk=act.pk)
    draft.title = "Ringkasan rakan"
    draft.save_revision(user=browser_of(PUBLISHER).user)
    client = browser_of(PUBLISHER)
    assert 'value="together"' in client.get(address).content.decode()
    submit(client, address, {"action-publish": "together"})
    assert HeldPublication.objects.get().revision.content["title"] == "Ringkasan rakan"
    assert Act.objects.get(pk=act.pk).title == act.title


def act_in_malay() -> tuple[Act, str]:
    """An Act, and the address of its editor."""
    ensure_groups()
    act = Act.objects.filter(locale__language_code="ms").first()
    assert act is not None
    return act, f"/admin/snippets/snippets/act/edit/{act.pk}/"
