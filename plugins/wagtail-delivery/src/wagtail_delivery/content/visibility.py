"""Which models can restrict the visibility of their rows."""

from __future__ import annotations

from functools import lru_cache

from django.apps import apps
from django.db import models
from wagtail.models import CollectionMember, DraftStateMixin, TranslatableMixin

#: Base classes that let a model hide a row from the public.
STATES = (DraftStateMixin, CollectionMember)


@lru_cache(maxsize=256)
def restricting_submodels(model: type[models.Model]) -> tuple[type[models.Model], ...]:
    """The models that inherit the table of `model` and add one of STATES.

    A row of `model` that also belongs to one of them is public only if it is public there.
    """
    table = model._meta.concrete_model or model
    return tuple(
        child
        for child in apps.get_models()
        if issubclass(child, table)
        and not child._meta.proxy
        and any(issubclass(child, state) and not issubclass(table, state) for state in STATES)
    )


def may_be_absent(model: type[models.Model]) -> bool:
    """Whether an instance of `model` can exist without being public in a locale."""
    return issubclass(model, (TranslatableMixin, *STATES)) or bool(restricting_submodels(model))
