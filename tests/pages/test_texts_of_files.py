"""Titles and descriptions of images and documents are translated as all else that people read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from cms.pages.models import HomePage, ProfilePage, StandardPage
from tests.pages.body_blocks import download
from wagtail_delivery.extending import record_change, verify
from wagtail_localize_desk.extending import FileTexts, file_texts, publishing_untranslated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]

TITLE, ALT = "/social_image/title", "/social_image/alt"


def of(model: Any, locale: str, **filters: Any) -> Any:
    return model.objects.filter(locale__language_code=locale, **filters).first()


def get(key: Any, **parameters: str) -> Any:
    response = Client().get(f"/api/v1/pages/{key}", {"locale": "en", **parameters})
    assert response.status_code == 200
    return response.json()


def at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def told(document: Any) -> tuple[str, dict[str, str], list[str]]:
    """The status of a document, the languages of its untranslated texts, and the stale ones."""
    found = document["meta"]["translation"]
    assert {*found["untranslated"]} == {*found["languages"]}
    return found["status"], found["languages"], found["stale"]


def picture(title: str = "Bangunan", description: str = "Ibu pejabat", **members: Any) -> Any:
    return get_image_model().objects.create(
        title=title, description=description, file=get_test_image_file(), **members
    )


def show(image: Any) -> Any:
    """The Malay profile with a social image, published in both languages."""
    profile = of(ProfilePage, "ms")
    profile.social_image = image
    profile.save_revision().publish()
    publish_english(profile)
    return profile.translation_key


def publish_english(source: Any) -> Any:
    """Publish the English of a text as far as it is translated."""
    translation = Translation.objects.get(
        source__object_id=source.translation_key, target_locale__language_code="en"
    )
    with publishing_untranslated():
        translation.save_target(publish=True)
    return translation.get_target_instance()


def english_texts(file: Any) -> Any:
    return FileTexts.objects.get(
        file_id=str(file.pk),
        file_type__model=type(file)._meta.model_name,
        locale__language_code="en",
    )


def translate(file: Any, *, publish: bool = True, **words: str) -> Any:
    """Translate texts of a file as the screen does, and publish them."""
    row = english_texts(file)
    for path, text in words.items():
        segment = StringSegment.objects.get(
            source__object_id=row.translation_key,
            source__locale__language_code="ms",
            context__path=path,
        )
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=row.locale,
            defaults={"data": text},
        )
    if publish:
        publish_english(row)
    return row


def test_a_page_is_complete_once_the_texts_of_its_picture_are_public() -> None:
    image = picture()
    key = show(image)
    assert told(get(key)) == ("partial", {TITLE: "ms", ALT: "ms"}, [])
    translate(image, title="Building", description="Headquarters")
    document = get(key)
    assert told(document) == ("complete", {}, [])
    shown = document["social_image"]
    assert (shown["title"], shown["alt"]) == ("Building", "Headquarters")
    malay = get(key, locale="ms")
    assert (malay["social_image"]["title"], malay["social_image"]["alt"]) == (
        "Bangunan",
        "Ibu pejabat",
    )
    assert told(malay) == ("source", {}, [])
    assert not list(verify())


def test_a_translation_in_part_marks_the_rest() -> None:
    image = picture()
    key = show(image)
    translate(image, description="Headquarters")
    document = get(key)
    assert told(document) == ("partial", {TITLE: "ms"}, [])
    assert document["social_image"]["title"] == "Bangunan"
    assert document["social_image"]["alt"] == "Headquarters"


def test_a_draft_of_a_translation_is_not_public() -> None:
    image = picture()
    key = show(image)
    translate(image, publish=False, title="Building", description="Headquarters")
    assert told(get(key)) == ("partial", {TITLE: "ms", ALT: "ms"}, [])
    assert "Headquarters" not in str(get(key))


def test_a_changed_description_makes_its_translation_stale_and_nothing_else() -> None:
    image = picture()
    key = show(image)
    row = translate(image, title="Building", description="Headquarters")
    image.description = "Ibu pejabat baharu"
    image.save()
    document = get(key)
    assert told(document) == ("stale", {}, [ALT])
    assert document["social_image"]["alt"] == "Headquarters"
    assert get(key, locale="ms")["social_image"]["alt"] == "Ibu pejabat baharu"
    assert not list(verify())
    translate(image, description="New headquarters")
    assert told(get(key)) == ("complete", {}, [])
    assert get(key)["social_image"]["alt"] == "New headquarters"
    # There is one row for each language, and one file.
    assert FileTexts.objects.filter(translation_key=row.translation_key).count() == 2
    assert get_image_model().objects.count() == 1


def test_a_new_description_is_shown_as_malay_until_it_is_translated() -> None:
    image = picture(description="")
    key = show(image)
    translate(image, title="Building")
    assert told(get(key)) == ("complete", {}, [])
    image.description = "Ibu pejabat"
    image.save()
    assert told(get(key)) == ("partial", {ALT: "ms"}, [])
    assert get(key)["social_image"]["alt"] == "Ibu pejabat"


def test_a_withdrawn_or_stopped_translation_is_told() -> None:
    image = picture()
    key = show(image)
    row = translate(image, title="Building", description="Headquarters")
    row.refresh_from_db()
    row.unpublish()
    assert told(get(key)) == ("partial", {TITLE: "ms", ALT: "ms"}, [])
    row.delete()
    assert told(get(key)) == ("partial", {TITLE: "ms", ALT: "ms"}, [])
    assert not list(verify())


def standard_page(blocks: list[Any]) -> Any:
    """A page with these blocks, published in Malay and submitted for translation to English."""
    home = of(HomePage, "ms")
    page = home.add_child(
        instance=StandardPage(title="Halaman", slug="halaman", locale=home.locale, body=blocks)
    )
    page.save_revision().publish()
    translate_object(page, [of(HomePage, "en").locale])
    return page


def block(name: str, value: Any, number: int = 0) -> Any:
    return {"type": name, "id": f"{name}-{number}", "value": value}


def paper(title: str = "Borang 10") -> Any:
    return get_document_model().objects.create(
        title=title, file=ContentFile(b"%PDF", "borang-10.pdf")
    )


def test_the_title_of_a_document_is_translated() -> None:
    file = paper()
    page = standard_page([block("download", download(file))])
    publish_english(page)
    pointer = "/body/0/value/files/0/document/title"
    assert told(get(page.translation_key))[1][pointer] == "ms"
    translate(file, title="Form 10")
    document = get(page.translation_key)
    assert at(document, pointer) == "Form 10"
    assert pointer not in told(document)[1]
    file.title = "Borang 10A"
    file.save()
    document = get(page.translation_key)
    assert (at(document, pointer), pointer in told(document)[2]) == ("Form 10", True)
    assert not list(verify())


def test_what_a_new_version_of_a_submitted_page_shows_is_submitted_when_it_is_public() -> None:
    page = standard_page([])
    file = paper()
    page.body = [block("download", download(file))]
    revision = page.save_revision()
    assert not FileTexts.objects.exists()
    revision.publish()
    assert english_texts(file).live is False


def test_a_picture_in_a_sentence_brings_no_work() -> None:
    image = picture()
    body = f'<p>Lihat <embed embedtype="image" id="{image.pk}" alt="ini" format="left"/></p>'
    profile = of(ProfilePage, "ms")
    profile.introduction = body
    profile.save_revision().publish()
    assert not FileTexts.objects.exists()


def test_many_pictures_are_looked_up_together() -> None:
    def queries_of(count: int) -> int:
        pictures = [picture(f"Gambar {number}") for number in range(count)]
        body = [
            block("image", {"image": image_value(image), "caption": ""}, number)
            for number, image in enumerate(pictures)
        ]
        page = standard_page(body)
        for image in pictures:
            translate(image, title=f"Picture of {image.title}")
        english = publish_english(page)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            record_change(english)
        StandardPage.objects.filter(translation_key=page.translation_key).delete()
        document_queries = [
            query["sql"] for query in captured if "wagtail_localize_desk_filetexts" in query["sql"]
        ]
        assert document_queries
        return len(document_queries)

    assert queries_of(1) == queries_of(5)


def image_value(image: Any) -> dict[str, Any]:
    return {"image": image.pk, "alt_text": "Teks", "decorative": False}


def test_a_chain_of_translations_tells_the_true_languages() -> None:
    tamil = Locale.objects.create(language_code="ta")
    image = picture()
    show(image)
    row = translate(image, description="Headquarters")
    row.refresh_from_db()
    translate_object(row, [tamil])
    translation = Translation.objects.get(
        source__object_id=row.translation_key, source__locale=row.locale, target_locale=tamil
    )
    with publishing_untranslated():
        translation.save_target(publish=True)
    found = file_texts([(type(image), image.pk)], "ta")[type(image), image.pk]
    assert found.texts == {"title": "Bangunan", "description": "Headquarters"}
    assert found.languages == {"title": "ms", "description": "en"}
    image.title = "Bangunan baharu"
    image.save()
    assert file_texts([(type(image), image.pk)], "ta")[type(image), image.pk].stale == {"title"}


def test_the_file_of_a_private_collection_is_nobodys_work() -> None:
    private = Collection.get_first_root_node().add_child(name="Dalaman")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    image = picture("Rahsia", "Rahsia besar", collection=private)
    key = show(image)
    assert get(key)["social_image"] is None
    assert not FileTexts.objects.exists()
    assert not Translation.objects.filter(source__object_repr="Rahsia").exists()


def test_a_file_that_becomes_private_takes_its_translation_with_it() -> None:
    image = picture()
    key = show(image)
    translate(image, title="Building", description="Headquarters")
    CollectionViewRestriction.objects.create(
        collection=image.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert get(key)["social_image"] is None
    assert "Headquarters" not in str(get(key))


def test_an_image_that_nothing_shows_is_nobodys_work() -> None:
    picture()
    assert not FileTexts.objects.exists()


def test_a_deleted_file_takes_its_texts_with_it() -> None:
    image = picture()
    show(image)
    translate(image, title="Building", description="Headquarters")
    image.delete()
    assert not FileTexts.objects.exists()
    assert not list(verify())
