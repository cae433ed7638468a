"""The files of an image are made after its upload, and a publish finds them or makes them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import OperationalError
from PIL import Image as Pillow
from wagtail.images import get_image_model

from wagtail_delivery.encoding import images
from wagtail_delivery.encoding.images import image_files
from wagtail_delivery.extending import prepare_next_image
from wagtail_delivery.models import ImagePlaceholder, PendingImage
from wagtail_delivery.publishing import image_queue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def prepared(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = getattr(settings, "WAGTAIL_DELIVERY", {}) | {
        "PREPARE_IMAGES": True,
        "IMAGE_WIDTHS": [8, 16],
        "IMAGE_FORMATS": ["webp", "jpeg"],
    }


def picture(colour: str = "red", size: tuple[int, int] = (40, 20)) -> ContentFile[bytes]:
    buffer = BytesIO()
    Pillow.new("RGB", size, colour).save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), f"{colour}.png")


def upload(**more: Any) -> Any:
    return get_image_model().objects.create(title="Pejabat", file=picture(), **more)


def specs(image: Any) -> list[str]:
    return sorted(image.renditions.values_list("filter_spec", flat=True))


EVERYTHING = [
    "width-16|format-jpeg",
    "width-16|format-webp",
    "width-8|format-jpeg",
    "width-8|format-webp",
]


def test_a_publish_finds_the_files_of_an_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    image = upload()
    assert not image.renditions.exists()
    call_command("delivery_images")
    assert specs(image) == EVERYTHING
    assert ImagePlaceholder.objects.count() == 1
    assert not PendingImage.objects.exists()
    monkeypatch.setattr(type(image), "generate_rendition_file", None)
    assert [len(source["srcset"]) for source in image_files(image).sources] == [2, 2]


def test_the_files_are_those_that_a_publish_makes() -> None:
    image, other = upload(), upload()
    PendingImage.objects.filter(image__endswith=f":{other.pk}").delete()
    call_command("delivery_images")
    at_upload, at_publish = image_files(image), image_files(other)
    assert at_upload.placeholder == at_publish.placeholder
    assert len(at_upload.names) == len(at_publish.names)
    for one, two in zip(at_upload.names, at_publish.names, strict=True):
        storage = image.file.storage
        assert storage.open(one).read() == storage.open(two).read()


def test_nothing_is_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    image = upload()
    image_files(image)
    names = sorted(image.renditions.values_list("file", flat=True))
    monkeypatch.setattr(type(image), "generate_rendition_file", None)
    assert prepare_next_image()
    assert sorted(image.renditions.values_list("file", flat=True)) == names
    assert not prepare_next_image()


def test_a_worker_that_was_killed_is_followed_by_one_that_makes_the_rest() -> None:
    image = upload()
    made = images.missing_files(image)
    for _number in range(3):
        next(made)()
    PendingImage.objects.update(attempts=1)  # As the killed worker left it.
    assert len(specs(image)) == 2
    assert prepare_next_image()
    assert specs(image) == EVERYTHING
    assert not PendingImage.objects.exists()


def test_files_of_a_replaced_picture_are_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    image = upload()
    make = images.missing_files

    def replaced_meanwhile(old: Any) -> Any:
        for number, store in enumerate(make(old)):
            if number == 2:
                image.file = picture("blue")
                image.save()
                image.renditions.all().delete()
            yield store

    monkeypatch.setattr(image_queue, "missing_files", replaced_meanwhile)
    assert prepare_next_image()
    assert not image.renditions.exists()
    # The picture waits again, for its new file.
    monkeypatch.setattr(image_queue, "missing_files", make)
    call_command("delivery_images")
    assert specs(image) == EVERYTHING
    assert ImagePlaceholder.objects.get().file == image.file.name


def test_a_deleted_picture_is_forgotten() -> None:
    upload().delete()
    assert prepare_next_image()
    assert not PendingImage.objects.exists()


def test_a_broken_picture_is_given_up_and_delays_no_other() -> None:
    # Before the file goes: the second upload could get its name.
    broken, whole = upload(), upload()
    broken.file.storage.delete(broken.file.name)
    call_command("delivery_images")
    assert specs(whole) == EVERYTHING
    assert PendingImage.objects.get().attempts == image_queue.MOST_ATTEMPTS
    assert not prepare_next_image()


def test_a_busy_database_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    upload()

    def busy(image: Any) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(image_queue, "missing_files", busy)
    with pytest.raises(OperationalError):
        prepare_next_image()
    assert PendingImage.objects.get().attempts == 0


def test_a_format_that_a_picture_cannot_have_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    image = upload()
    make = type(image).generate_rendition_file

    def without_webp(self: Any, rendition_filter: Any, **more: Any) -> Any:
        if "webp" in rendition_filter.spec:
            raise OSError("cannot write mode")
        return make(self, rendition_filter, **more)

    monkeypatch.setattr(type(image), "generate_rendition_file", without_webp)
    assert prepare_next_image()
    assert specs(image) == ["width-16|format-jpeg", "width-8|format-jpeg"]
    assert not PendingImage.objects.exists()


def test_without_the_setting_no_picture_waits(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"PREPARE_IMAGES": False}
    upload()
    assert not PendingImage.objects.exists()
