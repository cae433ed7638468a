"""Titles and descriptions of library files are translated as all else, beside their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page
from wagtail.signals import published
from wagtail_localize.models import StringSegment, StringTranslation, Translation, get_edit_url

from tests.newsroom.content import submit, translation_of
from tests.newsroom.models import Everything
from tests.newsroom.people import browser_of, member
from tests.newsroom.workflows import workflow_on
from wagtail_localize_desk.extending import (
    FileTexts,
    file_texts,
    file_texts_changed,
    publishing_untranslated,
)
from wagtail_localize_desk.file_submission import files_shown_by
from wagtail_localize_desk.models import State, TranslatedString

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(title: str = "Bangunan", description: str = "Ibu pejabat", **members: Any) -> Image:
    return Image.objects.create(
        title=title, description=description, file=get_test_image_file(), **members
    )


def paper(title: str = "Borang") -> Document:
    return Document.objects.create(title=title, file=ContentFile(b"%PDF", "borang.pdf"))


def everything(home: Page, *, slug: str = "semua", body: Any = (), **members: Any) -> Everything:
    page = home.add_child(
        instance=Everything(
            title="Semua", slug=slug, locale=home.locale, body=json.dumps(list(body)), **members
        )
    )
    page.save_revision().publish()
    return page


def texts(file: Any, language: str = "en") -> FileTexts | None:
    return FileTexts.objects.filter(
        file_id=str(file.pk),
        file_type__model=file._meta.model_name,
        locale__language_code=language,
    ).first()


def translated(file: Any, **words: str) -> FileTexts:
    """The English texts of a submitted file, published with these translations."""
    row = texts(file)
    assert row is not None
    translation = translation_of(row, row.locale)
    for path, text in words.items():
        segment = StringSegment.objects.get(source=translation.source, context__path=path)
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=row.locale,
            defaults={"data": text},
        )
    with publishing_untranslated():
        translation.save_target(publish=True)
    row.refresh_from_db()
    return row


def public(file: Any, language: str = "en") -> Any:
    return file_texts([(type(file), file.pk)], language).get((type(file), file.pk))


def states_of(file: Any) -> dict[str, str]:
    row = texts(file)
    assert row is not None
    rows = TranslatedString.objects.filter(object_key=row.translation_key, target_language="en")
    return dict(rows.filter(number__isnull=False).values_list("path", "state"))


# What is submitted


def test_files_in_fields_and_in_every_block_are_found_but_those_in_rich_text(
    home: Page,
) -> None:
    pictures = [picture(str(number)) for number in range(8)]
    files = [paper(str(number)) for number in range(2)]
    image = {"image": pictures[2].pk, "alt_text": "", "decorative": True}
    facts = {"title": "", "notes": []}
    typed = {
        "columns": [{"type": "picture", "heading": ""}],
        "rows": [{"values": [image | {"image": pictures[5].pk}]}],
        "caption": "",
    }
    box = {"label": "", "rows": [], "facts": facts | {"picture": image | {"image": pictures[3].pk}}}
    other = {
        "label": "",
        "rows": [],
        "facts": facts | {"picture": image | {"image": pictures[4].pk}},
    }
    rich = f'<p><embed embedtype="image" id="{pictures[6].pk}" alt="a" format="left"/></p>'
    page = everything(
        home,
        picture=pictures[0],
        intro=rich,
        body=[
            {"type": "image_chooser", "id": "a", "value": pictures[1].pk},
            {"type": "image", "id": "b", "value": image},
            {"type": "box", "id": "c", "value": box},
            {"type": "list", "id": "d", "value": [{"type": "item", "id": "e", "value": other}]},
            {"type": "typed", "id": "f", "value": typed},
            {"type": "document", "id": "g", "value": files[0].pk},
            {"type": "rich", "id": "h", "value": rich},
        ],
    )
    expected = {(Image, image.pk) for image in pictures[:6]} | {(Document, files[0].pk)}
    assert files_shown_by(Everything.objects.get(pk=page.pk)) == expected


def test_a_file_is_submitted_with_what_shows_it_and_by_nothing_else(
    home: Page, english_home: Page, en: Locale
) -> None:
    shown, other = picture(), picture("Lain")
    page = everything(home, picture=shown)
    assert not FileTexts.objects.exists()
    submit(page, en)
    row = texts(shown)
    assert row is not None
    assert (row.title, row.live) == ("Bangunan", False)
    assert texts(other) is None
    assert states_of(shown) == {"title": State.UNTRANSLATED, "description": State.UNTRANSLATED}


def test_a_new_version_submits_the_files_that_it_shows_once_it_is_public(
    home: Page, english_home: Page, en: Locale
) -> None:
    page = everything(home)
    submit(page, en)
    page.picture = image = picture()
    revision = page.save_revision()
    assert not FileTexts.objects.exists()
    revision.publish()
    assert texts(image) is not None


def test_a_file_of_a_private_collection_is_not_submitted(
    home: Page, english_home: Page, en: Locale
) -> None:
    collection = Collection.get_first_root_node().add_child(name="Dalaman")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    submit(everything(home, picture=picture(collection=collection)), en)
    assert not FileTexts.objects.exists()


def test_a_stopped_translation_of_texts_stays_stopped(
    home: Page, english_home: Page, en: Locale
) -> None:
    image = picture()
    submit(everything(home, picture=image), en)
    row = texts(image)
    assert row is not None
    Translation.objects.filter(source__object_id=row.translation_key).update(enabled=False)
    submit(everything(home, slug="lain", picture=image), en)
    assert not Translation.objects.get(source__object_id=row.translation_key).enabled


def test_the_command_submits_what_was_submitted_before(
    home: Page, english_home: Page, en: Locale
) -> None:
    image = picture()
    submit(everything(home, picture=image), en)
    for row in FileTexts.objects.all():
        row.delete()
    call_command("submit_file_texts", verbosity=0)
    call_command("submit_file_texts", verbosity=0)
    assert texts(image) is not None
    assert FileTexts.objects.count() == 2


# What follows the file


@pytest.fixture
def image(home: Page, english_home: Page, en: Locale) -> Image:
    """A picture that is shown by a page that is submitted for translation into English."""
    found = picture()
    submit(everything(home, picture=found), en)
    return found


def test_a_saved_file_marks_the_strings_that_changed(image: Image) -> None:
    translated(image, title="Building", description="Headquarters")
    image.description = "Ibu pejabat baharu"
    image.save()
    assert states_of(image) == {"title": State.TRANSLATED, "description": State.NEEDS_REVIEW}
    found = public(image)
    assert found.texts == {"title": "Building", "description": "Headquarters"}
    assert (found.languages, found.stale) == ({}, {"description"})
    image.description = "Ibu pejabat"
    image.save()
    assert public(image).stale == frozenset()


def test_saving_a_file_without_other_words_publishes_nothing(image: Image) -> None:
    seen: list[Any] = []
    published.connect(handler := lambda instance, **_: seen.append(instance))
    image.focal_point_x = 1
    image.save()
    published.disconnect(handler)
    assert seen == []


def test_a_deleted_file_keeps_its_strings_only(image: Image) -> None:
    row = translated(image, title="Building", description="Headquarters")
    image.delete()
    assert not FileTexts.objects.exists()
    kept = TranslatedString.objects.filter(object_key=row.translation_key)
    assert {string.words for string in kept} == {"Building", "Headquarters"}


def test_who_shows_a_file_is_told_when_its_public_texts_change(image: Image) -> None:
    told: list[Any] = []
    file_texts_changed.connect(handler := lambda file, **_: told.append(file))
    row = translated(image, title="Building", description="Headquarters")
    assert told == [image]
    row.unpublish()
    assert told == [image] * 2
    image.title = "Bangunan lama"
    image.save()
    assert len(told) > 2
    file_texts_changed.disconnect(handler)


# What is public


def test_only_published_texts_are_given(image: Image) -> None:
    assert public(image) is None
    row = translated(image, title="Building")
    found = public(image)
    assert found.texts == {"title": "Building", "description": "Ibu pejabat"}
    assert found.languages == {"description": "ms"}
    row.unpublish()
    assert public(image) is None
    assert public(image, "ms") is None


def test_a_text_that_is_written_by_hand_after_its_translation_was_stopped_is_its_own(
    image: Image,
) -> None:
    row = translated(image, title="Building", description="Headquarters")
    Translation.objects.filter(source__object_id=row.translation_key).update(enabled=False)
    row.title, row.description = "A house", "Where we work"
    row.save_revision().publish()
    image.title = "Rumah"
    image.save()
    found = public(image)
    assert found.texts == {"title": "A house", "description": "Where we work"}
    assert (found.languages, found.stale) == ({}, frozenset())


def test_a_chain_of_translations_tells_the_true_language_of_each_text(image: Image) -> None:
    tamil = Locale.objects.create(language_code="ta")
    row = translated(image, description="Headquarters")
    submit(row, tamil)
    translation = Translation.objects.get(target_locale=tamil)
    with publishing_untranslated():
        translation.save_target(publish=True)
    assert public(image, "ta").languages == {"title": "ms", "description": "en"}
    image.title = "Rumah"
    image.save()
    assert public(image, "ta").stale == {"title"}


def test_the_texts_of_many_files_take_as_many_queries_as_those_of_one(
    home: Page, english_home: Page, en: Locale
) -> None:
    pictures = [picture(str(number)) for number in range(10)]
    for number, each in enumerate(pictures):
        submit(everything(home, slug=f"p{number}", picture=each), en)
        translated(each, title=f"Picture {number}", description="Words")
    counts = []
    for some in (pictures[:1], pictures):
        with CaptureQueriesContext(connection) as queries:
            found = file_texts([(Image, each.pk) for each in some], "en")
        assert len(found) == len(some)
        counts.append(len(queries))
    assert counts == [3, 3]


# Who may do what


ALL = ("change_filetexts", "delete_filetexts", "publish_filetexts", "view_filetexts")


def address(name: str, row: FileTexts) -> str:
    return reverse(f"wagtailsnippets_wagtail_localize_desk_filetexts:{name}", args=[row.pk])


def test_a_translator_gets_the_screen_of_all_translations(image: Image) -> None:
    row = texts(image)
    assert row is not None
    browser = browser_of(member(models=ALL))
    answer = browser.get(address("edit", row))
    assert answer.status_code == 200
    assert "Ibu pejabat" in answer.content.decode()
    assert browser_of(member()).get(address("edit", row)).status_code == 302


def test_the_own_words_of_the_library_are_edited_with_their_file_and_not_here(image: Image) -> None:
    row = texts(image, "ms")
    assert row is not None
    admin = member(models=ALL)
    assert browser_of(admin).get(address("edit", row)).url == reverse("wagtailadmin_home")
    admin.is_superuser = True
    admin.save()
    browser = browser_of(admin)
    answer = browser.post(address("edit", row), {"title": "Lain"})
    assert answer.url == reverse("wagtailimages:edit", args=[image.pk])
    for name in ("delete", "unpublish"):
        browser.post(address(name, row))
    bulk = reverse("wagtail_bulk_action", args=["wagtail_localize_desk", "filetexts", "delete"])
    browser.post(f"{bulk}?id={row.pk}")
    row.refresh_from_db()
    assert (row.title, row.live) == ("Bangunan", True)


def test_nobody_adds_texts_by_hand(image: Image) -> None:
    browser = browser_of(member(models=["add_filetexts", *ALL]))
    add = reverse("wagtailsnippets_wagtail_localize_desk_filetexts:add")
    browser.post(add, {"title": "Lain"})
    assert not FileTexts.objects.filter(title="Lain").exists()


def test_the_list_has_translations_and_no_source(image: Image) -> None:
    translated(image, title="Building")
    browser = browser_of(member(models=ALL))
    listed = browser.get(
        reverse("wagtailsnippets_wagtail_localize_desk_filetexts:list"), {"locale": "en"}
    ).content.decode()
    assert "Building" in listed
    listed = browser.get(
        reverse("wagtailsnippets_wagtail_localize_desk_filetexts:list"), {"locale": "ms"}
    ).content.decode()
    assert "Bangunan" not in listed


def test_the_texts_of_a_file_that_became_private_are_submitted_by_nobody_else(
    image: Image,
) -> None:
    Locale.objects.create(language_code="ta")
    row = texts(image, "ms")
    assert row is not None
    submit_url = reverse(
        "wagtail_localize:submit_snippet_translation",
        args=["wagtail_localize_desk", "filetexts", row.pk],
    )
    browser = browser_of(member(models=ALL))
    assert browser.get(submit_url).status_code == 200
    CollectionViewRestriction.objects.create(collection=image.collection, restriction_type="login")
    assert browser.get(submit_url).status_code == 302


def test_the_screen_opens_while_the_texts_are_in_review(
    home: Page, english_home: Page, en: Locale, admin_user: Any
) -> None:
    image = picture()
    submit(everything(home, picture=image), en)
    row = texts(image)
    assert row is not None
    workflow_on(english_home, admin_user).start(row, admin_user)
    shown = browser_of(admin_user).get(get_edit_url(row))
    assert shown.status_code == 200
    history = reverse(row.snippet_viewset.get_url_name("workflow_history"), args=[row.pk])
    assert history in shown.content.decode()
