"""Resolving front-end paths."""

from __future__ import annotations

import datetime
import unicodedata
import uuid
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests.api.conftest import Get, invalid_parameters, problem_of
from tests.api.stored import DEFAULT_HOST, put_page, put_redirect, put_route, put_site
from tests.api.test_documents import FUTURE, ID, PAST
from tests.clock import time_is
from wagtail_delivery.addresses import canonical_path
from wagtail_delivery.identifiers import Rank
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.surrogate_keys import path_key

OTHER = "other.example:8080"


def redirect(location: str, *, permanent: bool = True, site: str | None = None) -> dict[str, Any]:
    return {
        "type": "redirect",
        "location": location,
        "site": site,
        "permanent": permanent,
        "status": 301 if permanent else 302,
    }


@pytest.fixture(params=["with the site's document", "without it"], autouse=True)
def site_is_known(request: Any, db: None) -> bool:
    """Whether the default site is known by name; matters only for pages of other sites."""
    known: bool = request.param == "with the site's document"
    if known:
        put_site()
        put_site(locale="en")
    return known


def keys_at(path: str, page: PublishedDocument) -> str:
    return f"{page.surrogate_keys} {path_key(path)} resolve"


def test_a_page_is_sent_as_stored(get: Get, django_assert_num_queries: Any) -> None:
    page = put_page("/en/profile/", locale="en")
    for query in ({}, {"site": DEFAULT_HOST}):
        with django_assert_num_queries(1):
            response = get("/resolve", path="/en/profile/", **query)
        assert response.status_code == 200
        assert response.content == page.body
        assert response["ETag"] == f'"{page.etag}"'
        assert response["Content-Language"] == "en"
        assert response["Surrogate-Key"] == keys_at("/en/profile/", page)


@pytest.mark.parametrize(
    "path", ["/", "/ms/tiada/", "/ms/profil/lagi/", "/MS/profil/", "/ms", "//"]
)
def test_an_unknown_path_is_404(get: Get, path: str, django_assert_num_queries: Any) -> None:
    put_page("/ms/profil/")
    with django_assert_num_queries(1):
        problem_of(get("/resolve", path=path), 404)


