"""A member of a generated type: its name, its encoder and how to read its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, located


@dataclass(frozen=True)
class Member:
    """One named member of a type."""

    name: str
    encoder: Encoder
    #: Reads the value to encode from the instance.
    read: Callable[[Any], Any]
    description: str = ""
    #: The model field behind the member, if there is one.
    field: Any = None
    #: Its name in the model, if that differs.
    attribute: str = ""

    def encode(self, instance: models.Model, location: Location, compilation: Compilation) -> Json:
        """The JSON of this member of `instance`, which is encoded at `location`."""
        member_location = location.member(self.name, self.attribute or self.name)
        with located(member_location):
            return self.encoder.encode(self.read(instance), member_location, compilation)
