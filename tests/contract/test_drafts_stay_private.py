"""Drafts of every content type, including new ones, appear nowhere in the API."""

from __future__ import annotations

import pytest
from django.db import models
from django.test import Client
from wagtail.models import Site

from tests.factories import HomePageFactory, factory_for
from wagtail_delivery.extending import DocumentType, document_types
from wagtail_delivery.models import PublishedDocument

SECRET = "rahsiabesar"


def factory_of(content_type: DocumentType) -> type:
    found = factory_for(content_type.model)
    assert found, (
        f"Write {content_type.model.__name__}Factory in the type's own test or in "
        "tests/factories.py: every content type needs a factory."
    )
    return found


def text_fields(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not field.choices
        and not isinstance(field, models.EmailField | models.URLField | models.SlugField)
        and field.name not in ("draft_title", "url_path", "path")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(item.name for item in document_types()))
def test_a_draft_appears_nowhere(client: Client, name: str) -> None:
    content_type = next(item for item in document_types() if item.name == name)
    home = HomePageFactory(slug="laman")
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", is_default_site=True, root_page=home)
    instance = home if name == "home_page" else factory_of(content_type)()
    instance.save_revision().publish()
    url = f"/api/v1/{content_type.collection}/{instance.translation_key}"
    before = client.get(url)
    assert before.status_code == 200
    draft = type(instance).objects.get(pk=instance.pk)
    changed = 0
    for field in text_fields(type(instance)):
        setattr(draft, field.name, SECRET[: field.max_length or None])
        changed += 1
    assert changed, f"{name} has no text field of its own."
    is_page = content_type.collection == "pages"
    draft.save_revision(clean=False) if is_page else draft.save_revision()
    for address in (
        url,
        f"/api/v1/{content_type.collection}",
        "/api/v1/site",
        "/api/v1/pages",
        "/api/v1/resolve?path=/ms/",
    ):
        assert SECRET.encode() not in client.get(address).content, (
            f"{address} shows a draft of {name}: see plugins/wagtail-delivery/docs/documents.md."
        )
    assert client.get(url).content == before.content
    instance.unpublish()
    assert client.get(url).status_code == 404
    assert not PublishedDocument.objects.filter(resource_id=str(instance.translation_key)).exists()
