"""The time that the database takes for each page list there is: a part of benchmarks.scale.

Each order is combined with each filter, with pairs of filters, with the first, a middle and the
last page, and with a fallback locale. Each query is executed eight times on one connection: by then
it is a prepared statement, and PostgreSQL may plan it without its values. The time is the shortest
of the last three executions, so it says nothing of what else the machine does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import combinations
from typing import Any

#: Executions of a query, and those of them that count; PostgreSQL decides after five.
TIMES, COUNTED = 8, 3
#: Milliseconds that no list should take.
MOST = 10.0
LIMIT = 21
#: Of the list, before which the page begins.
PLACES = {"first": None, "middle": 0.5, "last": 0.999}


def print_plans() -> None:
    """Print the slowest lists, and how many are too slow."""
    found = sorted(((_seconds(query) * 1000, name) for name, query in _lists()), reverse=True)
    slow = sum(milliseconds > MOST for milliseconds, _ in found)
    print(f"\n{len(found)} lists, {slow} of them over {MOST:.0f} ms; the slowest:\n")
    print("| list | ms |")
    print("|---|---|")
    for milliseconds, name in found[:10]:
        print(f"| {name} | {milliseconds:.2f} |", flush=True)


def _lists() -> Iterator[tuple[str, Any]]:
    from wagtail_delivery.api.collections import api_collections
    from wagtail_delivery.api.queries.lists import ListFilter, ListQuery, Order
    from wagtail_delivery.identifiers import DEFAULT, PAGES
    from wagtail_delivery.schema.registry import content_types
    from wagtail_delivery.sort_keys import sort_key

    pages = next(one for one in api_collections(content_types()) if one.name == PAGES)
    by_key = {item.key: item for item in pages.filters}

    def filter_of(name: str, value: Any) -> Any:
        item = by_key[name]
        key = [sort_key(value)]
        return ListFilter(name, key, in_orders=item.in_orders, in_filters=item.in_filters)

    filters = {
        "parent": filter_of("parent", _parent()),
        "working_translation=false": filter_of("working_translation", value=False),
        "working_translation=true": filter_of("working_translation", value=True),
    }
    chosen = [(), *((one,) for one in filters), *combinations(filters, 2)]
    for name, types in pages.orders.items():
        for descending in (False, True):
            order = Order(name, descending, types)
            for locales in (["ms"], ["en"], ["en", "ms"], ["ms", "en"]):
                own = {"en": "source_position"} if name == "position" and locales[1:] else {}
                for names in chosen:
                    for type in ("", "standard_page"):
                        for place, share in PLACES.items():
                            base = ListQuery(
                                *(PAGES, locales, order, type, [filters[one] for one in names]),
                                *(None, LIMIT, DEFAULT, own),
                            )
                            after = _after(base, share) if share is not None else None
                            sign = "-" if descending else ""
                            words = [f"{sign}{name}", *names, type, "-".join(locales), place]
                            yield " ".join(filter(None, words)), base._replace(after=after)


def _parent() -> Any:
    from wagtail.models import Page

    return Page.objects.filter(depth__gt=2).order_by("-numchild").first().translation_key


def _after(query: Any, share: float) -> tuple[bytes, int]:
    """The key and the document at a place of the list."""
    from wagtail_delivery.hashes import Scope, list_hash
    from wagtail_delivery.models import DocumentOrder

    locale = query.locales[-1]
    order = query.order_in.get(locale, query.order.name)
    number = list_hash(Scope(query.collection, query.site, locale), order)
    rows = DocumentOrder.objects.filter(list=number).order_by("value", "document")
    if query.order.descending:
        rows = rows.reverse()
    place = int(rows.count() * share)
    value, document = rows.values_list("value", "document")[place]
    return bytes(value), document


def _seconds(query: Any) -> float:
    from wagtail_delivery.api.queries.lists import list_items

    times = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        list_items(query)
        times.append(time.perf_counter() - begin)
    return min(times[-COUNTED:])
