"""Lists: the cards of a collection, in pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_delivery.api.collections import TYPE, Collection
from wagtail_delivery.api.cursors import BadCursorError, decode_cursor, encode_cursor
from wagtail_delivery.api.operation import View
from wagtail_delivery.api.parameters import ListParameters
from wagtail_delivery.api.problems import bad_parameters
from wagtail_delivery.api.queries.lists import ListFilter, ListItem, ListQuery, list_items
from wagtail_delivery.api.responses import json_response
from wagtail_delivery.api.sites import require_known
from wagtail_delivery.identifiers import SITE
from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.locales import first_language
from wagtail_delivery.sort_keys import sort_key

#: The order of the tree, and in which other locales than the first have that of the first.
POSITION, SOURCE_POSITION = "position", "source_position"


def list_view(collection: Collection) -> View:
    """The view of the list of `collection`."""
    types = {sort_key(content_type.name): content_type.name for content_type in collection.types}

    def is_type(key: str) -> bool:
        # A snippet may have a member with this name.
        return collection.is_pages and key == TYPE

    def list_documents(request: HttpRequest, query: ListParameters) -> HttpResponse:
        locales = query.locales
        order = query.order
        order_in: dict[str, str] = {}
        if len(locales) > 1 and collection.is_pages and order.name == POSITION:
            # The trees of two locales have one order in common: that of the first language.
            order_in = {one: SOURCE_POSITION for one in locales if one != first_language()}
        site = getattr(query, SITE, "")
        used = [(collection.filters[index], keys) for index, keys in query.used_filters()]
        filters = [(item.key, keys) for item, keys in used]
        # A cursor is only valid for a list with the same parameters.
        identity = (collection.name, site, locales, order.name, order.descending, filters)
        after = None
        if query.cursor is not None:
            try:
                after = decode_cursor(identity, query.cursor)
            except BadCursorError:
                raise bad_parameters(
                    ("cursor", "Must be the `next` of a list with the same parameters.")
                ) from None
        found = list_items(
            ListQuery(
                collection=collection.name,
                locales=locales,
                order=order,
                type=next((types[keys[0]] for key, keys in filters if is_type(key)), ""),
                filters=[
                    ListFilter(item.key, keys, in_orders=item.in_orders, in_filters=item.in_filters)
                    for item, keys in used
                    if not is_type(item.key)
                ],
                after=after,
                limit=query.limit + 1,
                site=site,
                order_in=order_in,
            )
        )
        if not found and site:
            require_known(site)
        shown = found[: query.limit]
        cursor = None
        if len(found) > query.limit:
            cursor = encode_cursor(identity, shown[-1].key, shown[-1].document)
        return json_response(
            _body([entry.card for entry in shown], cursor),
            languages=_languages(locales, shown),
            surrogate_keys=collection.name,
            expires_at=min((one.expires_at for one in shown if one.expires_at), default=None),
        )

    return list_documents


def _body(cards: list[bytes], cursor: str | None) -> bytes:
    return b'{"items":[' + b",".join(cards) + b'],"next":' + to_json(cursor) + b"}"


def _languages(locales: list[str], shown: list[ListItem]) -> str:
    """The requested locale, then the fallback's if any item is in it."""
    used: dict[str, Any] = dict.fromkeys([locales[0], *(entry.locale for entry in shown)])
    return ", ".join(locale for locale in used if locale)
