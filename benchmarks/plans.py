"""The time that the database takes for each page list there is: a part of benchmarks.scale.

Each order is combined with each filter, with pairs of filters, with the first, a middle and the
last page, and with a fallback locale: of content that is all translated, of which 20 pages lack
English, and of which every second page does. Each query is executed eight times on one connection:
by then it is a prepared statement, and PostgreSQL may plan it without its values. The time is the
shortest of the last three executions, without Python's own, so it says little of what else the
machine does. What takes too long is measured twice, and what takes five times too long is executed
three times only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import Any

#: Executions of a query, and those of them that count; PostgreSQL decides after five.
TIMES, COUNTED = 8, 3
#: Milliseconds that no list should take.
MOST = 10.0
LIMIT = 21
#: Of the list, before which the page begins.
PLACES = {"first": None, "middle": 0.5, "last": 0.999}
#: Pages that lack English, where few do.
FEW = 20
#: Of all lists, those that are printed at the end.
SHOWN = 10


def print_plans() -> None:
    """Print a row for each order and locales as they are measured, then the slowest lists.

    Removes English documents from the store; a rebuild makes them again.
    """
    print("\n| English | order | locales | lists | over 10 ms | median | slowest |")
    print("|---|---|---|---|---|---|---|", flush=True)
    found: list[tuple[float, str]] = []
    steps: dict[str, Callable[[], None]] = {
        "all": lambda: None,
        f"{FEW} lack it": lambda: _withdraw_english(-FEW, None, 1),
        "half lack it": lambda: _withdraw_english(None, None, 2),
    }
    for english, step in steps.items():
        step()
        _vacuum()
        _place.cache_clear()
        for name, queries in _groups():
            times = [(_seconds(query) * 1000, f"{english} | {words}") for words, query in queries]
            found += times
            ordered = sorted(times)
            slow = sum(milliseconds > MOST for milliseconds, _ in times)
            print(
                f"| {english} | {name} | {len(times)} | {slow} "
                f"| {ordered[len(times) // 2][0]:.2f} | {ordered[-1][0]:.2f} |",
                flush=True,
            )
    found.sort(reverse=True)
    slow = sum(milliseconds > MOST for milliseconds, _ in found)
    print(f"\n{len(found)} lists, {slow} of them over {MOST:.0f} ms; the slowest:\n")
    print("| English | list | ms |")
    print("|---|---|---|")
    for milliseconds, name in found[:SHOWN]:
        print(f"| {name} | {milliseconds:.2f} |", flush=True)


def _withdraw_english(*part: int | None) -> None:
    """Remove this part (of a slice) of the English documents that have a Malay one, by place."""
    from wagtail_delivery.identifiers import PAGES
    from wagtail_delivery.models import PublishedDocument
    from wagtail_delivery.store.documents import withdraw

    pages = PublishedDocument.objects.filter(collection=PAGES)
    malay = pages.filter(locale="ms").values("resource_id")
    english = pages.filter(locale="en", resource_id__in=malay).order_by("pk")
    withdraw(list(english.values_list("source", flat=True))[slice(*part)])


def _vacuum() -> None:
    """As autovacuum does eventually."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _groups() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """The lists of each order and locales, with what they have in common."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for words, query in _lists():
        sign = "-" if query.order.descending else ""
        name = f"{sign}{query.order.name} | {'-'.join(query.locales)}"
        groups.setdefault(name, []).append((words, query))
    yield from groups.items()


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

    locale = query.locales[-1]
    order = query.order_in.get(locale, query.order.name)
    number = list_hash(Scope(query.collection, query.site, locale), order)
    return _place(number, share, query.order.descending)


@cache
def _place(number: int, share: float, descending: bool) -> tuple[bytes, int]:
    """Counts a list and passes over a part of it, which takes longer than many pages of it."""
    from wagtail_delivery.models import DocumentOrder

    rows = DocumentOrder.objects.filter(list=number).order_by("value", "document")
    if descending:
        rows = rows.reverse()
    place = int(rows.count() * share)
    value, document = rows.values_list("value", "document")[place]
    return bytes(value), document


def _seconds(query: Any) -> float:
    """The shortest of the executions that count; of what is too slow, in a second round too."""
    seconds = _round(query)
    return seconds if seconds * 1000 <= MOST else min(seconds, _round(query))


def _round(query: Any) -> float:
    from django.db import connection

    from wagtail_delivery.api.queries.lists import list_items

    times: list[float] = []

    def timed(execute: Any, *arguments: Any) -> Any:
        begin = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            times[-1] += time.perf_counter() - begin

    with connection.execute_wrapper(timed):
        for _ in range(TIMES):
            times.append(0.0)
            list_items(query)
            if len(times) == COUNTED and min(times) * 1000 > 5 * MOST:
                break
    return min(times[-COUNTED:])
