"""One member of a generated type: its name, its encoder and how its value is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, located


@dataclass(frozen=True)
class Member:
    """One named part of a type."""

    name: str
    encoder: Encoder
    #: What the representation encodes, out of the instance.
    read: Callable[[Any], Any]
    description: str = ""
    #: The model field that it comes from, if it is one.
    field: Any = None
    #: Its name in the model, where that is another.
    attribute: str = ""

    def encode(self, instance: models.Model, location: Location, compilation: Compilation) -> Json:
        """The JSON of this member of `instance`, which stands at `place`."""
        here = location.member(self.name, self.attribute or self.name)
        with located(here):
            return self.encoder.encode(self.read(instance), here, compilation)
