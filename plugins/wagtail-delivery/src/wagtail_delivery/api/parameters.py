"""The query parameters of each operation, as Pydantic models that parse and describe them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, create_model

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.problems import ProblemError, not_found
from wagtail_delivery.api.queries.lists import Order
from wagtail_delivery.api.query_strings import TEXT
from wagtail_delivery.api.sites import SITE_SCHEMA, parse_site
from wagtail_delivery.identifiers import DEFAULT, SITE
from wagtail_delivery.locales import ContentLocales

MOST_ITEMS = 100
USUAL_ITEMS = 20


#: Members for filters have this prefix and a number.
_FILTER = "filter_"
_PATH_PATTERN = r"^/[^\x00]*$"
#: As `encode_cursor` makes them.
_CURSOR_PATTERN = "^[0-9A-Za-z_-]+[.][0-9A-Za-z_-]+$"
Site = Annotated[
    str,
    Field(description="Site, as `host:port`, or `default` for the default site."),
    PlainValidator(parse_site),
    WithJsonSchema(SITE_SCHEMA),
]


class Parameters(BaseModel):
    """The query parameters of an operation; unknown ones are an error."""

    model_config = ConfigDict(extra="forbid")

    @property
    def locales(self) -> list[str]:
        """The locales to look in, in order of preference; "" if documents have no locale."""
        locale = getattr(self, "locale", "")
        fallback = getattr(self, "fallback", None)
        return [locale] if fallback in (None, locale) else [locale, fallback]


class ResolveParameters(Parameters):
    """The requested address."""

    path: Annotated[
        str,
        Field(
            pattern=_PATH_PATTERN,
            description=(
                "Front-end path, such as `/ms/profil/`, without scheme and host, in any spelling: "
                "percent-encoded or not, in any Unicode normalization form. The visitor's query "
                "may follow (`?`, encoded as part of this value). It matters to redirects from an "
                "address with these parameters, in any order; otherwise it is ignored, and so is "
                "a fragment (`#`)."
            ),
        ),
        WithJsonSchema({**TEXT, "pattern": _PATH_PATTERN}),
    ]
    site: Site = DEFAULT


class ListParameters(Parameters):
    """The requested part of a list. Each collection adds its order, filters, locales and site."""

    limit: Annotated[
        int,
        Field(description="Maximum number of items."),
        PlainValidator(lambda text: _limit(text)),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_ITEMS}),
    ] = USUAL_ITEMS
    cursor: Annotated[
        str | None,
        Field(
            description=(
                "`next` of the previous response. All other parameters except `limit` must be the "
                "same as there."
            )
        ),
        WithJsonSchema({**TEXT, "pattern": _CURSOR_PATTERN}),
    ] = None
    order: Order

    def used_filters(self) -> list[tuple[int, tuple[bytes, ...]]]:
        """The numbers of the collection's filters in use, with the keys that each matches."""
        return [
            (int(name.removeprefix(_FILTER)), getattr(self, name))
            for name in sorted(self.model_fields_set)
            if name.startswith(_FILTER)
        ]


def document_parameters(locales: ContentLocales | None) -> type[Parameters]:
    """Parameters of one document; `locales` is None if it has no locale."""
    return create_model("DocumentParameters", __base__=Parameters, **_locale_members(locales))


def resolve_parameters(locales: ContentLocales) -> type[ResolveParameters]:
    """Parameters of `/resolve`; its locale is that of the address."""
    fallback = _fallback_member(
        locales,
        "Locale to use where no translation exists. An address in another locale then gives the "
        "page that has the same path below the translation of the page above it, such as "
        "`/ms/x/` for `/en/x/`. `Content-Language`, and `locale` and `path` of the document, are "
        "those of that page.",
    )
    return create_model("ResolveParameters", __base__=ResolveParameters, fallback=fallback)


def site_parameters(locales: ContentLocales) -> type[Parameters]:
    """Parameters of a site's document."""
    return create_model(
        "SiteParameters", __base__=Parameters, site=(Site, DEFAULT), **_locale_members(locales)
    )


def list_parameters(collection: Collection, locales: ContentLocales | None) -> type[ListParameters]:
    """Parameters of a collection's list; `locales` is None if its documents have none."""
    members: dict[str, Any] = _locale_members(locales)
    members["order"] = _order_member(collection)
    if collection.is_pages:
        members[SITE] = (Site, DEFAULT)
    for index, item in enumerate(collection.filters):
        annotation = Annotated[
            tuple[bytes, ...] | None,
            PlainValidator(item.keys),
            WithJsonSchema(dict(item.schema)),
        ]
        members[f"{_FILTER}{index}"] = (
            annotation,
            # An alias, because Pydantic reserves names that a model's field may have.
            Field(default=None, alias=item.parameter, description=item.description),
        )
    return create_model("ListParameters", __base__=ListParameters, **members)


def _locale_members(locales: ContentLocales | None) -> dict[str, Any]:
    if locales is None:
        return {}
    return {
        "locale": (
            Annotated[str, *_known_locale("locale", locales)],
            Field(default=locales.default, description="Locale of the response."),
        ),
        "fallback": _fallback_member(
            locales,
            "Locale to use where no translation exists. `Content-Language` and the `locale` of "
            "each document or card then name it.",
        ),
    }


def _fallback_member(locales: ContentLocales, description: str) -> tuple[Any, Any]:
    annotation = Annotated[str | None, *_known_locale("fallback", locales)]
    return annotation, Field(default=None, description=description)


def _known_locale(parameter: str, locales: ContentLocales) -> tuple[Any, ...]:
    def known(code: str) -> str:
        if code not in locales.names:
            raise no_locale(parameter, locales)
        return code

    return PlainValidator(known), WithJsonSchema({"type": "string", "enum": locales.codes})


def no_locale(parameter: str, locales: ContentLocales) -> ProblemError:
    return not_found("Unknown locale.", (parameter, f"Must be one of: {', '.join(locales.codes)}."))


def _order_member(collection: Collection) -> tuple[Any, Any]:
    offered = [sign + name for name in sorted(collection.orders) for sign in ("", "-")]
    parse: Callable[[str], Order] = lambda text: _order(text, collection)  # noqa: E731
    schema = {"type": "string", "enum": offered}
    annotation = Annotated[Order, PlainValidator(parse), WithJsonSchema(schema)]
    description = (
        "Sort order; a leading `-` reverses it. Items without a value come last either way, and "
        "equal items are sorted by id."
    )
    field = Field(default=collection.default_order, validate_default=True, description=description)
    return annotation, field


def _order(text: str, collection: Collection) -> Order:
    name = text.removeprefix("-")
    if name not in collection.orders:
        raise ValueError(f"Must be one of: {', '.join(sorted(collection.orders))}.")
    return Order(name, text.startswith("-"), collection.orders[name])


def _limit(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_ITEMS:
        raise ValueError(f"Must be an integer from 1 to {MOST_ITEMS}.")
    return int(text)
