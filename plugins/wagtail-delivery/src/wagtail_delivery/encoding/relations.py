"""Relations: other content as cards, inline children as objects, the rest as references."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from pydantic import Field
from wagtail.models import Page, TranslatableMixin

from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.content.visibility import may_be_absent
from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.member import Member
from wagtail_delivery.encoding.registry import TypeRegistry


class Reference(Schema):
    """A reference to an object that has no document of its own."""

    id: str = Field(description="Identifier of the object, unique within its type.")
    type: str = Field(description="Type of the object, as app.model.")


class CardEncoder(Encoder):
    """Related content with its own document, as its card in the document's locale, or null."""

    relational = True

    def __init__(
        self,
        registry: TypeRegistry,
        targets: Sequence[type[models.Model]],
        *,
        nullable: bool,
    ) -> None:
        annotation = registry.card_annotation(*targets)
        absent = nullable or any(may_be_absent(target) for target in targets)
        super().__init__(annotation | None if absent else annotation)
        self.registry = registry

    def encode(
        self, value: models.Model | None, location: Location, compilation: Compilation
    ) -> Json:
        if value is None:
            return None
        compilation.depends_on(value)
        counterpart = compilation.counterpart(value)
        if counterpart is None:
            return None
        content_type = self.registry.of_instance(counterpart)
        return (
            content_type.encode_card(counterpart, location, compilation) if content_type else None
        )


class RelatedObjectEncoder(Encoder):
    """A related object without a document, in the document's locale, or null.

    It shows its own `api_fields` except relations, or only its identifier and type.
    """

    def __init__(self, annotation: Any, members: Sequence[Member], *, nullable: bool) -> None:
        super().__init__(annotation | None if nullable else annotation)
        self.members = members

    def encode(
        self, value: models.Model | None, location: Location, compilation: Compilation
    ) -> Json:
        if value is None:
            return None
        compilation.depends_on(value)
        found = compilation.counterpart(value)
        if found is None:
            return None
        if not self.members:
            return {"id": identity_of(found), "type": found._meta.label_lower}
        # The related object's content paths start at itself.
        own_location = Location(location.pointer)
        with compilation.reading(found):
            return {
                member.name: member.encode(found, own_location, compilation)
                for member in self.members
            }


class RelatedListEncoder(Encoder):
    """A list of related objects, without those that are not public in the document's locale."""

    relational = True

    def __init__(self, item: Encoder) -> None:
        super().__init__(list[without_none(item.annotation)], untyped=item.untyped)  # type: ignore[misc]
        self.item = item

    def encode(
        self, value: Iterable[models.Model] | None, location: Location, compilation: Compilation
    ) -> Json:
        items: list[Json] = []
        instances = list(value or ())
        with compilation.among(instances):
            for instance in instances:
                if isinstance(instance, Page):
                    compilation.depends_on_order()
                encoded = self.item.encode(instance, location.member(len(items)), compilation)
                if encoded is not None:
                    items.append(encoded)
        return items


def without_none(annotation: Any) -> Any:
    """`annotation` without None; a type that is no union stays as it is."""
    given = getattr(annotation, "__args__", ())
    if type(None) not in given:
        return annotation
    return functools.reduce(operator.or_, [part for part in given if part is not type(None)])


def is_required_relation(member: Member) -> bool:
    """Whether `member` of an inline child is a foreign key that must have a value."""
    return isinstance(member.field, models.ForeignKey) and not member.field.null


class ChildrenEncoder(Encoder):
    """Inline children (`ParentalKey`): part of the instance itself, in their order.

    A child whose required relation leads to nothing public is left out, since it says nothing
    without it.
    """

    def __init__(self, annotation: Any, members: Sequence[Member]) -> None:
        super().__init__(list[annotation])
        self.members = members
        self.required = [member.name for member in members if is_required_relation(member)]

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        children: list[Json] = []
        instances = list(value.all())
        for child in instances:
            content = identity_of(child) if isinstance(child, TranslatableMixin) else ""
            child_location = location.member(len(children), content)
            with compilation.among(instances), compilation.tentative() as keep:
                encoded = {
                    member.name: member.encode(child, child_location, compilation)
                    for member in self.members
                }
                if all(encoded[name] is not None for name in self.required):
                    keep()
                    children.append(encoded)
        return children


class ReverseRelationEncoder(Encoder):
    """Rows of another model, in the document's locale, whose foreign key points at the instance.

    A translation's foreign key may still point at the source, so rows that point at the instance
    in any locale count.
    """

    relational = True

    def __init__(self, relation: models.ManyToOneRel, item: Encoder) -> None:
        self.single = isinstance(relation, models.OneToOneRel)
        self.items = RelatedListEncoder(item)
        super().__init__(item.annotation | None if self.single else self.items.annotation)
        self.model = relation.related_model
        self.field = relation.field

    def encode(self, value: models.Model, location: Location, compilation: Compilation) -> Json:
        compilation.depends_on_members(self.model, self.field.name, value)
        if isinstance(value, TranslatableMixin):
            query = {f"{self.field.name}__translation_key": value.translation_key}
        else:
            query = {self.field.name: value}
        rows = self.model._default_manager.filter(**query)
        rows = rows.order_by(*(self.model._meta.ordering or ()), "pk")
        shown: Iterable[models.Model] = rows
        if compilation.locale and issubclass(self.model, TranslatableMixin):
            shown = _in_one_locale_each(rows, compilation)
        encoded = self.items.encode(shown, location, compilation)
        if not self.single:
            return encoded
        return encoded[0] if encoded else None


def _in_one_locale_each(
    rows: Iterable[models.Model], compilation: Compilation
) -> list[models.Model]:
    """Those of `rows` in the document's locale, and of the others those in the fallback.

    The rest is recorded as left out, where it is public.
    """
    languages = {row: compilation.snapshot.language_of(row) for row in rows}
    shown: set[models.Model] = set()
    keys: set[Any] = set()
    for locale in filter(None, (compilation.locale, compilation.fallback)):
        found = {row for row in languages if languages[row] == locale and _key(row) not in keys}
        shown |= found
        keys |= set(map(_key, found))
    compilation.leave_out(
        row for row in languages if _key(row) not in keys and compilation.snapshot.is_public(row)
    )
    return [row for row in languages if row in shown]


def _key(row: Any) -> Any:
    return row.translation_key
