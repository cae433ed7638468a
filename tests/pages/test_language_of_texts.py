"""English documents mark every text that is still Malay."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from cms.pages.models import HomePage, ProfilePage
from cms.snippets.models import Act, Organisation, Role, Scheme
from wagtail_delivery.extending import verify
from wagtail_delivery.models import PublishedDocument
from wagtail_localize_desk.extending import publishing_untranslated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]


def of(model: Any, locale: str, **filters: Any) -> Any:
    return model.objects.filter(locale__language_code=locale, **filters).first()


def leave_untranslated(instance: Any, path: str) -> Any:
    """Delete the English of one text and publish the translation; returns the English instance."""
    translation = Translation.objects.get(
        source__object_id=instance.translation_key, target_locale__language_code="en"
    )
    deleted, _ = StringTranslation.objects.filter(
        context__object_id=instance.translation_key, context__path=path, locale__language_code="en"
    ).delete()
    assert deleted
    with publishing_untranslated():
        translation.save_target(publish=True)
    return translation.get_target_instance()


def get(path: str, **parameters: str) -> Any:
    response = Client().get(f"/api/v1/{path}", parameters)
    assert response.status_code == 200
    return response.json()


def profile_in_english() -> Any:
    return get(f"pages/{of(ProfilePage, 'en').translation_key}", locale="en")


def translation_of(document: Any) -> Any:
    return document["meta"]["translation"]


def at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def assert_marked(document: Any, malay: str) -> None:
    """Assert that every occurrence of `malay` in the document is marked as Malay."""
    translation = translation_of(document)
    assert {*translation["untranslated"]} == {*translation["languages"]}
    marked = [pointer for pointer in translation["untranslated"] if at(document, pointer) == malay]
    assert marked
    assert {translation["languages"][pointer] for pointer in marked} == {"ms"}
    count = json.dumps(document, ensure_ascii=False).count(json.dumps(malay, ensure_ascii=False))
    assert len(marked) == count


def test_a_title_derived_from_a_text() -> None:
    role = of(Role, "ms", sort_order=2)
    english = leave_untranslated(role, "text")
    document = get(f"roles/{role.translation_key}", locale="en")
    assert document["title"] == str(english)
    assert {"/title", "/text"} <= {*translation_of(document)["untranslated"]}
    assert translation_of(document)["status"] == "partial"
    profile = profile_in_english()
    assert translation_of(profile)["status"] == "partial"
    assert_marked(profile, document["title"])


def test_the_name_of_the_organisation() -> None:
    organisation = of(Organisation, "ms")
    leave_untranslated(organisation, "name")
    document = get(f"organisations/{organisation.translation_key}", locale="en")
    assert {"/title", "/name"} <= {*translation_of(document)["untranslated"]}
    site = get("site", locale="en")
    assert {"/organisation/title", "/organisation/name"} <= {*translation_of(site)["untranslated"]}
    assert translation_of(site)["status"] == "partial"
    organisation.motto = "Moto baharu"
    organisation.save_revision().publish()
    assert translation_of(get("site", locale="en"))["status"] == "stale"


def test_breadcrumbs() -> None:
    home = of(HomePage, "ms")
    leave_untranslated(home, "title")
    profile = profile_in_english()
    found = translation_of(profile)
    assert "/meta/breadcrumbs/0/title" in found["untranslated"]
    assert found["languages"]["/meta/breadcrumbs/0/title"] == "ms"
    assert not list(verify())


def test_a_reference_within_a_text() -> None:
    act = of(Act, "ms", number=4)
    profile = of(ProfilePage, "en")
    profile.introduction = f'<p>See <a linktype="act" id="{act.translation_key}">it</a>.</p>'
    profile.save_revision().publish()
    before = profile_in_english()["introduction"]["html"]
    assert ">Employees' Social Security Act 1969<" in before
    assert "lang=" not in before
    leave_untranslated(act, "title")
    after = profile_in_english()["introduction"]["html"]
    assert 'lang="ms">Akta Keselamatan Sosial Pekerja 1969<' in after


def test_a_document_that_shows_malay_within_a_text_is_not_complete() -> None:
    act = of(Act, "ms", number=4)
    home = of(HomePage, "ms")
    home.intro = f'<p>Lihat <a linktype="act" id="{act.translation_key}">akta</a>.</p>'
    home.save_revision().publish()
    translation = Translation.objects.get(
        source__object_id=home.translation_key, target_locale__language_code="en"
    )
    translation.source.update_from_db()
    for segment in StringSegment.objects.filter(source=translation.source):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": segment.string.data.replace("Lihat", "See")},
        )
    with publishing_untranslated():
        translation.save_target(publish=True)
    path = f"pages/{home.translation_key}"
    assert translation_of(get(path, locale="en"))["status"] == "complete"
    leave_untranslated(act, "title")
    document = get(path, locale="en")
    assert 'lang="ms">Akta Keselamatan Sosial Pekerja 1969<' in document["intro"]["html"]
    assert (translation_of(document)["status"], translation_of(document)["languages"]) == (
        "partial",
        {},
    )


def test_an_alias_has_the_translation_status_of_its_page() -> None:
    english = leave_untranslated(of(ProfilePage, "ms"), "title")
    alias = english.create_alias(update_slug="elsewhere")
    document = get(f"pages/{alias.translation_key}", locale="en")
    assert document["title"] == "Profil"
    assert translation_of(document)["languages"]["/title"] == "ms"
    assert translation_of(document)["status"] == "partial"
    assert not list(verify())


def test_the_texts_of_a_picture_in_the_library() -> None:
    before = translation_of(profile_in_english())
    assert before["status"] == "complete"
    picture = get_image_model().objects.create(
        title="Bangunan", description="Ibu pejabat", file=get_test_image_file()
    )
    for locale in ("ms", "en"):
        profile = of(ProfilePage, locale)
        profile.social_image = picture
        profile.save(update_fields=["social_image"])
    document = profile_in_english()
    found = translation_of(document)
    assert (document["social_image"]["title"], document["social_image"]["alt"]) == (
        "Bangunan",
        "Ibu pejabat",
    )
    assert found["languages"] == {"/social_image/title": "ms", "/social_image/alt": "ms"}
    assert found["status"] == "partial"
    malay = get(f"pages/{profile.translation_key}", locale="ms")
    assert translation_of(malay)["untranslated"] == []


def test_a_fallback_keeps_its_marks(settings: Any) -> None:
    act = of(Act, "ms", number=4)
    leave_untranslated(act, "title")
    plain = translation_of(get(f"acts/{act.translation_key}", locale="en"))
    assert plain["languages"]["/title"] == "ms"
    stored = PublishedDocument.objects.get(resource_id=str(act.translation_key), locale="en")
    PublishedDocument.objects.filter(resource_id=stored.resource_id, locale="ms").delete()
    fallback = translation_of(get(f"acts/{act.translation_key}", locale="ms", fallback="en"))
    assert fallback == plain | {"status": "fallback"}


def test_english_content_that_shows_malay_texts() -> None:
    act = of(Act, "ms", number=4)
    leave_untranslated(act, "title")
    scheme = Scheme(
        title="A new scheme", slug="new", locale=of(Act, "en").locale, act=of(Act, "en", number=4)
    )
    scheme.save()
    scheme.save_revision().publish()
    document = get("schemes/new", locale="en")
    found = translation_of(document)
    assert (found["source_locale"], found["status"]) == ("en", "source")
    assert found["languages"]["/act/title"] == "ms"
    assert document["act"]["untranslated_languages"] == {"/title": "ms"}


def partly_translated(body: str, english: dict[str, str]) -> Any:
    """The English profile, whose introduction has only the strings in `english` in English."""
    profile = of(ProfilePage, "ms")
    profile.introduction = body
    profile.save_revision().publish()
    source = TranslationSource.update_or_create_from_instance(profile)[0]
    translation = Translation.objects.get(source=source, target_locale__language_code="en")
    for segment in StringSegment.objects.filter(source=source, context__path="introduction"):
        if words := english.get(segment.string.data):
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=translation.target_locale,
                context=segment.context,
                defaults={"data": words},
            )
    with publishing_untranslated():
        translation.save_target(publish=True)
    return profile_in_english()


BODY = (
    '<h3 data-block-key="a">Tajuk</h3><p data-block-key="b">Perenggan</p>'
    '<ul><li data-block-key="c">Satu</li><li data-block-key="d">Dua</li></ul>'
)


def test_only_the_part_of_a_text_that_is_not_translated_is_marked() -> None:
    document = partly_translated(BODY, {"Tajuk": "Heading", "Satu": "One", "Dua": "Two"})
    assert document["introduction"] == {
        "html": '<h3>Heading</h3><p lang="ms">Perenggan</p><ul><li>One</li><li>Two</li></ul>',
        "text": "Heading\nPerenggan\nOne\nTwo",
    }
    found = translation_of(document)
    # The plain text has no `lang`, so it is named as a whole, and its lines beside it.
    assert found["languages"]["/introduction"] == "ms"
    assert "/introduction" in found["untranslated"]
    assert found["lines"] == {"/introduction": [1]}
    assert not list(verify())
    fallback = get(f"pages/{document['id']}", locale="en", fallback="ms")
    assert translation_of(fallback)["lines"] == found["lines"]


def test_a_text_without_any_translation_is_marked_as_a_whole() -> None:
    document = partly_translated(BODY, {})
    assert "lang" not in document["introduction"]["html"]
    assert translation_of(document)["languages"]["/introduction"] == "ms"
    assert "lines" not in translation_of(document)


def test_a_text_with_every_translation_is_not_marked() -> None:
    english = {"Tajuk": "Heading", "Perenggan": "Text", "Satu": "One", "Dua": "Two"}
    document = partly_translated(BODY, english)
    assert "lang" not in document["introduction"]["html"]
    assert "/introduction" not in translation_of(document)["untranslated"]
    assert "lines" not in translation_of(document)
