"""Addresses of files that project code makes: known, and none that is secret becomes public."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction, Page
from wagtail.users.models import UserProfile

from tests import samples
from tests.samples import published, reloaded
from tests.stored import body_of, differences, members_of
from tests.testapp import models as app
from wagtail_delivery.extending import is_published_file, record_change

pytestmark = pytest.mark.django_db
Show = Callable[[Callable[[Any], Any]], Any]


@pytest.fixture
def image() -> Image:
    return samples.an_image("Picture")


@pytest.fixture
def page(home: Page, image: Image) -> app.EventPage:
    return published(app.EventPage(title="Event", slug="event", type="talk", image=image), home)


@pytest.fixture
def show(page: app.EventPage, monkeypatch: pytest.MonkeyPatch) -> Show:
    """What the API gives for a property of the page with this code."""

    def shown(code: Callable[[Any], Any]) -> Any:
        monkeypatch.setattr(app.EventPage, "site_phone", property(code))
        record_change(reloaded(page))
        assert differences() == []
        return members_of(page)["site_phone"]

    return shown


def rendition(page: Any) -> Any:
    return page.image.get_rendition("width-3")


def private() -> Collection:
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    return collection


def animated(format_name: str = "GIF") -> Image:
    frames = [Pillow.new("RGB", (32, 24), colour) for colour in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, format_name, save_all=True, append_images=frames[1:], duration=50)
    name = f"moving.{format_name.lower()}"
    return Image.objects.create(title="Moving", file=ContentFile(buffer.getvalue(), name=name))


def test_the_rendition_of_a_serializer_is_public_while_it_is_shown(
    page: app.EventPage, image: Image
) -> None:
    thumbnail = image.get_rendition("fill-4x4")
    assert members_of(page)["thumbnail"]["url"] == thumbnail.url
    assert is_published_file(thumbnail.file.name)
    other = samples.an_image("Other")
    page = reloaded(page)
    page.image = other
    page.save_revision().publish()
    assert not is_published_file(thumbnail.file.name)
    assert is_published_file(other.get_rendition("fill-4x4").file.name)
    page.unpublish()
    assert not is_published_file(other.get_rendition("fill-4x4").file.name)


@pytest.mark.parametrize(
    "template",
    [
        "{url}",
        "{url}?v=2",
        '<img src="{url}" alt="">',
        "<img src='{url}'>",
        "{url} 3w, {other} 8w",
        "background: url({url})",
        "{own}{url}",
    ],
)
def test_an_address_in_any_text_is_known(
    show: Show, page: app.EventPage, image: Image, settings: Any, template: str
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://editors.example"
    url, wide = rendition(page).url, image.get_rendition("width-2")

    def made(base: str = "", own: str = "https://editors.example") -> str:
        return template.format(url=f"{base}{url}", other=f"{base}{wide.url}", own=own)

    def code(instance: Any) -> str:
        assert rendition(instance).url == url
        return made()

    assert show(code) == made()
    assert is_published_file(rendition(page).file.name)
    assert is_published_file(wide.file.name) == ("{other}" in template)
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {
        "MEDIA_BASE_URL": "https://media.example"
    }
    assert show(code) == made(base="https://media.example", own="")


def test_all_that_a_serializer_makes_comes_below_the_media_address(
    page: app.EventPage, image: Image, settings: Any
) -> None:
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {
        "MEDIA_BASE_URL": "https://media.example"
    }
    record_change(page)
    url = f"https://media.example{image.get_rendition('fill-4x4').url}"
    thumbnail = members_of(page)["thumbnail"]
    assert thumbnail["url"] == thumbnail["full_url"] == url


def test_the_original_of_an_image_does_not_become_public(
    show: Show, page: app.EventPage, image: Image, caplog: pytest.LogCaptureFixture
) -> None:
    assert show(lambda instance: instance.image.file.url) == image.file.url
    assert not is_published_file(image.file.name)
    assert f"{image.file.name} in a document, at /site_phone" in caplog.text
    assert "original of an image" in caplog.text
    # Unless it is what documents show of it anyway.
    moving = animated()
    page = reloaded(page)
    page.image = moving
    page.save_revision().publish()
    assert is_published_file(moving.file.name)


def test_a_file_of_a_private_collection_stays_secret(
    show: Show, page: app.EventPage, image: Image
) -> None:
    collection = private()
    image.collection = collection
    image.save()
    show(lambda instance: rendition(instance).url)
    name = rendition(page).file.name
    assert not is_published_file(name)
    # It becomes public with its collection, without another publish.
    collection.view_restrictions.all().delete()
    assert is_published_file(name)
    assert differences() == []


def test_what_an_editor_types_opens_no_file(show: Show, page: app.EventPage) -> None:
    """Not through code either, if that has not read the image."""
    secret = samples.an_image("Of a draft")
    names = [secret.file.name, secret.get_rendition("width-3").file.name]
    page = reloaded(page)
    page.summary = " ".join(f"/media/{name}" for name in names)
    page.body = "".join(f'<p><a href="/media/{name}">a</a></p>' for name in names)
    page.save_revision().publish()
    assert show(lambda instance: instance.summary) == page.summary
    assert not any(map(is_published_file, names))


def test_an_address_of_another_server_is_not_ours(show: Show, page: app.EventPage) -> None:
    def code(instance: Any) -> str:
        return f"https://elsewhere.example{rendition(instance).url}"

    assert show(code) == code(page)
    assert not is_published_file(rendition(page).file.name)


@pytest.mark.parametrize(
    "attribute",
    [
        pytest.param(
            "url",
            marks=pytest.mark.skipif(
                not project.WAGTAIL_I18N_ENABLED, reason="no view serves documents there"
            ),
        ),
        "file",
    ],
)
def test_a_document_of_the_library(
    show: Show, page: app.EventPage, settings: Any, attribute: str
) -> None:
    document = samples.a_document("Form")

    def code(_: Any) -> str:
        found = type(document).objects.get(title="Form")
        return str(found.url if attribute == "url" else found.file.url)

    assert show(code) == code(page)
    assert is_published_file(document.file.name)
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {
        "MEDIA_BASE_URL": "https://media.example"
    }
    assert show(code) == f"https://media.example{code(page)}"
    document.collection = private()
    document.save()
    assert not is_published_file(document.file.name)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The animated picture “Moving” is a still one in “Event”, where it is shown in"),
        pytest.param(
            "ms",
            "Gambar animasi “Moving” tidak bergerak dalam “Event”, kerana di situ gambar",
            marks=pytest.mark.skipif(not project.WAGTAIL_I18N_ENABLED, reason="one language"),
        ),
    ],
)
def test_the_editor_is_told_of_an_animation_that_is_shown_as_a_still_picture(
    page: app.EventPage, client: Client, language: str, words: str
) -> None:
    """`thumbnail` is a rendition, and `image` is what moves."""
    editor = get_user_model().objects.create_superuser("editor", "e@example.org", "x")
    UserProfile.objects.create(user=editor, preferred_language=language)
    client.force_login(editor)
    page = reloaded(page)
    page.image = animated()
    page.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    page.unpublish()
    response = client.post(
        f"{address}?id={page.pk}&next=/", {"include_descendants": ""}, headers={"referer": "/"}
    )
    told = html.unescape(" ".join(str(one) for one in get_messages(response.wsgi_request)))
    assert words in told
    assert reverse("wagtailimages:edit", args=[page.image.pk]) in told


def test_an_animation_that_moves_wherever_it_is_shown_is_not_reported(
    home: Page, caplog: pytest.LogCaptureFixture
) -> None:
    moving = animated("WEBP")
    page = app.BlocksPage(title="Blocks", slug="blocks")
    embed = f'<embed embedtype="image" format="left" alt="x" id="{moving.pk}"/>'
    page.body = [
        ("image", moving),
        ("image_block", moving),
        ("rich_text", embed),
    ]
    published(page, home)
    text = json.dumps(body_of(page)["body"])
    found = re.findall(r"/media/[^ \"\\\\]+", text)
    # One source and the fallback each, and one image in the text.
    assert found == [moving.file.url] * 5
    assert "as a still one" not in caplog.text
