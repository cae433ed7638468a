"""Lists: orders, pages of a list, filters, locales."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.api.conftest import PREFIX, Get, invalid_parameters
from tests.api.stored import put, put_page
from tests.api.test_documents import FUTURE, PAST
from tests.clock import time_is
from wagtail_delivery.api.queries import lists
from wagtail_delivery.hashes import Scope, list_hash
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.sort_keys import sort_key

UTC = datetime.UTC


def titles(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [item["title"] for item in response.json()["items"]]


def crawl(get: Get, path: str, **query: object) -> list[str]:
    """The ids of a whole list, page by page."""
    found: list[str] = []
    while True:
        page = get(path, **query).json()
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return found
        assert page["items"], "an empty page cannot go on"
        query["cursor"] = page["next"]


def put_author(name: str, locale: str = "ms", **keys: Any) -> PublishedDocument:
    more = {key: keys.pop(key) for key in ("expires_at",) if key in keys}
    every = {
        "rank": 0,
        "born": None,
        "score": 0.0,
        **dict.fromkeys(("alive", "genre", "code", "note", "limit", "copy")),
        **keys,
    }
    return put("authors", "author", name, locale, title=name, keys=every, **more)


def test_an_empty_list(any_get: Get) -> None:
    for path in ("/authors", "/pages", "/stamps"):
        response = any_get(path)
        assert response.content == b'{"items":[],"next":null}'


def test_a_list_joins_the_stored_cards(get: Get, django_assert_num_queries: Any) -> None:
    cards = [bytes(put_author(str(number), rank=number).card) for number in range(3)]
    with django_assert_num_queries(1):
        response = get("/authors")
    assert response.content == b'{"items":[' + b",".join(cards) + b'],"next":null}'
    assert response["Content-Language"] == "ms"
    assert response["Surrogate-Key"] == "authors"
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "query", "most"),
    [
        ("/authors", {}, 1),
        ("/authors", {"locale": "en", "fallback": "ms"}, 1),
        ("/authors", {"order": "born"}, 1),
        # A descending list can need a second query, for items without a value.
        ("/authors", {"order": "-rank"}, 2),
        ("/authors", {"order": "-born", "locale": "en", "fallback": "ms"}, 2),
        ("/pages", {}, 1),
        ("/pages", {"order": "volumes"}, 2),
        ("/pages", {"order": "-volumes"}, 2),
    ],
)
def test_the_number_of_queries_does_not_depend_on_the_length(
    get: Get,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
    path: str,
    query: dict[str, str],
    most: int,
) -> None:
    with django_assert_num_queries(most):
        get(path, limit=100, **query)
    for number in range(101):
        if path == "/authors":
            put_author(str(number), rank=number)
        else:
            put_page(f"/ms/{number}/")
    with django_assert_max_num_queries(most):
        page = get(path, limit=100, **query).json()
    assert len(page["items"]) == 100
    with django_assert_max_num_queries(most):
        last = get(path, limit=100, cursor=page["next"], **query).json()
    assert len(last["items"]) == 1
    assert last["next"] is None


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 20, 100])
def test_the_limit(get: Get, limit: int) -> None:
    for number in range(3):
        put_author(str(number))
    page = get("/authors", limit=limit).json()
    assert len(page["items"]) == min(limit, 3)
    assert (page["next"] is None) == (limit >= 3)


def test_the_default_limit_is_twenty(get: Get) -> None:
    for number in range(21):
        put_author(str(number))
    assert len(get("/authors").json()["items"]) == 20


def test_orders_in_both_directions_put_missing_values_last(get: Get) -> None:
    put_author("b", born=datetime.date(1929, 7, 12))
    put_author("d", born=None)
    put_author("a", born=datetime.date(1971, 1, 1))
    put_author("c", born=None)
    for limit in (1, 2, 3, 4):
        assert crawl(get, "/authors", order="born", limit=limit) == ["b", "a", "d", "c"]
        assert crawl(get, "/authors", order="-born", limit=limit) == ["a", "b", "c", "d"]


def test_large_integers_are_ordered_exactly(get: Get) -> None:
    ranks = [-(2**53) - 1, -(2**53), 0, 2**53, 2**53 + 1]
    for rank in ranks:
        put_author(str(rank), rank=rank)
    for limit in (1, 5):
        assert crawl(get, "/authors", order="rank", limit=limit) == [str(rank) for rank in ranks]
        found = crawl(get, "/authors", order="-rank", limit=limit)
        assert found == [str(rank) for rank in reversed(ranks)]


def test_the_default_order_is_that_of_the_model(get: Get) -> None:
    put_author("a", rank=10)
    put_author("b", rank=9)
    put_author("c", rank=-1)
    assert crawl(get, "/authors") == ["c", "b", "a"]
    for name in ("Api", "zaitun", "Ézra"):
        put("publishers", "publisher", name, title=name)
    assert titles(get("/publishers")) == ["zaitun", "Ézra", "Api"]
    assert titles(get("/publishers", order="title")) == ["Api", "Ézra", "zaitun"]
    for number in (12, 3):
        put("stamps", "stamp", str(number), "", keys={"value": number})
    assert crawl(get, "/stamps") == ["12", "3"]
    assert crawl(get, "/stamps", order="value") == ["3", "12"]


def test_pages_are_in_tree_order(get: Get) -> None:
    for position, path in (("0002", "/ms/a/"), ("00010002", "/ms/b/"), ("0001", "/ms/c/")):
        put_page(path, position, keys={"position": position})
    assert crawl(get, "/pages") == ["0001", "00010002", "0002"]


def test_documents_without_the_key_of_an_order_come_last(get: Get) -> None:
    """`volumes` exists in one page type only; the list still includes pages of the other."""
    put_page("/ms/1/", "event-1", type="event_page", keys={"released": "1999"})
    put_page("/ms/2/", "book-2", keys={"volumes": 2, "released": None})
    put_page("/ms/3/", "event-2", type="event_page", keys={"released": "1999"})
    put_page("/ms/4/", "book-1", keys={"volumes": 1, "released": None})
    for limit in (1, 2, 3, 4):
        found = crawl(get, "/pages", order="volumes", limit=limit)
        assert found == ["book-1", "book-2", "event-1", "event-2"]
        found = crawl(get, "/pages", order="-volumes", limit=limit)
        assert found == ["book-2", "book-1", "event-2", "event-1"]


def test_an_order_ignores_keys_of_other_members_with_its_name(get: Get) -> None:
    """For example, of a relation that is a filter of one type, and an order of another."""
    put_page("/ms/1/", "event", type="event_page", keys={"volumes": [0, 3], "released": "1999"})
    put_page("/ms/2/", "book", keys={"volumes": 2, "released": None})
    assert crawl(get, "/pages", order="volumes", limit=1) == ["book", "event"]
    assert crawl(get, "/pages", order="-volumes", limit=1) == ["book", "event"]
    assert crawl(get, "/pages", order="volumes", type="event_page") == ["event"]


def test_every_documented_order_works(get: Get) -> None:
    put_page("/ms/1/", "event", type="event_page", keys={"released": "1999", "order": ""})
    put_page("/ms/2/", "book", keys={"volumes": 2, "released": None})
    document = get("/openapi.json").json()
    parameters = document["paths"]["/pages"]["get"]["parameters"]
    offered = next(item for item in parameters if item["name"] == "order")["schema"]["enum"]
    assert len(offered) == len(set(offered))
    assert {"position", "-title", "released", "volumes", "-order", "id"} <= set(offered)
    for order in offered:
        assert sorted(crawl(get, "/pages", order=order, limit=1)) == ["book", "event"]


class Paging(TestCase):
    """Items that stay are neither repeated nor skipped while others come and go."""

    @settings(max_examples=40, deadline=None)
    @given(
        before=st.lists(
            st.tuples(
                st.integers(0, 3) | st.none(), st.sampled_from([("ms",), ("en",), ("en", "ms")])
            ),
            min_size=1,
            max_size=12,
        ),
        changes=st.lists(
            st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 3) | st.none()),
            max_size=6,
        ),
        limit=st.integers(1, 4),
        order=st.sampled_from(["rank", "-rank", "id", "-id"]),
        locale=st.sampled_from([{}, {"locale": "en", "fallback": "ms"}]),
    )
    def test_paging_neither_repeats_nor_skips_items(
        self,
        before: list[tuple[int | None, tuple[str, ...]]],
        changes: list[tuple[str, int | None]],
        limit: int,
        order: str,
        locale: dict[str, str],
    ) -> None:
        staying = []
        removable = []
        for rank, written_in in before:
            name = str(uuid.uuid4())
            documents = [put_author(name, code, rank=rank) for code in written_in]
            if not locale and "ms" not in written_in:
                continue
            if len(staying) % 3 == 2:
                removable.append(documents)
            staying.append(name)
        removed = set()
        found: list[str] = []
        pending = list(changes)
        query: dict[str, Any] = {"limit": limit, "order": order, **locale}
        while True:
            page = self.client.get(f"{PREFIX}/authors", query).json()
            found += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
            if pending:
                action, rank = pending.pop()
                if action == "add":
                    put_author(str(uuid.uuid4()), rank=rank)
                elif removable:
                    gone = removable.pop()
                    removed.add(gone[0].resource_id)
                    for document in gone:
                        document.delete()
        assert len(found) == len(set(found))
        assert {name for name in staying if name not in removed} <= set(found)


# Cursors


def first_cursor(get: Get, **query: object) -> str:
    for number in range(3):
        put_author(str(number), rank=number)
    cursor: str = get("/authors", limit=1, **query).json()["next"]
    return cursor


def test_a_cursor_is_safe_in_a_url(get: Get) -> None:
    cursor = first_cursor(get)
    assert re.fullmatch(r"[\w.-]+", cursor, re.ASCII)


def test_a_cursor_works_with_another_limit(get: Get) -> None:
    cursor = first_cursor(get)
    page = get("/authors", limit=2, cursor=cursor).json()
    assert [item["id"] for item in page["items"]] == ["1", "2"]


@pytest.mark.parametrize(
    "other",
    [
        {"order": "-rank"},
        {"order": "id"},
        {"locale": "en"},
        {"fallback": "en"},
        {"alive": "true"},
        {"rank": "1"},
    ],
)
def test_a_cursor_belongs_to_its_query(get: Get, other: dict[str, str]) -> None:
    cursor = first_cursor(get)
    assert invalid_parameters(get("/authors", cursor=cursor, **other)) == ["cursor"]


def test_a_cursor_belongs_to_its_collection(get: Get) -> None:
    cursor = first_cursor(get, order="id")
    assert invalid_parameters(get("/publishers", cursor=cursor, order="id")) == ["cursor"]


def test_a_cursor_with_any_changed_character_is_rejected(get: Get) -> None:
    cursor = first_cursor(get)
    for index, letter in enumerate(cursor):
        for other in ("A" if letter != "A" else "B", chr(ord(letter) ^ 1)):
            changed = cursor[:index] + other + cursor[index + 1 :]
            assert invalid_parameters(get("/authors", cursor=changed)) == ["cursor"], changed


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: "",
        lambda cursor: cursor[:-1],
        lambda cursor: cursor + "A",
        lambda cursor: cursor + "=",
        lambda cursor: cursor * 2,
        lambda cursor: " " + cursor,
        lambda cursor: cursor + "\n",
        lambda cursor: "!!!!",
        lambda cursor: "é" * 8,
        lambda cursor: "A",
        lambda cursor: base64.urlsafe_b64encode(b"x" * 40).decode(),
        lambda cursor: base64.urlsafe_b64encode(b"\xff" * 3).decode(),
        lambda cursor: json.dumps({"id": 1}),
        lambda cursor: "null",
    ],
)
def test_an_invented_cursor_is_rejected(get: Get, change: Any) -> None:
    cursor = first_cursor(get)
    assert invalid_parameters(get("/authors", cursor=change(cursor))) == ["cursor"]


def test_a_cursor_needs_its_secret_key_or_a_fallback(get: Get, settings: Any) -> None:
    cursor = first_cursor(get)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert invalid_parameters(get("/authors", cursor=cursor)) == ["cursor"]
    settings.SECRET_KEY_FALLBACKS = [old]
    assert get("/authors", cursor=cursor).status_code == 200


def test_a_cursor_works_after_its_item_is_deleted(get: Get) -> None:
    cursor = first_cursor(get)
    PublishedDocument.objects.get(resource_id="0").delete()
    page = get("/authors", limit=2, cursor=cursor).json()
    assert [item["id"] for item in page["items"]] == ["1", "2"]


# Filters

CODE = uuid.UUID("0c0ffee0-58a5-4f3f-9d55-0a4f2c9f7a11")
OTHER_CODE = "1c0ffee0-58a5-4f3f-9d55-0a4f2c9f7a11"
MOMENT = datetime.datetime(2020, 2, 29, 23, 30, tzinfo=UTC)
VALUES: list[tuple[str, Any, str, str]] = [
    # name, stored value, matching parameter, other parameter
    ("slug", "usman-awang", "usman-awang", "usman"),
    ("rank", -12, "-12", "12"),
    ("rank", 0, "0", "1"),
    ("rank", 2**31 - 1, str(2**31 - 1), str(2**63 - 1)),
    ("rank", 2**53 + 1, "9007199254740993", "9007199254740992"),
    ("score", 0.0, "-0", "-0.5"),
    ("score", 0.1, "0.10", "0.1000000001"),
    ("score", 1.5, "1.5", "1.25"),
    ("score", 1e300, "1e300", "1e299"),
    ("price", decimal.Decimal("12.50"), "12.5", "12.51"),
    ("price", decimal.Decimal(0), "-0", "1"),
    ("price", decimal.Decimal("1.0000000001"), "1.0000000001", "1.00000000009999999999"),
    ("price", decimal.Decimal("9" * 40), "9" * 40, "9" * 39 + "8"),
    ("alive", True, "true", "false"),
    ("alive", False, "false", "true"),
    ("genre", "poetry", "poetry", "prose"),
    ("grade", 2, "2", "1"),
    ("code", CODE, str(CODE), OTHER_CODE),
    ("code", CODE, str(CODE).upper(), OTHER_CODE),
    ("born", datetime.date(1929, 7, 12), "1929-07-12", "1929-07-13"),
    ("seen", MOMENT, "2020-02-29T23:30:00Z", "2020-02-29T23:30:01Z"),
    ("seen", MOMENT, "2020-03-01T07:30:00+08:00", "2020-02-29T23:30:00+08:00"),
    ("wakes", datetime.time(6, 30), "06:30:00", "06:30:01"),
    ("wakes", datetime.time(6, 30), "06:30", "18:30"),
    ("tenure", datetime.timedelta(days=1, hours=2), "P1DT02H00M00S", "P1DT02H00M01S"),
    ("tenure", -datetime.timedelta(days=1), "-P1DT00H00M00S", "P1DT00H00M00S"),
    ("note", "Sajak Ülung", "sajak ulung", "sajak"),
    ("note", "50% _off_", "50% _off_", "50"),
    ("note", "x" * 500 + " Tamat", "X" * 500 + " tamat", "x" * 500 + " sambung"),
    ("copy", "yes", "YES", "no"),
    ("publisher", CODE, str(CODE), OTHER_CODE),
    ("stamps", ["3", "12"], "12", "1"),
    ("stamps", ["3", "12"], "3", "4"),
    ("tags", ["7"], "7", "8"),
]


@pytest.mark.parametrize(("name", "value", "finds", "misses"), VALUES)
def test_a_filter_for_each_kind_of_field(
    get: Get, name: str, value: Any, finds: str, misses: str, django_assert_num_queries: Any
) -> None:
    put_author("found", **{name: value})
    put_author("other", **{name: None})
    with django_assert_num_queries(1):
        assert titles(get("/authors", **{name: finds})) == ["found"]
    assert titles(get("/authors", **{name: misses})) == []


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        (name, bad)
        for name, values in {
            "slug": [""],
            "rank": ["", "x", "1.0", "+1", " 1", "1_0", "٣", "0x1", "9" * 30, str(2**63), "1e3"],
            "score": ["", "x", "nan", "inf", "1e999", "1_0", "٣", ".", "9" * 400],
            "price": ["", "nan", "1e3", "1,5", "٣", "9" * 200],
            "alive": ["", "True", "1", "yes", "null"],
            "genre": ["", "drama", "POETRY"],
            "grade": ["", "3", "First"],
            "code": ["", "x", "{" + str(CODE) + "}", CODE.hex, "9" * 30],
            "born": ["", "1929", "1929-7-12", "19290712", "1929-13-01", "0000-02-30", "1929-W01-1"],
            "seen": [
                *("", "0", "2020-02-29", "2020-02-30T00:00:00Z", "2020-02-29T25:00:00Z"),
                *("2020-02-29T23:59:61Z", "2020-02-29T99:59:60Z", "2020-02-29 23:30Z"),
            ],
            "wakes": ["", "6", "25:00", "12:60", "06:30Z"],
            "tenure": ["", "1", "1 00:00:00", "P", "P99999999999999999999D", "PT", "P1X", "P1W"],
            "note": [""],
            "publisher": ["", "1", "dbp"],
            "author_limit": ["", "x"],
        }.items()
        for bad in values
    ],
)
def test_a_filter_rejects_values_of_another_kind(
    get: Get, name: str, bad: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert invalid_parameters(get("/authors", **{name: bad})) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("born", "0000-02-29"),
        ("seen", "0000-02-29T12:00:00Z"),
        ("seen", "0001-01-01T00:00:00+14:00"),
        ("seen", "9999-12-31T23:59:59-14:00"),
        ("seen", "2016-12-31T23:59:60Z"),
    ],
)
def test_a_valid_value_that_no_document_can_have_matches_nothing(
    get: Get, name: str, value: str
) -> None:
    """Neither documents without a value nor those with the nearest one."""
    for number, year in enumerate((1, 2016, 2017, 9999)):
        first = datetime.datetime(year, 1, 1, tzinfo=UTC)
        last = datetime.datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
        put_author(str(number), born=first.date(), seen=[first, last])
    put_author("none", born=None, seen=None)
    assert titles(get("/authors", **{name: value})) == []


def test_filters_are_combined(get: Get) -> None:
    put_author("a", rank=1, alive=True)
    put_author("b", rank=1, alive=False)
    put_author("c", rank=2, alive=True)
    assert titles(get("/authors", rank=1, alive="true")) == ["a"]
    assert titles(get("/authors", rank=1)) == ["a", "b"]
    assert titles(get("/authors", rank=2, alive="false")) == []


@pytest.mark.parametrize("narrow", [0, 1, 3, 1000])
@pytest.mark.parametrize("order", ["rank", "-rank", "-born"])
@pytest.mark.parametrize("locales", [{}, {"locale": "en", "fallback": "ms"}])
def test_filters_give_the_same_however_many_documents_they_match(
    get: Get, monkeypatch: pytest.MonkeyPatch, narrow: int, order: str, locales: dict[str, str]
) -> None:
    """A query looks up what few documents match, and walks through the list otherwise."""
    monkeypatch.setattr(lists, "NARROW", narrow)
    for number in range(12):
        keys = {"rank": -number, "alive": number != 7, "note": f"n{number % 4}"}
        born = datetime.date(2000, 1, number + 1) if number % 3 else None
        put_author(f"{number:02d}", genre="prose" if number < 6 else "poetry", born=born, **keys)
        if number % 2:
            put_author(f"{number:02d}", "en", genre="prose", born=born, **keys)

    def expected(matching: Callable[[int], bool]) -> list[str]:
        found = sorted(filter(matching, range(12)), reverse=order != "-rank")
        if order == "-born":
            found.sort(key=lambda number: (number % 3 == 0, -number))
        return [f"{number:02d}" for number in found]

    def is_prose(number: int) -> bool:
        return number < 6 or bool(locales and number % 2)

    for query, matching in (
        ({}, lambda number: True),
        ({"alive": "true"}, lambda number: number != 7),
        ({"alive": "false"}, lambda number: number == 7),
        ({"genre": "prose"}, is_prose),
        ({"genre": "prose", "note": "n1"}, lambda number: is_prose(number) and number % 4 == 1),
        ({"note": "n3", "alive": "false"}, lambda number: number == 7),
        ({"note": "n0", "alive": "false"}, lambda number: False),
    ):
        for limit in (1, 2, 100):
            found = crawl(get, "/authors", order=order, limit=limit, **locales, **query)
            assert found == expected(matching), (query, limit)


def test_a_filter_with_a_reserved_name_gets_the_types_name_as_a_prefix(get: Get) -> None:
    put_author("a", limit=7)
    put_author("b", limit=8)
    assert titles(get("/authors", author_limit=8, limit=1)) == ["b"]
    put_page("/ms/a/", "a", type="event_page", title="a", keys={"order": "x", "released": "1"})
    assert titles(get("/pages", event_page_order="x", order="order")) == ["a"]


def test_the_filters_of_pages(get: Get) -> None:
    parent = str(uuid.uuid4())
    put_page("/ms/", parent, title="home")
    put_page("/ms/a/", title="a", keys={"parent": uuid.UUID(parent)})
    put_page("/ms/a/b/", title="b", type="event_page", keys={"parent": uuid.uuid4()})
    put_page("/", title="other", site="other.example:80")
    assert titles(get("/pages", parent=parent)) == ["a"]
    assert titles(get("/pages", parent=parent.upper())) == ["a"]
    assert titles(get("/pages", type="event_page")) == ["b"]
    assert titles(get("/pages", site="other.example:80")) == ["other"]
    assert invalid_parameters(get("/pages", type="author")) == ["type"]
    assert invalid_parameters(get("/pages", parent="home")) == ["parent"]


def test_a_filter_with_two_kinds_of_values_matches_either(get: Get) -> None:
    """`released` is a date in one page type and text in another."""
    put_page("/ms/a/", title="a", keys={"released": datetime.date(1999, 1, 2), "volumes": 1})
    put_page("/ms/b/", title="b", type="event_page", keys={"released": "soon"})
    put_page("/ms/c/", title="c", type="event_page", keys={"released": "1999-01-02"})
    assert titles(get("/pages", released="1999-01-02")) == ["a", "c"]
    assert titles(get("/pages", released="soon")) == ["b"]
    assert invalid_parameters(get("/pages", released="")) == ["released"]


# Locales


def test_a_list_has_one_locale(get: Get) -> None:
    put_author("a", "ms")
    put_author("a", "en")
    put_author("b", "ms")
    assert crawl(get, "/authors") == ["a", "b"]
    response = get("/authors", locale="en")
    assert [item["locale"] for item in response.json()["items"]] == ["en"]
    assert response["Content-Language"] == "en"


def test_untranslated_items_are_in_the_fallback_locale(get: Get) -> None:
    put_author("a", "en", rank=3)
    put_author("a", "ms", rank=3)
    put_author("b", "ms", rank=1)
    put_author("c", "en", rank=2)
    for limit in (1, 2, 3):
        assert crawl(get, "/authors", locale="en", fallback="ms", limit=limit) == ["b", "c", "a"]
    response = get("/authors", locale="en", fallback="ms")
    assert [item["locale"] for item in response.json()["items"]] == ["ms", "en", "en"]
    assert response["Content-Language"] == "en, ms"
    assert get("/authors", locale="en", fallback="ms", rank=2)["Content-Language"] == "en"
    assert crawl(get, "/authors", locale="en", fallback="en") == ["c", "a"]


@pytest.mark.parametrize("limit", range(1, 8))
def test_items_of_both_locales_alternate_in_the_order_of_the_list(get: Get, limit: int) -> None:
    for rank in range(12):
        put_author(f"{rank:02}", "ms" if rank % 3 else "en", rank=rank)
    every = [f"{rank:02}" for rank in range(12)]
    query = {"locale": "en", "fallback": "ms", "limit": limit}
    assert crawl(get, "/authors", **query, order="rank") == every
    assert crawl(get, "/authors", **query, order="-rank") == every[::-1]


def test_filters_in_a_list_with_a_fallback(get: Get) -> None:
    """If a document exists in the first locale, the one in the fallback locale is ignored."""
    put_author("a", "en", rank=1)
    put_author("a", "ms", rank=2)
    put_author("b", "ms", rank=2)
    assert crawl(get, "/authors", locale="en", fallback="ms", rank=2) == ["b"]
    assert crawl(get, "/authors", locale="en", fallback="ms", rank=1) == ["a"]


def test_lists_omit_expired_documents(get: Get) -> None:
    put_author("a", expires_at=PAST)
    put_author("b", expires_at=FUTURE)
    put_author("c", "en", expires_at=PAST)
    put_author("c", "ms")
    assert crawl(get, "/authors") == ["b", "c"]
    assert crawl(get, "/authors", locale="en", fallback="ms") == ["b", "c"]


def test_a_list_is_kept_no_longer_than_all_of_it_is_public(get: Get) -> None:
    put_author("a", expires_at=FUTURE)
    put_author("b", expires_at=FUTURE + datetime.timedelta(seconds=3))
    put_author("c")
    with time_is(FUTURE - datetime.timedelta(seconds=2)):
        for path in ("/authors", "/authors?order=-rank", "/authors?locale=en&fallback=ms"):
            assert "max-age=2, " in get(path)["Cache-Control"], path
        assert "max-age=7, " in get("/authors?order=-title&limit=1")["Cache-Control"]
        assert "max-age=5, " in get("/authors?order=-title&limit=2")["Cache-Control"]


def test_content_without_a_locale_is_listed_without_one(get: Get) -> None:
    put("stamps", "stamp", "1", "", keys={"value": 4})
    response = get("/stamps", value=4)
    assert [item["locale"] for item in response.json()["items"]] == [None]
    assert "Content-Language" not in response
    assert invalid_parameters(get("/stamps", locale="ms")) == ["locale"]
    assert invalid_parameters(get("/stamps", fallback="ms")) == ["fallback"]


@pytest.mark.parametrize("key", [b"\xff", b"", sort_key("x" * 500), sort_key(2.5), b"\x00" * 8])
def test_a_cursor_can_contain_any_key(get: Get, key: bytes) -> None:
    with transaction.atomic():
        for name in ("a", "b"):
            number = list_hash(Scope("authors", "", "ms"), "rank")
            put_author(name).orders.filter(list=number).update(value=key)
    assert crawl(get, "/authors", limit=1) == ["a", "b"]
