"""Keys of rows in the query of an address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404


def keys_from_query(model: type[Model], values: Iterable[str]) -> list[Any]:
    """The keys that `values` stand for; raises Http404 for a value that is none of this model."""
    try:
        return [model._meta.pk.to_python(value) for value in values]
    except ValidationError as error:
        raise Http404 from error
