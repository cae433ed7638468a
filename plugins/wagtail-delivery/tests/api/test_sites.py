"""The parameter `site`: one rule for the site's document, its pages and its paths."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Get, invalid_parameters, problem_of
from tests.api.stored import DEFAULT_HOST, put_page, put_site

OTHER = "other.example:8080"
#: Each operation with a site, and the member of its response that tells which site it found.
OPERATIONS: list[tuple[str, dict[str, str], Any]] = [
    ("/site", {}, lambda body: body["title"].removeprefix("site ")),
    ("/resolve", {"path": "/"}, lambda body: body["title"]),
    ("/pages", {}, lambda body: [item["title"] for item in body["items"]]),
    ("/pages", {"type": "book_page"}, lambda body: [item["title"] for item in body["items"]]),
]


@pytest.fixture
def _two_sites(db: None) -> None:
    put_site()
    put_site(OTHER, host=OTHER)
    put_page("/", title="default")
    put_page("/", title=OTHER, site=OTHER)


@pytest.mark.usefixtures("_two_sites")
@pytest.mark.parametrize(("path", "query", "name_in"), OPERATIONS)
class TestEachOperation:
    @pytest.mark.parametrize("named", [{}, {"site": "default"}, {"site": DEFAULT_HOST}])
    def test_without_a_name_it_is_the_default_site(
        self, get: Get, path: str, query: dict[str, str], name_in: Any, named: dict[str, str]
    ) -> None:
        assert name_in(get(path, **query, **named).json()) in ("default", ["default"])

    @pytest.mark.parametrize("name", [OTHER, OTHER.upper()])
    def test_a_name_has_no_case(
        self, get: Get, path: str, query: dict[str, str], name_in: Any, name: str
    ) -> None:
        assert name_in(get(path, site=name, **query).json()) in (OTHER, [OTHER])

    @pytest.mark.parametrize("name", ["nowhere.example:80", "other.example", "8080", "defaults"])
    def test_an_unknown_site_is_404(
        self, get: Get, path: str, query: dict[str, str], name_in: Any, name: str
    ) -> None:
        response = get(path, site=name, **query)
        assert invalid_parameters(response, 404) == ["site"]
        assert problem_of(response, 404)["detail"] == "Unknown site."

    @pytest.mark.parametrize("name", ["", "a/b", "/"])
    def test_what_can_be_no_site_is_400(
        self, get: Get, path: str, query: dict[str, str], name_in: Any, name: str
    ) -> None:
        assert invalid_parameters(get(path, site=name, **query)) == ["site"]


@pytest.mark.usefixtures("_two_sites")
def test_a_known_site_without_what_was_asked_for_is_not_unknown(get: Get) -> None:
    for name in ("default", OTHER):
        assert get("/pages", site=name, locale="en").json()["items"] == []
        assert get("/pages", site=name, type="event_page").json()["items"] == []
        assert problem_of(get("/site", site=name, locale="en"), 404)["errors"] == []
        assert problem_of(get("/resolve", site=name, path="/x/"), 404)["errors"] == []


def test_a_site_with_any_public_page_is_known(get: Get) -> None:
    """Also without a public home page, and whatever the locale."""
    put_page("/en/x/", locale="en", site=OTHER)
    assert get("/pages", site=OTHER).json()["items"] == []
    assert len(get("/pages", site=OTHER, locale="en").json()["items"]) == 1
    assert problem_of(get("/site", site=OTHER), 404)["errors"] == []


def test_the_default_site_is_known_before_anything_is_public(get: Get) -> None:
    assert get("/pages").json()["items"] == get("/pages", site="default").json()["items"] == []
    assert problem_of(get("/site", site="default"), 404)["errors"] == []


@pytest.mark.usefixtures("_two_sites")
def test_only_a_list_without_items_needs_a_second_query(
    get: Get, django_assert_num_queries: Any
) -> None:
    for query, most in (({}, 1), ({"site": OTHER}, 1), ({"site": OTHER, "locale": "en"}, 2)):
        with django_assert_num_queries(most):
            get("/pages", **query)
