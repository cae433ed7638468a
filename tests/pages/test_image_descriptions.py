"""A picture is described where it is shown, in words and not by its file's name."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cms.editors.groups import OFFICER, ensure_groups
from cms.pages.image_descriptions import DescribedImageBlock, is_file_name
from cms.pages.models import StandardPage
from tests.factories import HomePageFactory, StandardPageFactory


@pytest.fixture
def image(db: None) -> Any:
    file = SimpleUploadedFile("besar.png", get_test_image_file().file.getvalue())
    return get_image_model().objects.create(title="besar.png", file=file)


@pytest.mark.parametrize(
    "text",
    [
        "besar.jpg",
        "Menara PERKESO.PNG",
        "IMG_2034",
        "DSC01234",
        "WhatsApp Image 2024-01-02 at 10.00",
    ],
)
def test_names_of_files_are_recognised(text: str) -> None:
    assert is_file_name(text) == (not text.startswith("WhatsApp"))


@pytest.mark.parametrize("text", ["Menara PERKESO", "Kaunter 3", "Imej kaunter", "", "Rajah 1.2"])
def test_words_are_no_names_of_files(text: str) -> None:
    assert not is_file_name(text)


def test_the_title_is_no_alternative_text(image: Any) -> None:
    assert image.default_alt_text == ""
    image.description = "Kaunter PERKESO"
    assert image.default_alt_text == "Kaunter PERKESO"


@pytest.mark.parametrize("text", ["", "besar", "BESAR", "besar.png", "IMG_2034.jpg"])
def test_publishing_asks_for_a_description(image: Any, text: str) -> None:
    block = DescribedImageBlock()
    value = block.normalize({"image": image, "alt_text": text, "decorative": False})
    with pytest.raises(ValidationError):
        block.clean(value)
    # A draft is saved as it is, so nothing is lost.
    assert block.clean_deferred(value) == value


def test_decoration_needs_none(image: Any) -> None:
    block = DescribedImageBlock()
    value = block.normalize({"image": image, "alt_text": "", "decorative": True})
    assert block.clean(value) == value


@pytest.mark.parametrize(("text", "is_saved"), [("besar", False), ("Kaunter", True), ("", True)])
def test_an_upload_is_described_in_words(
    admin_client: Client, db: None, text: str, is_saved: bool
) -> None:
    file = SimpleUploadedFile("besar.png", get_test_image_file().file.getvalue())
    form = {"title": "besar", "file": file, "description": text, "collection": 1}
    answer = admin_client.post(reverse("wagtailimages:add"), form)
    assert get_image_model().objects.exists() == is_saved
    if not is_saved:
        assert "Ini nama fail." in answer.content.decode()


def test_an_upload_asks_for_a_description(admin_client: Client) -> None:
    assert (
        "tidak dapat melihatnya" in admin_client.get(reverse("wagtailimages:add")).content.decode()
    )


def test_an_image_for_sharing_needs_a_description(admin_client: Client, image: Any) -> None:
    page: StandardPage = StandardPageFactory(parent=HomePageFactory())
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = {"title": "Kaunter", "slug": page.slug, "body-count": "0", "social_image": image.pk}
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    answer = admin_client.post(url, form | {"action-publish": "1"})
    html = BeautifulSoup(answer.content, "html.parser")
    [error] = [e for e in html.select(".error-message") if "perihalan" in e.get_text()]
    assert error.get_text().strip() == "Imej ini tiada perihalan. Tambah perihalan di sini."
    assert error.a["href"] == reverse("wagtailimages:edit", args=[image.pk])
    assert StandardPage.objects.get(pk=page.pk).social_image is None
    image.description = "Kaunter PERKESO"
    image.save()
    admin_client.post(url, form | {"action-publish": "1"})
    assert StandardPage.objects.get(pk=page.pk).social_image == image


def test_whoever_may_not_change_the_image_is_told_whom_to_ask(image: Any) -> None:
    home = HomePageFactory()
    ensure_groups()
    officer = User.objects.create_user("pegawai", password="x")
    officer.groups.add(Group.objects.get(name=OFFICER.name))
    data = {"title": "Kaunter", "slug": "kaunter", "body-count": "0", "social_image": image.pk}
    data |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    form_class = StandardPage.get_edit_handler().get_form_class()
    page = StandardPage(locale=home.locale)
    form = form_class(data, instance=page, parent_page=home, for_user=officer)
    assert form.errors["social_image"] == ["Imej ini tiada perihalan. Minta penerbit menambahnya."]
