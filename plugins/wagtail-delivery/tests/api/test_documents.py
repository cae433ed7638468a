"""Single documents: by id or slug within a collection, and of sites."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.api.conftest import Get, invalid_parameters, problem_of
from tests.api.stored import put, put_page, put_site
from tests.clock import time_is
from wagtail_delivery.api.queries.documents import StoredDocument
from wagtail_delivery.api.responses import as_fallback
from wagtail_delivery.surrogate_keys import document_key

ID = "6f1d3c70-58a5-4f3f-9d55-0a4f2c9f7a11"
OTHER_ID = "7f1d3c70-58a5-4f3f-9d55-0a4f2c9f7a22"
PAST = timezone.now() - datetime.timedelta(seconds=5)
FUTURE = timezone.now() + datetime.timedelta(days=1)


def test_a_document_is_the_stored_bytes_in_one_query(
    any_get: Get, django_assert_num_queries: Any
) -> None:
    document = put("authors", "author", ID, slug="usman", title="Usman “Awang”")
    for name, of_slug in ((ID, []), ("usman", [document_key("authors", "usman")])):
        with django_assert_num_queries(1):
            response = any_get(f"/authors/{name}")
        assert response.status_code == 200
        assert response.content == document.body
        headers = dict(response.headers)
        # Other middleware can add to this.
        assert headers.pop("Vary").split(", ")[0] == "Origin"
        assert headers == {
            "Content-Type": "application/json",
            "Content-Language": "ms",
            "Content-Length": str(len(document.body)),
            "ETag": f'"{document.etag}"',
            "Cache-Control": "public, max-age=7, stale-while-revalidate=8, stale-if-error=9",
            "Surrogate-Key": " ".join([document.surrogate_keys, *of_slug]),
            "X-Content-Sequence": "0",
            "X-Content-Type-Options": "nosniff",
        }


def test_a_page_takes_one_query(get: Get, django_assert_num_queries: Any) -> None:
    page = put_page("/ms/buku/", ID)
    with django_assert_num_queries(1):
        assert get(f"/pages/{ID}").content == page.body


def test_a_document_request_loads_no_card(get: Get, django_assert_num_queries: Any) -> None:
    put("authors", "author", ID, slug="usman")
    with django_assert_num_queries(1) as captured:
        get("/authors/usman")
    assert "card" not in captured.captured_queries[0]["sql"]


@pytest.mark.parametrize("name", ["unknown", OTHER_ID, ID.upper(), "0", "%20", "ü", "a/b"])
def test_an_unknown_name_is_404(get: Get, name: str, django_assert_num_queries: Any) -> None:
    put("authors", "author", ID, slug="usman")
    with django_assert_num_queries(1):
        assert invalid_parameters(get(f"/authors/{name}"), 404) == []


def test_pages_are_found_only_by_id(get: Get) -> None:
    put_page("/ms/buku/", ID, slug="buku")
    problem_of(get("/pages/buku"), 404)


def test_names_belong_to_a_collection(get: Get) -> None:
    put("publishers", "publisher", ID, slug="dbp")
    problem_of(get(f"/authors/{ID}"), 404)
    problem_of(get("/authors/dbp"), 404)


def test_an_id_takes_precedence_over_a_slug(get: Get) -> None:
    put("authors", "author", "7", slug="other")
    first = put("authors", "author", "5", slug="x")
    put("authors", "author", "3", slug="5")
    assert get("/authors/5").content == first.body


def test_an_id_takes_precedence_over_a_slug_in_a_better_locale(get: Get) -> None:
    put("authors", "author", OTHER_ID, "en", slug=ID)
    first = put("authors", "author", ID, "ms", slug="x")
    response = get(f"/authors/{ID}", locale="en", fallback="ms")
    assert response.json()["id"] == first.resource_id


def test_an_id_can_contain_a_slash(get: Get) -> None:
    document = put("stamps", "stamp", "1969/4", "")
    assert get("/stamps/1969/4").content == document.body


def test_each_locale_has_its_own_document(get: Get) -> None:
    put("authors", "author", ID, "ms")
    english = put("authors", "author", ID, "en")
    response = get(f"/authors/{ID}", locale="en")
    assert response.content == english.body
    assert response["Content-Language"] == "en"


def test_an_untranslated_document_is_404(get: Get, django_assert_num_queries: Any) -> None:
    put("authors", "author", ID, "ms", slug="usman")
    for name in (ID, "usman"):
        with django_assert_num_queries(1):
            problem_of(get(f"/authors/{name}", locale="en"), 404)


def test_a_fallback_has_status_fallback(get: Get, django_assert_num_queries: Any) -> None:
    malay = put("authors", "author", ID, "ms", slug="usman", title="Puisi “}}” \\u007d")
    plain = get(f"/authors/{ID}")
    with django_assert_num_queries(1):
        response = get("/authors/usman", locale="en", fallback="ms")
    assert response["Content-Language"] == "ms"
    assert response["ETag"] != plain["ETag"]
    of_slug = document_key("authors", "usman")
    assert response["Surrogate-Key"] == f"{plain['Surrogate-Key']} {of_slug}"
    document = response.json()
    assert document["meta"].pop("translation") == {
        "source_locale": "ms",
        "status": "fallback",
        "untranslated": [],
        "languages": {},
        "stale": [],
    }
    stored = json.loads(malay.body)
    del stored["meta"]["translation"]
    assert document == stored
    # Every locale that falls back to it gets the same response, so caches keep one.
    assert get("/authors/usman", locale="ta", fallback="ms")["ETag"] == response["ETag"]


def test_a_fallback_keeps_the_other_translation_metadata(get: Get) -> None:
    put("authors", "author", ID, "en", source_locale="ms")
    response = get(f"/authors/{ID}", locale="ta", fallback="en")
    assert response["Content-Language"] == "en"
    assert response.json()["meta"]["translation"] == {
        "source_locale": "ms",
        "status": "fallback",
        "untranslated": ["/title"],
        "languages": {"/title": "ms"},
        "stale": [],
    }


def test_a_translation_takes_precedence_over_a_fallback(get: Get) -> None:
    put("authors", "author", ID, "ms", slug="usman")
    english = put("authors", "author", ID, "en", slug="usman")
    for query in ({"fallback": "ms"}, {"fallback": "en"}, {"fallback": "ta"}):
        response = get("/authors/usman", locale="en", **query)
        assert response.content == english.body
        assert response["ETag"] == f'"{english.etag}"'


def test_a_slug_of_the_fallback_finds_the_translation(get: Get) -> None:
    """A Malay slug also finds the English document if slugs are translated."""
    put("authors", "author", ID, "ms", slug="penyair")
    english = put("authors", "author", ID, "en", slug="poet")
    assert get("/authors/penyair", locale="en", fallback="ms").content == english.body
    problem_of(get("/authors/penyair", locale="en"), 404)


def test_a_missing_fallback_is_404(get: Get) -> None:
    put("authors", "author", ID, "ms")
    problem_of(get(f"/authors/{ID}", locale="en", fallback="ta"), 404)


@pytest.mark.parametrize("parameter", ["locale", "fallback"])
@pytest.mark.parametrize("path", ["/authors", f"/authors/{ID}", "/pages", f"/pages/{ID}", "/site"])
@pytest.mark.parametrize("code", ["xx", "EN", "en-gb", "", "en ", "ms,en"])
def test_an_unknown_locale_is_404_without_a_query(
    get: Get, path: str, parameter: str, code: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert invalid_parameters(get(path, **{parameter: code}), 404) == [parameter]


def test_content_without_a_locale_takes_no_locale_parameter(
    get: Get, django_assert_num_queries: Any
) -> None:
    document = put("stamps", "stamp", "12", "", meta={"last": 1})
    with django_assert_num_queries(1):
        response = get("/stamps/12")
    assert response.content == document.body
    assert "Content-Language" not in response
    assert invalid_parameters(get("/stamps/12", locale="ms")) == ["locale"]
    assert invalid_parameters(get("/stamps/12", fallback="ms")) == ["fallback"]


@pytest.mark.parametrize(
    ("left", "control"),
    [
        (1000, "max-age=7, stale-while-revalidate=8, stale-if-error=9"),
        (7.9, "max-age=7, stale-while-revalidate=0, stale-if-error=0"),
        (10, "max-age=7, stale-while-revalidate=3, stale-if-error=3"),
        (2.5, "max-age=2, stale-while-revalidate=0, stale-if-error=0"),
        (0.5, "max-age=0, stale-while-revalidate=0, stale-if-error=0"),
    ],
)
def test_a_document_is_kept_no_longer_than_it_is_public(
    get: Get, left: float, control: str
) -> None:
    put("authors", "author", ID, slug="usman", expires_at=FUTURE)
    with time_is(FUTURE - datetime.timedelta(seconds=left)):
        for path in (f"/authors/{ID}", "/authors/usman", f"/authors/{ID}?locale=en&fallback=ms"):
            assert get(path)["Cache-Control"] == f"public, {control}", path


def test_an_expired_document_is_404(get: Get) -> None:
    put("authors", "author", ID, "ms", slug="a", expires_at=PAST)
    put("authors", "author", OTHER_ID, "ms", slug="b", expires_at=FUTURE)
    put_page("/ms/buku/", ID, expires_at=PAST)
    problem_of(get(f"/authors/{ID}"), 404)
    problem_of(get("/authors/a"), 404)
    problem_of(get(f"/pages/{ID}"), 404)
    assert get(f"/authors/{OTHER_ID}").status_code == 200
    assert get("/authors/b").status_code == 200


def test_a_fallback_replaces_an_expired_document(get: Get) -> None:
    put("authors", "author", ID, "ms", slug="a")
    put("authors", "author", ID, "en", slug="a", expires_at=PAST)
    for name in (ID, "a"):
        response = get(f"/authors/{name}", locale="en", fallback="ms")
        assert response["Content-Language"] == "ms"


def test_the_default_site(get: Get, django_assert_num_queries: Any) -> None:
    malay = put_site()
    english = put_site(locale="en")
    put_site("other.example:80", host="other.example:80")
    with django_assert_num_queries(1):
        assert get("/site").content == malay.body
    assert get("/site", locale="en").content == english.body
    assert get("/site", site="main.example:80").content == malay.body


def test_another_site(get: Get, django_assert_num_queries: Any) -> None:
    put_site()
    other = put_site("other.example:80", host="other.example:80")
    with django_assert_num_queries(1):
        assert get("/site", site="other.example:80").content == other.body
    assert invalid_parameters(get("/site", site="other.example"), 404) == ["site"]
    problem_of(get("/site", site="other.example:80", locale="en"), 404)
    fallback = get("/site", site="other.example:80", locale="en", fallback="ms")
    assert fallback.json()["meta"]["translation"]["status"] == "fallback"


@given(
    head=st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.none()),
    languages=st.dictionaries(st.text(max_size=9), st.text(max_size=9)),
)
def test_splicing_changes_only_the_translation(
    head: dict[str, Any], languages: dict[str, str]
) -> None:
    translation = {
        "source_locale": "ms",
        "status": "partial",
        "untranslated": [*languages],
        "languages": languages,
    }
    # `meta` comes last, as in every document.
    head.pop("meta", None)
    opening = json.dumps({**head, "meta": {"x": 1}})[:-2].encode() + b',"translation":'
    body = opening + json.dumps(translation).encode() + b"}}"
    stored = StoredDocument(body, "e", "", "ms", len(opening))
    found = json.loads(as_fallback(stored))
    before = json.loads(body)
    assert found["meta"].pop("translation") == translation | {"status": "fallback"}
    before["meta"].pop("translation")
    assert found == before
