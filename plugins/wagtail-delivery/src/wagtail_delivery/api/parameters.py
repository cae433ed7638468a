"""The query parameters of each operation, as Pydantic models that parse and describe them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, create_model

from wagtail_delivery.api.change_cursors import NOW, PATTERN, Position, parse_position
from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.problems import ProblemError, not_found
from wagtail_delivery.api.queries.lists import Order
from wagtail_delivery.api.query_strings import TEXT
from wagtail_delivery.api.sites import SITE_SCHEMA, parse_site
from wagtail_delivery.identifiers import DEFAULT, SITE
from wagtail_delivery.locales import ContentLocales

MOST_ITEMS = 100
USUAL_ITEMS = 20
MOST_CHANGES = 1000
USUAL_CHANGES = 100
#: Seconds: less than the time that proxies usually wait for a response.
LONGEST_WAIT = 25
#: The greatest number of a change.
LAST_SEQUENCE = 2**63 - 1

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


def _integers(least: int, most: int) -> dict[str, Any]:
    """The JSON schema of whole numbers in a range."""
    return {"type": "integer", "minimum": least, "maximum": most}


def _integer(least: int, most: int) -> PlainValidator:
    """Parses a whole number in a range."""

    def parse(text: str) -> int:
        if not re.fullmatch(f"[0-9]{{1,{len(str(most))}}}", text) or not least <= int(text) <= most:
            raise ValueError(f"Must be an integer from {least} to {most}.")
        return int(text)

    return PlainValidator(parse)


class ContentParameters(Parameters):
    """Parameters of everything that reads the content."""

    at_least: Annotated[
        int | None,
        Field(
            description=(
                "Number of a change (`X-Content-Sequence`, or `sequence` in `/changes`) that the "
                "response must have. If it has not arrived yet, the response waits up to two "
                "seconds, and is then 503."
            )
        ),
        _integer(0, LAST_SEQUENCE),
        WithJsonSchema(_integers(0, LAST_SEQUENCE)),
    ] = None


class ResolveParameters(ContentParameters):
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


class ChangesParameters(ContentParameters):
    """The requested part of the change log."""

    after: Annotated[
        Position | None,
        Field(
            description=(
                "`next` of the previous response. Without it, the response begins with the first "
                f"change that is kept; `{NOW}` gives no changes, only the `next` of the end."
            )
        ),
        PlainValidator(parse_position),
        WithJsonSchema({"type": "string", "pattern": PATTERN}),
    ] = None
    limit: Annotated[
        int,
        Field(description="Maximum number of changes."),
        _integer(1, MOST_CHANGES),
        WithJsonSchema(_integers(1, MOST_CHANGES)),
    ] = USUAL_CHANGES
    wait: Annotated[
        int,
        Field(
            description=(
                "Seconds to wait for a change if there is none. If many requests wait, the "
                "response comes at once without one, so pause a moment before the next request."
            )
        ),
        _integer(0, LONGEST_WAIT),
        WithJsonSchema(_integers(0, LONGEST_WAIT)),
    ] = 0


class ListParameters(ContentParameters):
    """The requested part of a list. Each collection adds its order, filters, locales and site."""

    limit: Annotated[
        int,
        Field(description="Maximum number of items."),
        _integer(1, MOST_ITEMS),
        WithJsonSchema(_integers(1, MOST_ITEMS)),
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
    return create_model(
        "DocumentParameters", __base__=ContentParameters, **_locale_members(locales)
    )


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
        "SiteParameters",
        __base__=ContentParameters,
        site=(Site, DEFAULT),
        **_locale_members(locales),
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
        "equal items are in an order that stays the same."
    )
    field = Field(default=collection.default_order, validate_default=True, description=description)
    return annotation, field


def _order(text: str, collection: Collection) -> Order:
    name = text.removeprefix("-")
    if name not in collection.orders:
        raise ValueError(f"Must be one of: {', '.join(sorted(collection.orders))}.")
    return Order(name, text.startswith("-"), collection.orders[name])
