"""A failing storage refuses a publish; a broken picture leaves a hole that is reported."""

from __future__ import annotations

import errno
import html
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.images.models import Image, Rendition
from wagtail.models import Page
from wagtail.users.models import UserProfile

from tests import samples
from tests.samples import published, reloaded
from tests.stored import differences, document_of, everything, members_of
from tests.testapp import models as app
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.encoding.image_faults import StorageError
from wagtail_delivery.publishing.transaction import publishing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield tmp_path


@pytest.fixture
def page(home: Page) -> app.EventPage:
    return samples.event_page(home)


@pytest.fixture
def break_storage(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets methods of the storage raise an error."""

    def break_methods(*names: str, error: Exception) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise error

        for name in names:
            monkeypatch.setattr(FileSystemStorage, name, fail)

    return break_methods


UNREACHABLE = ConnectionError("no answer")
FULL = OSError(errno.ENOSPC, "No space left on device")
READ_ONLY = PermissionError(errno.EACCES, "Permission denied")


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def published_again(page: app.EventPage, title: str) -> None:
    page = reloaded(page)
    page.title = title
    page.save_revision().publish()


# A storage that fails


def test_a_title_is_published_without_the_storage(
    page: app.EventPage, break_storage: Callable[..., None]
) -> None:
    before = members_of(page)["image"]
    break_storage("_open", "_save", "exists", error=UNREACHABLE)
    published_again(page, "New title")
    document = document_of(page)
    assert document is not None
    assert b"New title" in bytes(document.body)
    assert members_of(page)["image"] == before
    assert before["sources"]
    assert differences() == []


@pytest.mark.parametrize("error", [UNREACHABLE, FULL, READ_ONLY])
@pytest.mark.parametrize("methods", [["_save"], ["_open"], ["_open", "exists"]])
def test_a_new_picture_is_refused_with_the_reason_and_leaves_nothing_behind(
    page: app.EventPage,
    own_media: Path,
    break_storage: Callable[..., None],
    methods: list[str],
    error: Exception,
) -> None:
    image = samples.an_image("Second")
    before, files_before, renditions = everything(), files(own_media), Rendition.objects.count()
    break_storage(*methods, error=error)
    page = reloaded(page)
    page.image = image
    with pytest.raises(StorageError) as caught:
        page.save_revision().publish()
    assert str(error) in str(caught.value.reason)
    assert caught.value.pointer == "/image"
    assert files(own_media) == files_before
    assert everything() == before
    assert Rendition.objects.count() == renditions
    assert reloaded(page).image != image


def test_a_picture_of_a_publish_that_was_rolled_back_is_made_again(page: app.EventPage) -> None:
    """Wagtail's cache still has it, and a project's serializer asks Wagtail for it."""
    page = reloaded(page)
    page.image = samples.an_image("Second")
    revision = page.save_revision()
    with suppress(LookupError), transaction.atomic():
        revision.publish()
        raise LookupError
    reloaded(page).get_latest_revision().publish()
    url = members_of(page)["thumbnail"]["url"]
    assert Rendition.objects.filter(file=url.removeprefix("/media/")).exists()


def test_files_made_before_the_fault_are_removed(
    page: app.EventPage, own_media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = samples.an_image("Second")
    before = files(own_media)
    save, calls = FileSystemStorage._save, []

    def fill_up(self: Any, name: str, content: Any) -> str:
        calls.append(name)
        if len(calls) == 3:
            raise FULL
        return save(self, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", fill_up)
    page = reloaded(page)
    page.image = image
    with pytest.raises(StorageError):
        page.save_revision().publish()
    assert len(calls) == 3
    assert files(own_media) == before


def test_a_file_that_is_cut_by_a_full_disk_is_removed(own_media: Path) -> None:
    class Cut(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Any:
            yield b"half"
            raise FULL

    with pytest.raises(OSError, match="No space left"):
        default_storage.save("a.jpg", Cut(b"whole content", name="a.jpg"))
    assert files(own_media) == set()
    default_storage.save("a.jpg", ContentFile(b"first"))
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("a.jpg", Cut(b"whole content", name="a.jpg"))
    [left] = files(own_media)
    assert left.read_bytes() == b"first"


def test_a_failed_block_removes_its_files_only(own_media: Path) -> None:
    @publishing()
    def fail() -> None:
        default_storage.save("inner.txt", ContentFile(b"2"))
        raise LookupError

    with publishing():
        default_storage.save("outer.txt", ContentFile(b"1"))
        with pytest.raises(LookupError):
            fail()
    assert [path.name for path in files(own_media)] == ["outer.txt"]


def test_code_that_catches_the_fault_does_not_hide_it(
    home: Page, monkeypatch: pytest.MonkeyPatch, break_storage: Callable[..., None]
) -> None:
    def lead(self: app.TeaserPage) -> str:
        try:
            return str(Image.objects.get().get_rendition("width-8").url)
        except Exception:
            return "none"

    samples.an_image()
    monkeypatch.setattr(app.TeaserPage, "lead", property(lead))
    break_storage("_save", error=FULL)
    with pytest.raises(StorageError):
        published(app.TeaserPage(title="Teasers", slug="teasers"), home)


@pytest.mark.parametrize("methods", [["size"], ["size", "exists"]])
def test_the_size_of_a_file_is_not_forgotten(
    break_storage: Callable[..., None], methods: list[str]
) -> None:
    fields = samples.all_fields()
    fields.save()
    before = members_of(fields)["file"]
    assert before["size"] == 4
    break_storage(*methods, error=UNREACHABLE)
    fields = reloaded(fields)
    fields.char = "Other"
    with pytest.raises(StorageError):
        fields.save()
    assert members_of(fields)["file"] == before


# A picture that is broken


@pytest.fixture
def missing(page: app.EventPage) -> Image:
    image = samples.an_image("Lost")
    image.file.storage.delete(image.file.name)
    return image


@pytest.fixture
def broken(page: app.EventPage) -> Image:
    image = samples.an_image("Broken")
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n cut")
    return image


def test_a_page_is_published_without_a_missing_picture(
    page: app.EventPage, missing: Image, caplog: pytest.LogCaptureFixture
) -> None:
    page = reloaded(page)
    page.image = missing
    page.save_revision().publish()
    assert members_of(page)["image"]["sources"] == []
    assert f"do not show image {missing.pk}" in caplog.text
    assert "its file is missing" in caplog.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Published without the picture “Lost”: its file is missing. It is missing in"),
        pytest.param(
            "ms",
            "Diterbitkan tanpa gambar “Lost”: failnya tiada. Gambar itu tiada dalam",
            marks=pytest.mark.skipif(not settings.WAGTAIL_I18N_ENABLED, reason="one language"),
        ),
    ],
)
def test_the_editor_is_told_of_a_missing_picture(
    page: app.EventPage, missing: Image, client: Client, language: str, words: str
) -> None:
    editor = get_user_model().objects.create_superuser("editor", "e@example.org", "x")
    UserProfile.objects.create(user=editor, preferred_language=language)
    client.force_login(editor)
    page = reloaded(page)
    page.image = missing
    page.save_revision()
    page.unpublish()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(
        f"{address}?id={page.pk}&next=/", {"include_descendants": ""}, headers={"referer": "/"}
    )
    told = " ".join(str(message) for message in get_messages(response.wsgi_request))
    assert f"{words} “{page.title}”." in html.unescape(told)
    assert reverse("wagtailimages:edit", args=[missing.pk]) in told


@pytest.mark.parametrize("picture", ["missing", "broken"])
def test_a_rebuild_that_lacks_a_picture_fails(
    page: app.EventPage, picture: str, request: pytest.FixtureRequest
) -> None:
    image = request.getfixturevalue(picture)
    page = reloaded(page)
    page.image = image
    page.save_revision().publish()
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("delivery_rebuild", verbosity=0, stdout=StringIO(), stderr=errors)
    assert f"lacks the image {image.pk} ({image.file.name})" in errors.getvalue()
    assert differences() == []


@pytest.mark.parametrize("picture", ["missing", "broken"])
def test_a_block_with_a_broken_picture_is_shown_as_if_it_were_deleted(
    home: Page,
    picture: str,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    image = request.getfixturevalue(picture)
    page = published(app.TeaserPage(title="Teasers", slug="teasers"), home)
    whole = samples.an_image("Whole")
    page.body = [
        ("picture", {"image": image, "caption": "one"}),
        ("picture", {"image": whole, "caption": "two"}),
    ]
    page.save_revision().publish()
    first, second = (block["value"] for block in members_of(page)["body"])
    assert first == ""
    assert second.startswith("Whole ")
    assert f"do not show image {image.pk}" in caplog.text
    assert differences() == []


def test_code_that_fails_for_another_reason_is_still_refused(
    home: Page, monkeypatch: pytest.MonkeyPatch, missing: Image
) -> None:
    def fail(self: Any, value: Any, context: Any = None) -> str:
        raise LookupError("a fault of the code")

    page = published(app.TeaserPage(title="Teasers", slug="teasers"), home)
    monkeypatch.setattr(
        type(page.body.stream_block.child_blocks["picture"]), "get_api_representation", fail
    )
    page.body = [("picture", {"image": missing, "caption": "one"})]
    with pytest.raises(EncodingError):
        page.save_revision().publish()


# Verifying


def test_verifying_writes_nothing(page: app.EventPage, own_media: Path) -> None:
    image = page.image
    for rendition in image.renditions.all():
        rendition.file.storage.delete(rendition.file.name)
    image.renditions.all()._raw_delete("default")
    before = files(own_media)
    found = differences()
    assert found
    assert {f"Files of the image {image.pk} are missing" in one.what for one in found} == {True}
    assert files(own_media) == before
    assert not image.renditions.exists()
    call_command("delivery_rebuild", verbosity=0, stdout=StringIO())
    assert differences() == []


def test_verifying_does_not_confuse_a_fault_with_a_difference(
    page: app.EventPage, break_storage: Callable[..., None]
) -> None:
    page.image.renditions.all()._raw_delete("default")
    break_storage("_open", "_save", "exists", error=UNREACHABLE)
    assert {"no answer" in one.what for one in differences()} == {True}
