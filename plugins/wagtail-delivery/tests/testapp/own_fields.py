"""Custom field classes: registered, unknown, and known through an ancestor."""

from __future__ import annotations

from typing import Any

from django.db import models


class ColourField(models.Field):
    """Text in a class that descends from no field of Django; `apps` registers it."""

    def db_type(self, connection: Any) -> str:
        return "varchar(7)"


class PointField(models.Field):
    """Not registered."""

    def db_type(self, connection: Any) -> str:
        return "varchar(40)"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else [float(part) for part in value.split(",")]

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else ",".join(str(part) for part in value)


class ShortText(models.CharField):
    """Known through its ancestor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 20
        super().__init__(*args, **kwargs)
