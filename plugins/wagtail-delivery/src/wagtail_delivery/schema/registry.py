"""The content types of a project: the models with documents, and the members of those.

Built once from the installed models and their `api_fields`; compiler, endpoints, OpenAPI document
and checks all use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

from django.apps import apps
from django.db import models
from django.utils import translation
from modelcluster.fields import ParentalKey
from wagtail import hooks
from wagtail.api import APIField
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, get_page_models
from wagtail.search import index
from wagtail.snippets.models import get_snippet_models

from wagtail_delivery.conf import Fault, SettingError, delivery_settings, remedy_of
from wagtail_delivery.content.visibility import may_be_absent
from wagtail_delivery.encoding.base import Encoder, Schema
from wagtail_delivery.encoding.files import DocumentFileEncoder
from wagtail_delivery.encoding.images import ImageEncoder
from wagtail_delivery.encoding.member import Member
from wagtail_delivery.encoding.relations import (
    CardEncoder,
    Reference,
    RelatedObjectEncoder,
    is_required_relation,
    without_none,
)
from wagtail_delivery.encoding.schema_names import SchemaNames, pascal_case
from wagtail_delivery.identifiers import PAGES
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.envelope import (
    LINE_LANGUAGES,
    LINES,
    SITE_OF_PAGE,
    Meta,
    PageAlternate,
    PageMeta,
    SiteMeta,
    SnippetMeta,
)
from wagtail_delivery.schema.members import UnknownApiFieldsError, api_members
from wagtail_delivery.schema.type_names import name_types
from wagtail_delivery.schema.unions import union_by_type
from wagtail_delivery.sort_keys import is_sortable

META = "Metadata of the document."
#: Keys of envelope members, which every document has. `locale` needs no key: every list has a
#: parameter for it.
ENVELOPE_KEYS = frozenset({"id", "title"})
#: Keys that every page has; a filter with such a name gets the type's name as a prefix.
PAGE_KEYS = frozenset({"type", "site", "parent", "position", "source_position"})


class ContentTypes:
    """All content types of the project, with their generated schemas."""

    def __init__(self) -> None:
        self.names = SchemaNames()
        #: Methods, properties and serializers without a type, each with a remedy.
        self.untyped: dict[str, str] = {}
        #: Entries of `api_fields` that do not exist: the class that lists it, and the name.
        self.unknown: set[tuple[type[Any], str]] = set()
        #: Foreign keys whose reverse relation appears in some document.
        self.reverse_keys: set[tuple[str, str]] = set()
        self._aliases: dict[tuple[str, ...], Any] = {}
        self._open: list[type[models.Model]] = []
        with translation.override("en"):
            named = name_types(self._participating_models())
            self._by_model = {
                one.model: ContentType(one.model, one.name, one.collection) for one in named
            }
            for content_type in self._by_model.values():
                self._make_card(content_type)
            for content_type in self._by_model.values():
                self._make_document(content_type)
            if self.unknown:
                raise UnknownApiFieldsError(self.unknown)
            self.site_schema = self._make_site()

    # Participating models and their names

    def _participating_models(self) -> list[type[models.Model]]:
        pages = [model for model in get_page_models() if model is not Page]
        snippets = [
            model
            for model in get_snippet_models()
            if hasattr(model, "api_fields") and not issubclass(model, Page)
        ]
        return sorted(pages, key=_label) + sorted(snippets, key=_label)

    # Schemas

    def _make_card(self, content_type: ContentType) -> None:
        model = content_type.model
        path = pascal_case(content_type.name)
        wanted = list(getattr(model, "card_fields", ()))
        content_type.card_members = [
            member
            for member in api_members(
                model, f"{path}Card", self, only=wanted, prefix=content_type.name
            )
            if not member.encoder.relational
        ]
        members = _envelope_types(content_type)
        if content_type.is_page:
            members["site"] = (str, SITE_OF_PAGE)
        members |= {
            member.name: (member.encoder.annotation, member.description)
            for member in content_type.card_members
        }
        members["untranslated"] = (
            list[str],
            "JSON pointers, within this card, of texts that are not in the language of `locale`.",
        )
        members["untranslated_languages"] = (
            dict[str, str],
            "The language (BCP 47) of each text in `untranslated`, by its pointer; of a text in "
            "several, the first.",
        )
        members["untranslated_lines"] = (
            dict[str, list[int]],
            LINES % ("untranslated_languages", "untranslated_line_languages"),
            {},
        )
        members["untranslated_line_languages"] = (
            dict[str, list[str]],
            LINE_LANGUAGES % "untranslated_lines",
            {},
        )
        name = f"{path}Card"
        content_type.card_schema = self.names.make(
            name,
            name,
            members,
            description=f"Card for lists: {model._meta.verbose_name}.",
        )

    def _make_document(self, content_type: ContentType) -> None:
        model = content_type.model
        path = pascal_case(content_type.name)
        content_type.members = api_members(model, path, self, prefix=content_type.name)
        members = _envelope_types(content_type)
        members |= {
            member.name: (member.encoder.annotation, member.description)
            for member in content_type.members
        }
        members["meta"] = (_meta_type(content_type), META)
        content_type.document_schema = self.names.make(
            path, f"{path}Document", members, description=str(model._meta.verbose_name)
        )
        self._find_filters(content_type)

    def _make_site(self) -> type[Schema]:
        """The type of the document behind `/site`; an organisation needs SITE_SNIPPET."""
        organisation: dict[str, Any] = {}
        if label := delivery_settings().SITE_SNIPPET:
            model = _model_named(label)
            content_type = self._by_model.get(model) if model else None
            if content_type is None:
                raise SettingError(
                    Fault(
                        "SITE_SNIPPET",
                        f"is {label!r}, which is no snippet with api_fields",
                        remedy_of("SITE_SNIPPET"),
                    )
                )
            members = _envelope_types(content_type) | {
                member.name: (member.encoder.annotation, member.description)
                for member in content_type.members
            }
            name = f"Site{pascal_case(content_type.name)}"
            said = "The organisation as in its own document, without `meta`."
            made = self.names.make(name, name, members, description=said)
            organisation["organisation"] = (
                made | None,
                "The organisation that the site belongs to.",
            )
        members = {
            "id": (str, "`default`, or host:port of another site."),
            "type": (Literal["site"], "Content type."),
            "locale": (str, "Language code (BCP 47) of the texts."),
            "title": (str, "Name of the site."),
            "home": (self.card_annotation(Page), "The home page."),
            **organisation,
            "locales": (
                list[PageAlternate],
                "The site's locales, with their home pages.",
            ),
            "meta": (SiteMeta, META),
        }
        return self.names.make(
            "Site", "SiteDocument", members, description="Site-wide content, shown on every page."
        )

    def _find_filters(self, content_type: ContentType) -> None:
        model = content_type.model
        declared = {
            search_field.field_name
            for search_field in getattr(model, "search_fields", ())
            if isinstance(search_field, index.FilterField)
        }
        shown = {api_field.name for api_field in APIField.get_fields_for_model(model)}
        content_type.envelope_filters = tuple(sorted(declared & shown & ENVELOPE_KEYS))
        for member in content_type.members:
            if (member.attribute or member.name) in declared and member.field is not None:
                name = member.name
                if content_type.is_page and name in PAGE_KEYS:
                    name = f"{content_type.name}_{name}"
                content_type.filters[name] = replace(member, field=_field_behind(member))
                if is_sortable(content_type.filters[name].field):
                    content_type.orders[name] = member
        ordering = model._meta.ordering
        if content_type.is_page:
            content_type.default_order = "position"
        elif ordering and isinstance(ordering[0], str):
            name = ordering[0].lstrip("-")
            if name in content_type.orders or name == "title":
                content_type.default_order = ordering[0]

    # Used by encoders

    def card_annotation(self, *targets: type[models.Model]) -> Any:
        """The schema of a card of any of `targets` or their descendants; a union is named once."""
        found = [
            content_type
            for content_type in self._by_model.values()
            if issubclass(content_type.model, targets)
        ]
        if len(found) == 1:
            return found[0].card_schema
        if not found:
            return None
        key = tuple(content_type.name for content_type in found)
        if key not in self._aliases:
            is_all_pages = all(issubclass(target, Page) for target in targets) and Page in targets
            name = (
                "PageCard"
                if is_all_pages
                else "Or".join(pascal_case(content_type.name) for content_type in found) + "Card"
            )
            cards = [content_type.card_schema for content_type in found]
            target_name = "any page" if is_all_pages else "one of several types"
            self._aliases[key] = union_by_type(
                name, cards, f"Card of {target_name}; `type` identifies its type."
            )
        return self._aliases[key]

    def relation(self, *targets: type[models.Model], nullable: bool) -> Encoder:
        """The encoder that shows an instance of one of `targets` in another document."""
        target = targets[0]
        if any(issubclass(model, targets) for model in self._by_model):
            return CardEncoder(self, targets, nullable=nullable)
        if issubclass(target, get_image_model()):
            return ImageEncoder()
        if issubclass(target, get_document_model()):
            return DocumentFileEncoder()
        return self._plain(target, nullable=nullable)

    def _plain(self, target: type[models.Model], *, nullable: bool) -> RelatedObjectEncoder:
        members: list[Member] = []
        annotation: Any = Reference
        if hasattr(target, "api_fields") and target not in self._open:
            path = f"{pascal_case(target.__name__)}Summary"
            self._open.append(target)
            members = [
                member
                for member in api_members(target, path, self)
                if not member.encoder.relational
            ]
            self._open.pop()
            annotation = self.names.make(
                path,
                pascal_case(target._meta.app_label) + path,
                {m.name: (m.encoder.annotation, m.description) for m in members},
                description=str(target._meta.verbose_name),
            )
        return RelatedObjectEncoder(annotation, members, nullable=nullable or may_be_absent(target))

    def children(self, model: type[models.Model], path: str) -> tuple[list[Member], Any]:
        """The members and the schema of inline children of `model`."""
        parental = {item.name for item in model._meta.get_fields() if isinstance(item, ParentalKey)}
        members = api_members(model, path, self, without=tuple(parental))
        annotation = self.names.make(
            pascal_case(model.__name__),
            path,
            {
                m.name: (
                    without_none(m.encoder.annotation)
                    if is_required_relation(m)
                    else m.encoder.annotation,
                    m.description,
                )
                for m in members
            },
            description=str(model._meta.verbose_name),
        )
        return members, annotation

    def record_reverse_relation(self, foreign_key: Any) -> None:
        """Record that a foreign key's target shows the rows pointing at it."""
        self.reverse_keys.add((foreign_key.model._meta.label_lower, foreign_key.name))

    # Used by the rest of the plugin

    def __iter__(self) -> Iterator[ContentType]:
        return iter(self._by_model.values())

    def of_model(self, model: type[models.Model]) -> ContentType | None:
        """The content type of `model`, or None if it has no documents."""
        return self._by_model.get(model)

    def name_of(self, model: type[models.Model]) -> str | None:
        """The API name of `model`, or None if it has no documents."""
        content_type = self.of_model(model)
        return content_type.name if content_type else None

    def of_instance(self, instance: models.Model) -> ContentType | None:
        """The content type of a (specific) instance, or None."""
        return self._by_model.get(type(instance))

    def of_ancestors(self, model: type[models.Model]) -> list[ContentType]:
        """The content types of a row of `model`: its own, those of its parents and proxies."""
        table = model._meta.concrete_model or model
        return [
            content_type
            for content_type in self._by_model.values()
            if issubclass(table, content_type.model._meta.concrete_model or content_type.model)
        ]

    def collections(self) -> dict[str, list[ContentType]]:
        """Content types by collection."""
        found: dict[str, list[ContentType]] = {PAGES: []}
        for content_type in self._by_model.values():
            found.setdefault(content_type.collection, []).append(content_type)
        return found


