"""`ContentType`: a model with documents, its name in the API, its members and schemas."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import models
from wagtail.models import Page, TranslatableMixin

from wagtail_delivery.encoding.base import Compilation, Json, Location, Schema
from wagtail_delivery.encoding.member import Member
from wagtail_delivery.schema.envelope import envelope_members, site_of


@dataclass
class ContentType:
    """A model with documents: its name in the API, its members and its schemas."""

    model: type[models.Model]
    name: str
    collection: str
    #: Members from `api_fields`, in the order declared there.
    members: list[Member] = field(default_factory=list)
    card_members: list[Member] = field(default_factory=list)
    document_schema: type[Schema] = Schema
    card_schema: type[Schema] = Schema
    #: Members for filtering lists, by the name of their keys; `orders` has those for sorting.
    filters: dict[str, Member] = field(default_factory=dict)
    #: Envelope members that are filters too; every document has their keys.
    envelope_filters: tuple[str, ...] = ()
    orders: dict[str, Member] = field(default_factory=dict)
    default_order: str = "id"

    @property
    def is_page(self) -> bool:
        return issubclass(self.model, Page)

    @property
    def is_translatable(self) -> bool:
        return issubclass(self.model, TranslatableMixin)

    @property
    def has_slug(self) -> bool:
        """Whether a document can be requested by its slug."""
        return not self.is_page and any(
            item.name == "slug" for item in self.model._meta.get_fields()
        )

    def encode_members(self, instance: Any, location: Location, compilation: Compilation) -> Json:
        """Encode all members of `instance` except `meta`, and mark untranslated texts."""
        here = Location(location.pointer)
        with compilation.reading(instance):
            encoded = envelope_members(self, instance, here, compilation)
            for member in self.members:
                encoded[member.name] = member.encode(instance, here, compilation)
        return encoded

    def encode_card(self, instance: Any, location: Location, compilation: Compilation) -> Json:
        """Encode `instance` as its card, for lists and other documents."""
        recorded: tuple[dict[str, Any], ...] = (
            compilation.languages,
            compilation.lines,
            compilation.line_languages,
        )
        before = [len(each) for each in recorded]
        with compilation.reading(instance):
            here = Location(location.pointer)
            card = envelope_members(self, instance, here, compilation)
            if self.is_page:
                card["site"] = site_of(instance, compilation)
            for member in self.card_members:
                card[member.name] = member.encode(instance, here, compilation)
        prefix = len(location.pointer)
        languages, lines, line_languages = (
            {pointer[prefix:]: value for pointer, value in islice(each.items(), first, None)}
            for each, first in zip(recorded, before, strict=True)
        )
        card |= {"untranslated": list(languages), "untranslated_languages": languages}
        # As in documents: few cards have any.
        if lines:
            card["untranslated_lines"] = lines
        if line_languages:
            card["untranslated_line_languages"] = line_languages
        return card
