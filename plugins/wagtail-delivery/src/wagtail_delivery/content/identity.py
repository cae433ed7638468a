"""The identity that an instance shares with its translations."""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from wagtail.models import TranslatableMixin


def identity_model(model: type[models.Model]) -> type[models.Model]:
    """The model that defines identity for `model`: the translatable one, or its root table."""
    if issubclass(model, TranslatableMixin):
        return cast("type[models.Model]", cast("Any", model).get_translation_model())
    parents = model._meta.get_parent_list()
    return parents[-1] if parents else model


def identity_of(instance: models.Model) -> str:
    """The identifier shared by all locales: the translation key, or the primary key without one."""
    if isinstance(instance, TranslatableMixin):
        return str(instance.translation_key)
    return str(instance.pk)
