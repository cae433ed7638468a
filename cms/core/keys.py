"""Primary keys that people and programs send."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model


def is_key(model: type[Model], value: Any) -> bool:
    """Whether `value` has the form of a primary key of `model`. Costs no query."""
    try:
        model._meta.pk.to_python(value)
    except ValidationError:
        return False
    return True