@pytest.mark.parametrize("path", ["", "ms/profil/", "https://main.example/ms/", "?path=/", " /ms/"])
def test_an_invalid_path_is_400(get: Get, path: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert invalid_parameters(get("/resolve", path=path)) == ["path"]


def test_the_path_is_required(get: Get) -> None:
    assert invalid_parameters(get("/resolve")) == ["path"]
    assert invalid_parameters(get("/resolve", site=DEFAULT_HOST)) == ["path"]


def test_a_moved_page_redirects(get: Get, django_assert_num_queries: Any) -> None:
    page = put_page("/ms/baharu/")
    put_route("/ms/lama/", document=page)
    with django_assert_num_queries(1) as captured:
        response = get("/resolve", path="/ms/lama/")
    assert response.json() == redirect("/ms/baharu/")
    assert response.status_code == 200
    assert response["Surrogate-Key"] == keys_at("/ms/lama/", page)
    assert response["ETag"].strip('"') not in ("", page.etag)
    assert captured


def test_a_path_with_the_other_trailing_slash_redirects(
    get: Get, django_assert_num_queries: Any
) -> None:
    put_page("/ms/profil/")
    put_page("/ms/fail")
    put_page("/")
    for asked, found in (("/ms/profil", "/ms/profil/"), ("/ms/fail/", "/ms/fail")):
        with django_assert_num_queries(1):
            assert get("/resolve", path=asked).json() == redirect(found)
    assert get("/resolve", path="/").json()["path"] == "/"


def test_the_other_trailing_slash_of_a_moved_page_redirects(get: Get) -> None:
    put_route("/ms/lama/", document=put_page("/ms/baharu/"))
    assert get("/resolve", path="/ms/lama").json() == redirect("/ms/baharu/")


def test_the_exact_path_takes_precedence(get: Get) -> None:
    page = put_page("/ms/a")
    put_page("/ms/a/")
    assert get("/resolve", path="/ms/a").content == page.body


def test_a_deleted_page_is_gone(get: Get, django_assert_num_queries: Any) -> None:
    put_route("/ms/lama/")
    for path in ("/ms/lama/", "/ms/lama"):
        with django_assert_num_queries(1):
            problem_of(get("/resolve", path=path), 410)


def test_a_live_page_with_the_other_trailing_slash_precedes_a_gone_one(get: Get) -> None:
    put_route("/ms/a")
    put_page("/ms/a/")
    assert get("/resolve", path="/ms/a").json() == redirect("/ms/a/")


def test_an_expired_page_is_gone(get: Get) -> None:
    put_page("/ms/lama/", expires_at=PAST)
    put_page("/ms/kini/", expires_at=FUTURE)
    problem_of(get("/resolve", path="/ms/lama/"), 410)
    assert get("/resolve", path="/ms/kini/").json()["path"] == "/ms/kini/"


def test_a_response_is_kept_no_longer_than_its_page_is_public(get: Get, settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "CACHE_MAX_AGE": 60}
    with time_is(FUTURE - datetime.timedelta(seconds=5)):
        put_route("/ms/dulu/", document=put_page("/ms/kini/", expires_at=FUTURE))
        put_page("/ms/", ID)
        put_page("/en/", ID, "en")
        for path in ("/ms/kini/", "/ms/kini", "/ms/dulu/", "/en/kini/"):
            response = get("/resolve", path=path, fallback="ms")
            assert response.status_code == 200, path
            assert "max-age=5, " in response["Cache-Control"], path


def test_responses_have_the_keys_of_their_addresses(get: Get) -> None:
    """So that a page which takes the address purges them."""
    put_redirect("/lama", target="https://elsewhere.example/")
    for path in ("/lama", "/lama/", "/lama/?x=1"):
        assert get("/resolve", path=path)["Surrogate-Key"] == f"{path_key('/lama/')} resolve"


@pytest.mark.parametrize("permanent", [True, False])
def test_an_editors_redirect(get: Get, permanent: bool) -> None:
    put_redirect("/lama", target="https://elsewhere.example/x?y=1#z", permanent=permanent)
    expected = redirect("https://elsewhere.example/x?y=1#z", permanent=permanent)
    assert get("/resolve", path="/lama").json() == expected
    assert get("/resolve", path="/lama/").json() == expected


@pytest.mark.parametrize("permanent", [True, False])
def test_an_editors_redirect_to_a_page(get: Get, permanent: bool) -> None:
    put_redirect("/lama", document=put_page("/ms/baharu/"), permanent=permanent)
    assert get("/resolve", path="/lama").json() == redirect("/ms/baharu/", permanent=permanent)


def test_each_site_has_its_own_paths(get: Get) -> None:
    main = put_page("/ms/")
    other = put_page("/ms/", site=OTHER)
    put_page("/ms/sana/", site=OTHER)
    assert get("/resolve", path="/ms/").content == main.body
    assert get("/resolve", path="/ms/", site=OTHER).content == other.body
    problem_of(get("/resolve", path="/ms/sana/"), 404)
    assert invalid_parameters(get("/resolve", path="/ms/", site="other.example"), 404) == ["site"]
    assert invalid_parameters(get("/resolve", path="/x/", site=OTHER), 404) == []


def test_a_site_is_not_the_beginning_of_a_path(get: Get) -> None:
    put_page("/ms/profil/")
    assert invalid_parameters(get("/resolve", path="/profil/", site="/ms")) == ["site"]


def test_a_page_moved_to_another_site_redirects(get: Get) -> None:
    page = put_page("/ms/x/", site=OTHER)
    put_route("/ms/y/", document=page, site=DEFAULT_HOST)
    put_route("/ms/x/", document=page, site=DEFAULT_HOST)
    expected = redirect("/ms/x/", site=OTHER)
    assert get("/resolve", path="/ms/y/", site=DEFAULT_HOST).json() == expected
    assert get("/resolve", path="/ms/x/", site=DEFAULT_HOST).json() == expected


def test_a_page_moved_from_the_default_site_redirects(get: Get, site_is_known: bool) -> None:
    """Its path is the same, but it is no longer a page of the default site."""
    page = put_page("/ms/x/", site=OTHER)
    put_route("/ms/x/", document=page)
    if site_is_known:
        assert get("/resolve", path="/ms/x/").json() == redirect("/ms/x/", site=OTHER)


PLACE = "/ms/%C3%A9-%E7%81%AB/"


@pytest.mark.parametrize(
    "asked",
    [
        PLACE,
        PLACE.lower(),
        unquote(PLACE),
        unicodedata.normalize("NFD", unquote(PLACE)),
        quote(unicodedata.normalize("NFD", unquote(PLACE))),
        quote(unicodedata.normalize("NFD", unquote(PLACE))).lower(),
        "/%6d%73/%c3%a9-火/",
    ],
)
def test_all_spellings_of_a_path_are_one(get: Get, asked: str) -> None:
    page = put_page(PLACE)
    assert get("/resolve", path=asked).content == page.body
    assert get("/resolve", path=asked.rstrip("/")).json() == redirect(PLACE)


def test_an_encoded_slash_is_part_of_a_segment(get: Get) -> None:
    page = put_page("/ms/a%2Fb/")
    put_page("/ms/a/b/")
    for asked in ("/ms/a%2Fb/", "/ms/a%2fb/"):
        assert get("/resolve", path=asked).content == page.body


@pytest.mark.parametrize("path", ["/%", "/%zz/", "/%FF/", "/%00", "/%ED%A0%80/", "/a b/", "/%3Fx"])
def test_paths_of_any_form_are_handled(get: Get, path: str) -> None:
    problem_of(get("/resolve", path=path), 404)
    page = put_page(canonical_path(path))
    assert get("/resolve", path=path).content == page.body


@pytest.mark.parametrize(
    "rest", ["?", "?a=1", "?utm_source=x&utm_medium=y", "?a=1#b", "#", "#a?b=/", "?/ms/lain/"]
)
def test_a_query_without_a_redirect_and_a_fragment_are_ignored(
    get: Get, rest: str, django_assert_num_queries: Any
) -> None:
    page = put_page("/ms/profil/")
    put_page("/")
    put_redirect("/lama", document=page)
    put_route("/ms/dulu/", document=page)
    put_route("/ms/hilang/")
    with django_assert_num_queries(1):
        response = get("/resolve", path=f"/ms/profil/{rest}")
    assert response.content == page.body
    assert response["ETag"] == f'"{page.etag}"'
    for asked in ("/lama", "/lama/", "/ms/dulu/", "/ms/profil"):
        assert get("/resolve", path=f"{asked}{rest}").json() == redirect("/ms/profil/")
    assert get("/resolve", path=f"/{rest}").json()["path"] == "/"
    problem_of(get("/resolve", path=f"/ms/hilang/{rest}"), 410)
    problem_of(get("/resolve", path=f"/ms/tiada/{rest}"), 404)


OLD = "/index.php?id=7&lang=ms&option=com_content&view=article"


@pytest.mark.parametrize(
    "asked",
    [
        OLD,
        "/index.php?option=com_content&view=article&id=7&lang=ms",
        "/index.php/?view=article&lang=ms&id=7&option=com_content#top",
        "/index.php?option=com%5Fcontent&&view=article&id=%37&lang=ms&",
        f"{OLD}&fbclid=Iw_AR0&utm_source=facebook",
        "/index.php?gclid=1&option=com_content&view=article&id=7&lang=ms",
    ],
)
def test_a_redirect_with_a_query_is_found_in_any_order(
    get: Get, asked: str, django_assert_num_queries: Any
) -> None:
    put_redirect(OLD, document=put_page("/ms/akta/"))
    put_redirect("/index.php", document=put_page("/ms/"))
    with django_assert_num_queries(1):
        assert get("/resolve", path=asked).json() == redirect("/ms/akta/")


@pytest.mark.parametrize("query", ["id=8", "id=7&lang=en", "id=7&id=7", "", "ID=7", "id"])
def test_a_redirect_with_another_query_is_not_meant(get: Get, query: str) -> None:
    put_redirect("/index.php?id=7", document=put_page("/ms/akta/"))
    problem_of(get("/resolve", path=f"/index.php?{query}"), 404)
    put_redirect("/index.php", document=put_page("/ms/"))
    assert get("/resolve", path=f"/index.php?{query}").json() == redirect("/ms/")


def test_a_redirect_with_a_query_precedes_the_page_at_its_path(get: Get) -> None:
    page = put_page("/ms/")
    put_redirect("/ms?id=3", document=put_page("/ms/akta/"))
    put_redirect("/ms?id=3&utm_id=4", document=put_page("/ms/empat/"))
    assert get("/resolve", path="/ms/?id=3").json() == redirect("/ms/akta/")
    assert get("/resolve", path="/ms/?id=3&utm_id=5").json() == redirect("/ms/akta/")
    assert get("/resolve", path="/ms/?utm_id=4&id=3").json() == redirect("/ms/empat/")
    assert get("/resolve", path="/ms/?id=4").content == page.body


def test_a_page_precedes_redirects_and_these_precede_past_pages(get: Get) -> None:
    past, of_all, of_site = put_page("/ms/a/"), put_page("/ms/b/"), put_page("/ms/c/")
    put_route("/ms/x/", document=past)
    assert get("/resolve", path="/ms/x/").json() == redirect("/ms/a/")
    put_redirect("/ms/x", document=of_all)
    assert get("/resolve", path="/ms/x/").json() == redirect("/ms/b/")
    put_redirect("/ms/x", document=of_site, rank=Rank.SITE_REDIRECT)
    assert get("/resolve", path="/ms/x/").json() == redirect("/ms/c/")
    present = put_page("/ms/x/")
    assert get("/resolve", path="/ms/x/").content == present.body
    assert get("/resolve", path="/ms/x").json() == redirect("/ms/x/")


def test_the_last_page_of_an_address_precedes_earlier_ones(get: Get) -> None:
    put_route("/ms/x/", document=put_page("/ms/a/"))
    put_route("/ms/x/", document=put_page("/ms/b/"))
    assert get("/resolve", path="/ms/x/").json() == redirect("/ms/b/")


def test_a_long_path(get: Get) -> None:
    path = f"/{'x' * 1900}/"
    page = put_page(path)
    assert get("/resolve", path=path).content == page.body
    assert get("/resolve", path=path, site=f"{uuid.uuid4()}:1").status_code == 404
