"""The API's lists, with the filters and orders of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wagtail_delivery.api.filters import (
    Filter,
    ValueType,
    choice_value,
    text_value,
    uuid_value,
    value_type_of,
)
from wagtail_delivery.encoding.schema_names import in_words
from wagtail_delivery.identifiers import PAGES
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.registry import ContentTypes

#: Parameters of every list; a filter with one of these names is prefixed with its type's name.
LIST_PARAMETERS = frozenset({"locale", "fallback", "limit", "cursor", "order", "at_least"})
#: The filter that selects pages by type.
TYPE = "type"
#: Orders that every document has a key for.
COMMON_ORDERS = ("id", "title", "first_published_at", "last_published_at")


@dataclass(frozen=True)
class Collection:
    """One list of the API and its content types."""

    name: str
    types: tuple[ContentType, ...]
    filters: tuple[Filter, ...]
    #: For each order, the types that have a key for it; empty if all of them do.
    orders: Mapping[str, tuple[str, ...]]
    default_order: str

    @property
    def is_pages(self) -> bool:
        return self.name == PAGES

    @property
    def singular(self) -> str:
        """One item in words, such as "act"."""
        return "page" if self.is_pages else in_words(self.types[0].name).lower()

    @property
    def plural(self) -> str:
        """The items in words, capitalised, such as "Acts"."""
        return "Pages" if self.is_pages else in_words(self.name)

    @property
    def is_translatable(self) -> bool:
        return all(content_type.is_translatable for content_type in self.types)

    @property
    def has_slug(self) -> bool:
        """Whether an item can be requested by its slug."""
        return all(content_type.has_slug for content_type in self.types)


def api_collections(content_types: ContentTypes) -> list[Collection]:
    """The project's lists, pages first; lists without types are left out."""
    return [
        _collection(name, tuple(types))
        for name, types in content_types.collections().items()
        if types
    ]


def _collection(name: str, types: tuple[ContentType, ...]) -> Collection:
    filters: list[Filter] = []
    orders: dict[str, tuple[str, ...]] = dict.fromkeys(COMMON_ORDERS, ())
    if name == PAGES:
        filters = _page_filters(types)
        orders["position"] = ()
    filters += _member_filters(types)
    for content_type in types:
        for order in content_type.orders:
            having = tuple(other.name for other in types if order in other.orders)
            orders.setdefault(order, () if len(having) == len(types) else having)
    default_order = "position" if name == PAGES else types[0].default_order
    return Collection(name, types, tuple(filters), orders, default_order)


def _page_filters(types: Iterable[ContentType]) -> list[Filter]:
    return [
        Filter(
            TYPE,
            TYPE,
            (choice_value(content_type.name for content_type in types),),
            "Only pages of this type.",
        ),
        Filter("parent", "parent", (uuid_value(),), "Only children of the page with this id."),
    ]


def _member_filters(types: Iterable[ContentType]) -> list[Filter]:
    """The filters that the types declare; equal names in several types share one filter."""
    found: dict[tuple[str, str], list[ValueType]] = {}
    is_order: dict[str, set[bool]] = {}
    for content_type in types:
        kind_of = {
            name: _envelope_value_type(name, content_type) for name in content_type.envelope_filters
        }
        kind_of |= {key: value_type_of(item.field) for key, item in content_type.filters.items()}
        for key, value_type in kind_of.items():
            parameter = f"{content_type.name}_{key}" if key in LIST_PARAMETERS else key
            value_types = found.setdefault((parameter, key), [])
            ordered = key in content_type.envelope_filters or key in content_type.orders
            is_order.setdefault(parameter, set()).add(ordered)
            if all(value_type.schema != other.schema for other in value_types):
                value_types.append(value_type)
    return [
        Filter(
            parameter,
            key,
            tuple(value_types),
            _description(key, value_types),
            in_orders=True in is_order[parameter],
            in_filters=False in is_order[parameter],
        )
        for (parameter, key), value_types in found.items()
    ]


def _description(key: str, value_types: Iterable[ValueType]) -> str:
    compared = [value_type.comparison for value_type in value_types if value_type.comparison]
    return " ".join([f"Only items with this `{key}`.", *compared])


def _envelope_value_type(name: str, content_type: ContentType) -> ValueType:
    return uuid_value() if name == "id" and content_type.is_translatable else text_value()
