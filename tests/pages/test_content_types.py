"""Requirements of every content type. Each failure explains how to meet them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import select_template
from django.test import RequestFactory
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Page,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
    get_page_models,
)
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.fields import SynchronizedField, TranslatableField, get_translatable_fields

from cms.core.local_field import LocalField
from cms.core.working_translation import WorkingTranslationMixin
from cms.pages.models.base import BasePage
from cms.snippets.models.base import Snippet
from tests.factories import factory_for
from wagtail_delivery.extending import document_types

WAGTAILS_FORM_FIELDS = {"title", "go_live_at", "expire_at", "comment_notifications"}
TEXT_FIELDS = (models.CharField, models.TextField, StreamField)


def content_types() -> list[type[models.Model]]:
    """Our page types and snippets, whether or not they are registered with Wagtail."""
    registered = {*get_page_models(), *get_snippet_models()}
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("cms.")
        and (issubclass(model, Page | Snippet) or model in registered)
    ]


CONTENT_TYPES = content_types()
each_content_type = pytest.mark.parametrize(
    "model", CONTENT_TYPES, ids=[model.__name__ for model in CONTENT_TYPES]
)


def children(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The inline children of a content type, except Wagtail's own comments."""
    for relation in get_all_child_relations(model):
        if relation.related_model.__module__.startswith("cms."):
            yield relation.related_model


def own_text_fields(model: type[models.Model]) -> list[models.Field]:
    """Text fields of our own; wagtail-localize handles those of Wagtail's `Page` itself."""
    wagtails = set(Page._meta.get_fields()) if issubclass(model, Page) else set()
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, TEXT_FIELDS) and field not in wagtails
    ]


def test_there_are_content_types() -> None:
    """Without any, the tests below would pass."""
    names = {model.__name__ for model in CONTENT_TYPES}
    assert names >= {"HomePage", "ProfilePage", "StandardPage"}
    assert names >= {"Act", "Regulation", "Scheme", "Role", "Convention", "Organisation"}


@each_content_type
def test_it_is_in_the_admin_and_in_the_api(model: Any) -> None:
    assert model in (*get_page_models(), *get_snippet_models()), (
        f"{model.__name__} is not in the admin: let it inherit from Snippet or BasePage."
    )
    assert model in {document_type.model for document_type in document_types()}, (
        f"{model.__name__} has no documents: it must be a page or a snippet with api_fields."
    )


@each_content_type
def test_a_factory_makes_valid_content(model: Any, db: None) -> None:
    factory = factory_for(model)
    assert factory is not None, (
        f"{model.__name__} has no factory: write a {model.__name__}Factory in its own test or in "
        "tests/factories.py."
    )
    factory().full_clean()


@each_content_type
def test_it_declares_api_fields(model: Any) -> None:
    own = model.__dict__.get("api_fields")
    assert own, (
        f"{model.__name__} declares no api_fields, so front-ends get none of its fields: list the "
        f"fields that readers may see as APIField(...) in {model.__module__}."
    )
    for child in children(model):
        assert getattr(child, "api_fields", None), (
            f"{child.__name__}, the children of {model.__name__}, declares no api_fields: list "
            f"the fields that readers may see in {child.__module__}."
        )


@each_content_type
def test_card_fields_are_api_fields(model: Any) -> None:
    shown = {field.name for field in model.api_fields}
    extra = set(model.card_fields) - shown
    assert not extra, (
        f"card_fields of {model.__name__} has {', '.join(sorted(extra))}, not in api_fields."
    )
    for name in model.card_fields:
        assert not model._meta.get_field(name).is_relation, (
            f"card_fields of {model.__name__} has the relation {name}; cards have no relations."
        )


@each_content_type
def test_every_text_is_translated_or_synchronised(model: Any) -> None:
    for owner in (model, *children(model)):
        texts = own_text_fields(owner)
        if owner is not model and texts:
            assert issubclass(owner, TranslatableMixin), (
                f"{owner.__name__} has a text ({texts[0].name}) that cannot be translated: "
                "let it inherit from TranslatableMixin."
            )
        if not issubclass(owner, TranslatableMixin):
            continue
        kinds = {kind.field_name: kind for kind in get_translatable_fields(owner)}
        public = {shown.name for shown in owner.api_fields}
        for field in texts:
            kind = kinds.get(field.name)
            if isinstance(kind, LocalField) and field.name not in public:
                continue  # a note between editors
            assert isinstance(kind, TranslatableField | SynchronizedField), (
                f"{owner.__name__}.{field.name} is neither translated nor synchronised from the "
                f'source: put TranslatableField("{field.name}") or '
                f'SynchronizedField("{field.name}") into its override_translatable_fields.'
            )


@each_content_type
def test_children_in_other_locales_point_to_translations(model: Any) -> None:
    for child in children(model):
        for field in child._meta.get_fields():
            if (
                isinstance(field, models.ForeignKey)
                and not isinstance(field, ParentalKey)
                and issubclass(field.related_model, Snippet)
            ):
                assert issubclass(child, TranslatableMixin), (
                    f"{child.__name__}.{field.name} would point to the source's language in "
                    "every translation: let the child inherit from TranslatableMixin."
                )


@each_content_type
def test_it_inherits_from_our_base(model: Any) -> None:
    base = BasePage if issubclass(model, Page) else Snippet
    assert issubclass(model, base), f"{model.__name__} must inherit from {base.__name__}."
    needed = (
        PreviewableMixin,
        WorkflowMixin,
        DraftStateMixin,
        LockableMixin,
        RevisionMixin,
        TranslatableMixin,
        WorkingTranslationMixin,
    )
    missing = [mixin.__name__ for mixin in needed if not issubclass(model, mixin)]
    assert not missing
    assert "working_translation" in {field.name for field in model.api_fields}


# A page reads its content type when it is created.
@pytest.mark.django_db
@each_content_type
def test_it_has_a_preview(model: Any) -> None:
    request = RequestFactory().get("/")
    name = model().get_preview_template(request, "")
    assert select_template([name] if isinstance(name, str) else name), (
        f"Write templates/{name}, the plain preview of {model.__name__}."
    )


@each_content_type
def test_every_field_has_a_help_text(model: Any) -> None:
    """The API's descriptions are taken from the help texts too."""
    for owner in (model, *children(model)):
        for name in owner.api_fields:
            field = owner._meta.get_field(name.name)
            if field.concrete:
                assert field.help_text, f"{owner.__name__}.{field.name} needs a help_text."
        if owner is model:
            form = model.get_edit_handler().get_form_class()
            ours = set(form.base_fields) - WAGTAILS_FORM_FIELDS
            for name in ours:
                assert form.base_fields[name].help_text, f"{model.__name__}.{name}"


@each_content_type
def test_translated_fields_have_panels(model: Any, db: None) -> None:
    """wagtail-localize's editor finds a text by its panel and fails without it."""
    form = model.get_edit_handler().get_form_class()
    places = set(form.base_fields) | set(form.formsets)
    for kind in get_translatable_fields(model):
        if isinstance(kind, TranslatableField):
            assert kind.field_name in places, (
                f"{model.__name__}.{kind.field_name} is translated, so it needs a panel."
            )
