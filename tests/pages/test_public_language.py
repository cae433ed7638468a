"""What readers of English get, whatever happens to the Malay and to its translation."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from cms.pages.models import ProfilePage
from cms.snippets.models import Role
from wagtail_delivery.extending import verify
from wagtail_localize_desk.extending import UntranslatedTextError, publishing_untranslated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]

TAMIL = "சுயவிவரம்"


def of(model: Any, locale: str, **filters: Any) -> Any:
    return model.objects.filter(locale__language_code=locale, **filters).first()


def answer(path: str, /, **parameters: str) -> Any:
    return Client().get(f"/api/v1/{path}", parameters)


def english_profile() -> Any:
    return answer(f"pages/{of(ProfilePage, 'ms').translation_key}", locale="en")


def status_of(response: Any) -> Any:
    assert response.status_code == 200
    return response.json()["meta"]["translation"]


def translation_of(source: Any) -> Translation:
    return Translation.objects.get(
        source__object_id=source.translation_key, target_locale__language_code="en"
    )


def forget(translation: Translation, path: str) -> None:
    """Take the English words from the text at `path`."""
    StringTranslation.objects.filter(
        context__object_id=translation.source.object_id,
        context__path=path,
        locale=translation.target_locale,
    ).delete()


def test_malay_is_refused_and_told_once_somebody_chose_it() -> None:
    profile = of(ProfilePage, "ms")
    translation = translation_of(profile)
    before = english_profile().content
    forget(translation, "title")
    with pytest.raises(UntranslatedTextError, match=profile.title):
        translation.save_target(publish=True)
    assert english_profile().content == before
    with publishing_untranslated():
        translation.save_target(publish=True)
    status = status_of(english_profile())
    assert (status["status"], status["languages"]["/title"]) == ("partial", "ms")
    assert not list(verify())


def test_a_stopped_translation_gets_no_malay_from_the_ordinary_editor() -> None:
    profile = of(ProfilePage, "ms")
    Translation.objects.filter(pk=translation_of(profile).pk).update(enabled=False)
    english = of(ProfilePage, "en")
    before = english_profile().content
    english.title = profile.title
    draft = english.save_revision()
    with pytest.raises(UntranslatedTextError):
        draft.publish()
    assert english_profile().content == before


def test_the_admin_lists_what_is_untranslated(client: Client) -> None:
    profile = of(ProfilePage, "ms")
    translation = translation_of(profile)
    forget(translation, "title")
    client.force_login(User.objects.create_superuser("chief", password="x"))
    url = reverse("wagtailadmin_pages:edit", args=[of(ProfilePage, "en").pk])
    response = client.post(url, {"action": "publish"})
    text = response.content.decode()
    assert f'<dd lang="ms">{profile.title}</dd>' in text
    assert status_of(english_profile())["status"] == "complete"


def test_english_goes_offline_with_its_malay_and_waits() -> None:
    profile = of(ProfilePage, "ms")
    assert english_profile().status_code == 200
    profile.unpublish()
    assert english_profile().status_code == 404
    profile.get_latest_revision().publish()
    assert answer(f"pages/{profile.translation_key}", locale="ms").status_code == 200
    assert english_profile().status_code == 404
    assert not list(verify())


def test_english_goes_offline_with_a_deleted_role() -> None:
    role = of(Role, "ms")
    address = f"roles/{role.translation_key}"
    assert answer(address, locale="en").status_code == 200
    role.delete()
    assert answer(address, locale="en").status_code == 404
    assert not list(verify())


def test_a_document_that_leaves_out_a_role_is_not_complete() -> None:
    assert status_of(english_profile())["status"] == "complete"
    of(Role, "en").unpublish()
    assert status_of(english_profile())["status"] == "partial"
    assert not list(verify())


def test_an_english_address_in_tamil() -> None:
    profile = of(ProfilePage, "ms")
    translation = translation_of(profile)
    segment = StringSegment.objects.get(source=translation.source, context__path="slug")
    StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        context=segment.context,
        locale=Locale.objects.get(language_code="en"),
        defaults={"data": TAMIL},
    )
    translation.save_target(publish=True)
    found = answer("resolve", path=f"/en/{TAMIL}/")
    assert found.status_code == 200
    assert found.json()["path"] == quote(f"/en/{TAMIL}/")
    assert not list(verify())