def _label(model: type[models.Model]) -> str:
    return model._meta.label


def _meta_type(content_type: ContentType) -> type[Schema]:
    if content_type.is_page:
        return PageMeta
    return SnippetMeta if content_type.is_translatable else Meta


def _envelope_types(content_type: ContentType) -> dict[str, Any]:
    members: dict[str, Any] = {
        "id": (str, "Identifier, the same in every locale."),
        "type": (Literal[content_type.name], "Content type."),
        "locale": (
            (str, "Language code (BCP 47) of the texts.")
            if content_type.is_translatable
            else (str | None, "Always null: the content is the same in every locale.")
        ),
        "title": (str, "Title for display."),
    }
    if content_type.is_page:
        members["path"] = (
            str,
            "Front-end path of the page, percent-encoded as in a URL (RFC 3986).",
        )
    return members


def _field_behind(member: Member) -> Any:
    """The field with a member's values; for a foreign key's column (`act_id`), its target's."""
    field = member.field
    if (member.attribute or member.name) == getattr(field, "attname", "") != field.name:
        while field.is_relation:
            field = field.target_field
    return field


def _model_named(label: str) -> type[models.Model] | None:
    try:
        found: type[models.Model] = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return found


@lru_cache(maxsize=1)
def content_types() -> ContentTypes:
    """The project's content types, built on the first call."""
    # Snippets can be registered in `wagtail_hooks` modules.
    hooks.search_for_hooks()
    return ContentTypes()
