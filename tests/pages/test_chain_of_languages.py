"""Tamil made from English made from Malay: each text of a document has its true language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from cms.pages.models import HomePage, ProfilePage
from wagtail_delivery.extending import verify
from wagtail_localize_desk.extending import publishing_untranslated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]

TITLE, INTRODUCTION = "title", "introduction"
#: Three paragraphs, and what each is in English and Tamil; without one, it stays as it is.
PARAGRAPHS = {
    "Perenggan satu": ("First paragraph", "முதல் பத்தி"),
    "Perenggan dua": ("Second paragraph", None),
    "Perenggan tiga": (None, None),
}


@pytest.fixture
def tamil(settings: Any) -> Iterator[Locale]:
    """Tamil, as `CONTENT_LANGUAGES=ms,en,ta` enables it."""
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [
        *settings.WAGTAIL_CONTENT_LANGUAGES,
        ("ta", "Tamil"),
    ]
    return Locale.objects.create(language_code="ta")


def in_locale(model: Any, code: str) -> Any:
    return model.objects.get(locale__language_code=code)


def get(path: str, /, **parameters: str) -> Any:
    return Client().get(f"/api/v1/{path}", parameters)


def profile(locale: str) -> Any:
    key = in_locale(ProfilePage, "ms").translation_key
    response = get(f"pages/{key}", locale=locale)
    assert response.status_code == 200
    return response.json()


def publish(source: Any, locale: Locale, **words: dict[str, str | None]) -> Any:
    """Translate the texts at the paths `words`, and no others, and publish by choice."""
    if not Translation.objects.filter(
        source__object_id=source.translation_key, target_locale=locale
    ).exists():
        translate_object(source, [locale])
    translation = Translation.objects.get(
        source__object_id=source.translation_key, target_locale=locale
    )
    for segment in StringSegment.objects.filter(source=translation.source).select_related("string"):
        if segment.context.path not in words:
            continue
        key = {
            "translation_of": segment.string,
            "context": segment.context,
            "locale": locale,
        }
        text = words[segment.context.path].get(segment.string.data)
        if text is None:
            StringTranslation.objects.filter(**key).delete()
        else:
            StringTranslation.objects.update_or_create(**key, defaults={"data": text})
    with publishing_untranslated():
        translation.save_target(publish=True)
    return translation.get_target_instance()


@pytest.fixture
def document(tamil: Locale) -> Any:
    """The Tamil profile: its title was never translated, and its introduction in part."""
    malay = in_locale(ProfilePage, "ms")
    malay.introduction = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
    malay.save_revision().publish()
    english = publish(
        malay,
        Locale.objects.get(language_code="en"),
        title={},
        introduction={words: pair[0] for words, pair in PARAGRAPHS.items()},
    )
    publish(in_locale(HomePage, "en"), tamil)
    tamil_words = {pair[0] or words: pair[1] for words, pair in PARAGRAPHS.items()}
    publish(english, tamil, introduction=tamil_words)
    return profile("ta")


def test_each_text_has_its_true_language(document: Any) -> None:
    translation = document["meta"]["translation"]
    assert (document["locale"], translation["source_locale"]) == ("ta", "en")
    assert translation["status"] == "partial"
    assert document["title"] == in_locale(ProfilePage, "ms").title
    # The title came through English untranslated; the headings were translated there.
    assert translation["languages"]["/title"] == "ms"
    assert translation["languages"]["/sections/0/value/heading"] == "en"
    assert {*translation["untranslated"]} == {*translation["languages"]}
    english = profile("en")["meta"]["translation"]
    assert (english["languages"]["/title"], english["lines"]) == ("ms", {"/introduction": [2]})
    assert "line_languages" not in english
    assert not list(verify())


def test_a_rich_text_in_three_languages(document: Any) -> None:
    assert document["introduction"] == {
        "html": (
            '<p>முதல் பத்தி</p><p lang="en">Second paragraph</p><p lang="ms">Perenggan tiga</p>'
        ),
        "text": "முதல் பத்தி\nSecond paragraph\nPerenggan tiga",
    }
    translation = document["meta"]["translation"]
    assert translation["languages"]["/introduction"] == "en"
    assert translation["lines"] == {"/introduction": [1, 2]}
    assert translation["line_languages"] == {"/introduction": ["en", "ms"]}


def test_what_a_changed_malay_text_makes_stale(document: Any) -> None:
    """English is outdated, and so is the Tamil that was made from it."""
    assert document["meta"]["translation"]["stale"] == []
    malay = in_locale(ProfilePage, "ms")
    malay.introduction = malay.introduction.replace("satu", "pertama")
    malay.save_revision().publish()
    for locale in ("en", "ta"):
        translation = profile(locale)["meta"]["translation"]
        assert (translation["status"], translation["stale"]) == ("stale", ["/introduction"])


def test_a_language_that_is_not_enabled_is_told_nowhere() -> None:
    """The locale exists, and its pages are live; only `CONTENT_LANGUAGES` lacks it."""
    tamil = Locale.objects.create(language_code="ta")
    for model in (HomePage, ProfilePage):
        publish(in_locale(model, "en"), tamil)
    page = in_locale(ProfilePage, "ta")
    assert page.live
    response = get(f"pages/{page.translation_key}", locale="ta")
    assert response.status_code == 404
    assert response.json()["errors"] == [
        {"parameter": "locale", "detail": "Must be one of: ms, en."}
    ]
    assert get("resolve", path=page.url).status_code == 404
    for document in (profile("ms"), profile("en")):
        alternates = document["meta"]["alternates"]
        assert [alternate["locale"] for alternate in alternates] == ["en", "ms"]
    assert [each["locale"] for each in get("site").json()["locales"]] == ["en", "ms"]
    assert not list(verify())
