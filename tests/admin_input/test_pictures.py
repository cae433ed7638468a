"""Pictures that cannot be read, and versions of a page with a picture that is empty or gone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cms.pages.models import StandardPage
from tests.factories import HomePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db

PNG = get_test_image_file().file.getvalue()
FIRST = "6bb0cd20-3b43-5ffc-a376-c43c26915e17"
SECOND = "6bb0cd20-3b43-5ffc-a376-c43c26915e18"
GONE = 999_999


#: Cut within the picture, and right after its size.
BROKEN = {"cut": PNG[: len(PNG) // 2], "empty": PNG[:33]}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize(
    ("name", "prefix"),
    [("wagtailimages:add", ""), ("wagtailimages_chooser:create", "image-chooser-upload-")],
)
def test_a_broken_picture_is_refused_in_the_form(
    admin_client: Client, fault: str, name: str, prefix: str
) -> None:
    upload = SimpleUploadedFile("gambar.png", BROKEN[fault], "image/png")
    form = {f"{prefix}title": "Gambar", f"{prefix}file": upload, f"{prefix}collection": 1}
    answer = admin_client.post(reverse(name), form)
    assert answer.status_code == 200
    assert "bukan imej atau" in answer.content.decode()
    assert not get_image_model().objects.exists()


def image_block(key: str, image: Any) -> dict[str, Any]:
    value = {"image": image, "alt_text": "Kaunter", "decorative": False}
    return {"type": "image", "id": key, "value": {"image": value, "caption": ""}}


@pytest.mark.parametrize("before", ["none", "empty", "gone", "kept"])
@pytest.mark.parametrize("after", ["none", "empty", "gone", "kept"])
def test_versions_are_compared_with_a_picture_that_is_empty_or_gone(
    admin_client: Client, before: str, after: str
) -> None:
    image = get_image_model().objects.create(
        title="Kaunter", file=SimpleUploadedFile("kaunter.png", PNG)
    )
    keys = {"empty": None, "gone": GONE, "kept": image.pk}
    page: StandardPage = StandardPageFactory(parent=HomePageFactory())
    for state, key in ((before, FIRST), (after, FIRST), (after, SECOND)):
        page.body = json.dumps([image_block(key, keys[state])] if state in keys else [])
        page.save_revision()
        url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"])
        answer = admin_client.get(url)
        assert answer.status_code == 200
    if {before, after} & {"empty", "gone"} and before != after:
        assert "Tiada imej" in answer.content.decode()
