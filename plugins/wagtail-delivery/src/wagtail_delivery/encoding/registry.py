"""The protocol by which encoders use the project's content types without importing `schema`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import models

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location
from wagtail_delivery.encoding.member import Member
from wagtail_delivery.encoding.schema_names import SchemaNames


class CardSource(Protocol):
    """The part of a content type that relations use."""

    def encode_card(self, instance: Any, location: Location, compilation: Compilation) -> Json:
        """`instance` as its card."""
        ...


class TypeRegistry(Protocol):
    """The content types of a project and the generated types behind them."""

    #: Creates the generated types.
    names: SchemaNames
    #: Methods, properties and serializers without a type, with the remedy.
    untyped: dict[str, str]
    #: Entries of `api_fields` that do not exist: the class that lists it, and the name.
    unknown: set[tuple[type[Any], str]]

    def card_annotation(self, *targets: type[models.Model]) -> Any:
        """The type of a card of any of `targets` or their descendants."""
        ...

    def relation(self, *targets: type[models.Model], nullable: bool) -> Encoder:
        """The encoder of a related object that is one of `targets`."""
        ...

    def children(self, model: type[models.Model], path: str) -> tuple[Sequence[Member], Any]:
        """The members and the type of inline children of `model`."""
        ...

    def record_reverse_relation(self, foreign_key: Any) -> None:
        """Record that a document shows the rows that point at it by `foreign_key`."""
        ...

    def of_instance(self, instance: models.Model) -> CardSource | None:
        """The content type of a (specific) instance; None if it has no documents."""
        ...

    def name_of(self, model: type[models.Model]) -> str | None:
        """The API's name for `model`; None if it has no documents."""
        ...
