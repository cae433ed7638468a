"""The service document, the locales, the documentation and the health checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import clear_script_prefix
from django.utils import timezone

from tests.api.conftest import PREFIX, Get, problem_of
from tests.api.stored import put_site
from tests.api.test_bad_input import ask
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.models import PendingDependents, PendingDocument, WorkerSign


def test_the_service_document(any_get: Get, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = any_get("/")
    service = response.json()
    assert service["name"] == "Library API"
    assert service["default_locale"] == "ms"
    assert service["locales"] == ["ms", "en", "ta"]
    assert service["collections"] == [
        {"name": "pages", "types": ["book_page", "event_page"], "path": "/api/v1/pages"},
        {"name": "authors", "types": ["author"], "path": "/api/v1/authors"},
        {"name": "publishers", "types": ["publisher"], "path": "/api/v1/publishers"},
        {"name": "stamps", "types": ["stamp"], "path": "/api/v1/stamps"},
    ]


def test_every_link_leads_somewhere(any_get: Get) -> None:
    service = any_get("/").json()
    links = [item["path"] for item in service["collections"]] + list(service["links"].values())
    for link in links:
        assert link.startswith(f"{PREFIX}/")
        response = any_get(link.removeprefix(PREFIX))
        assert "No operation has this path." not in response.content.decode()


@pytest.fixture
def script_name() -> Iterator[str]:
    yield "/cms"
    clear_script_prefix()


def test_links_below_a_script_name(db: None, script_name: str) -> None:
    service = json.loads(ask(f"{PREFIX}/", SCRIPT_NAME=script_name).content)
    assert service["links"]["openapi"] == "/cms/api/v1/openapi.json"
    document = json.loads(ask(f"{PREFIX}/openapi.json", SCRIPT_NAME=script_name).content)
    assert document["servers"] == [{"url": "/cms/api/v1"}]


def test_the_locales_document(any_get: Get, django_assert_num_queries: Any) -> None:
    put_site(path="/ms/")
    put_site(locale="en", path="/en/")
    put_site("other.example:80", locale="ta", host="other.example:80", path="/lain/")
    with django_assert_num_queries(1):
        response = any_get("/locales")
    assert response.json() == {
        "items": [
            {"code": "ms", "name": "Bahasa Melayu", "is_default": True, "path": "/ms/"},
            {"code": "en", "name": "English", "is_default": False, "path": "/en/"},
            {"code": "ta", "name": "தமிழ்", "is_default": False, "path": None},
        ],
        "next": None,
    }


def test_a_language_unknown_to_django(get: Get, settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("iba", "Jaku Iban")]
    settings.WAGTAIL_CONTENT_LANGUAGES = [("ms", "Malay"), ("iba", "Jaku Iban")]
    items = get("/locales").json()["items"]
    assert [item["name"] for item in items] == ["Bahasa Melayu", "Jaku Iban"]


def test_without_internationalisation_there_is_one_locale(get: Get, settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = False
    assert [item["code"] for item in get("/locales").json()["items"]] == ["ms"]
    assert get("/authors", locale="ms").status_code == 200
    assert get("/authors", locale="en").status_code == 404


def test_a_variant_of_a_content_language_is_the_default(get: Get, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en-gb"
    assert get("/").json()["default_locale"] == "en"
    assert get("/authors")["Content-Language"] == "en"


# Documentation


def test_docs_load_only_files_of_this_server(any_get: Get, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = any_get("/docs")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    page = response.content.decode()
    assert "<title>Library API</title>" in page
    assert '"url": "openapi.json"' in page
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert len(sources) == 3
    assert all(re.fullmatch(r"docs/[a-z.-]+", source) for source in sources)
    assert not re.search(r"<script[^>]*>[^<]*[(;]", page), "no script of its own in the page"


@pytest.mark.parametrize(
    ("name", "media_type", "word"),
    [
        ("swagger-ui.css", "text/css", ".swagger-ui"),
        ("swagger-ui-bundle.js", "text/javascript", "SwaggerUIBundle"),
        ("swagger-ui-init.js", "text/javascript", "swagger-settings"),
    ],
)
def test_docs_serve_their_own_files(any_get: Get, name: str, media_type: str, word: str) -> None:
    """They need neither an app of the project nor `collectstatic`."""
    assert not apps.is_installed("ninja")
    response = any_get(f"/docs/{name}")
    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    assert word in response.content.decode()
    again = any_get(f"/docs/{name}", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert f'"docs/{name}"' in any_get("/docs").content.decode()


@pytest.mark.parametrize("name", ["", "redoc.standalone.js", "../swagger-ui.css", "x%2F..%2Fy"])
def test_docs_serve_no_other_files(get: Get, name: str) -> None:
    problem_of(get(f"/docs/{name}"), 404)


# Health


def test_the_live_check_needs_no_database(client: Client) -> None:
    # Without the `db` fixture, pytest-django blocks every query.
    response = client.get(f"{PREFIX}/health/live")
    assert response.json() == {"status": "ok"}
    assert response["Cache-Control"] == "no-store"


def test_the_ready_check_passes(any_get: Get, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        response = any_get("/health/ready")
    assert response.json() == {"status": "ok"}
    assert response["Cache-Control"] == "no-store"


def test_the_ready_check_fails_while_a_migration_is_missing(get: Get) -> None:
    MigrationRecorder(connection).record_unapplied("wagtail_delivery", "0001_initial")
    response = get("/health/ready")
    problem = problem_of(response, 503)
    assert problem["detail"] == "The database has unapplied migrations."
    assert response["Retry-After"] == "5"


def test_the_ready_check_fails_while_the_database_is_down(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError("password=secret")

    monkeypatch.setattr(queries, "rows", fail)
    problem = problem_of(get("/health/ready"), 503)
    assert "secret" not in str(problem)
    assert get("/health/live").status_code == 200


def pending(source: str, minutes: int, failure: str = "") -> None:
    """A document that has been in the queue for some minutes."""
    PendingDocument.objects.create(
        source=source,
        is_withdrawal=False,
        recorded_at=timezone.now() - timedelta(minutes=minutes),
        failure=failure,
    )


def test_the_queue_check_of_an_empty_queue(
    any_get: Get, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(1):
        response = any_get("/health/queue")
    assert response.json() == {
        "status": "ok",
        "waiting": 0,
        "oldest_seconds": None,
        "failed": 0,
        "worker": False,
    }
    assert response["Cache-Control"] == "no-store"


def test_the_queue_check_counts_what_no_worker_has_added(any_get: Get) -> None:
    pending("library.author:1", 0)
    PendingDependents.objects.create(
        keys=["library.author:2"],
        after=0,
        waiting=21,
        is_withdrawal=False,
        recorded_at=timezone.now() - timedelta(minutes=2),
    )
    found = any_get("/health/queue").json()
    assert found["waiting"] == 22
    assert found["oldest_seconds"] == pytest.approx(120, abs=5)


def test_the_queue_check_tells_numbers_and_no_content(get: Get) -> None:
    pending("library.author:1", 0)
    pending("library.author:2", 1)
    WorkerSign.objects.create(seen_at=timezone.now())
    found = get("/health/queue").json()
    assert 60 <= found.pop("oldest_seconds") < 120
    assert found == {"status": "ok", "waiting": 2, "failed": 0, "worker": True}


def test_the_queue_check_tells_that_documents_wait_for_long(get: Get) -> None:
    pending("library.author:1", 6)
    assert get("/health/queue").json()["status"] == "behind"


def test_a_failed_document_takes_no_server_out_of_rotation(get: Get) -> None:
    pending("library.author:1", 60, failure="secret")
    response = get("/health/queue")
    assert response.status_code == 200
    assert b"secret" not in response.content
    found = response.json()
    assert (found["status"], found["failed"], found["waiting"]) == ("failing", 1, 0)
    assert found["oldest_seconds"] is None
    assert get("/health/ready").status_code == 200


def test_a_worker_that_has_not_signed_lately_is_none(get: Get) -> None:
    WorkerSign.objects.create(seen_at=timezone.now() - timedelta(minutes=1))
    assert get("/health/queue").json()["worker"] is False


def test_the_queue_check_fails_while_the_database_is_down(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError("password=secret")

    monkeypatch.setattr(queries, "rows", fail)
    assert "secret" not in str(problem_of(get("/health/queue"), 503))
