"""The identity that a thing has in every locale."""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from wagtail.models import TranslatableMixin


def identity_model(model: type[models.Model]) -> type[models.Model]:
    """The model that gives `model` its identity: the translated one, or the root of its tables."""
    if issubclass(model, TranslatableMixin):
        return cast("type[models.Model]", cast("Any", model).get_translation_model())
    parents = model._meta.get_parent_list()
    return parents[-1] if parents else model


def identity_of(instance: models.Model) -> str:
    """The identifier shared by all locales: the translation key, or else the primary key."""
    if isinstance(instance, TranslatableMixin):
        return str(instance.translation_key)
    return str(instance.pk)
