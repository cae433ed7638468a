"""Which models say of their rows who may read them."""

from __future__ import annotations

from functools import lru_cache

from django.apps import apps
from django.db import models
from wagtail.models import CollectionMember, DraftStateMixin, TranslatableMixin

#: What a model inherits to keep a row from the public.
STATES = (DraftStateMixin, CollectionMember)


@lru_cache(maxsize=256)
def models_below(model: type[models.Model]) -> tuple[type[models.Model], ...]:
    """The models that inherit the table of `model` and have a state that it does not have.

    A row of `model` that is one of theirs too is public only if it is so as one of theirs.
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
    """Whether a thing of `model` can be there and yet not be public in a locale."""
    return issubclass(model, (TranslatableMixin, *STATES)) or bool(models_below(model))
