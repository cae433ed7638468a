"""Error pages in Malay and in English."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.users.models import UserProfile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.DEBUG = False


def said(response: Any) -> tuple[int, str, str]:
    """Status, language and heading."""
    text = response.content.decode()
    return (
        response.status_code,
        re.search(r'<html[^>]* lang="([\w-]+)"', text)[1],
        re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", text, re.DOTALL)[1],
    )


@pytest.mark.parametrize(
    ("path", "language", "heading"),
    [
        ("/ms/tiada/", "ms", "Halaman tidak ditemui"),
        ("/en/nothing/", "en", "Page not found"),
        ("/nothing/", "ms", "Halaman tidak ditemui"),
        ("/documents/99/tiada.pdf", "ms", "Halaman tidak ditemui"),
    ],
)
def test_a_404_is_in_the_language_of_the_url(path, language, heading):
    response = Client(HTTP_ACCEPT_LANGUAGE="en").get(path, follow=True)
    assert said(response) == (404, language, heading)


def test_a_404_in_the_admin_is_in_malay():
    client = Client()
    client.force_login(User.objects.create_superuser("pentadbir", "p@example.test", "rahsia"))
    response = client.get("/admin/tiada/")
    assert response.status_code == 404
    assert '<html lang="ms"' in response.content.decode()
    assert "Halaman yang diminta tidak dapat ditemui." in response.content.decode()


def test_a_csrf_failure_is_in_the_language_of_the_cookie():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})
    assert said(response) == (403, "ms", "Borang telah tamat tempoh")
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    assert said(client.post("/admin/login/")) == (403, "en", "The form has expired")


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (SuspiciousOperation("secret"), 400, "Permintaan tidak difahami"),
        (PermissionDenied("secret"), 403, "Tidak dibenarkan"),
        (RuntimeError("secret"), 500, "Ralat telah berlaku"),
    ],
)
def test_errors_of_a_view_are_in_malay_and_show_no_detail(monkeypatch, error, status, heading):
    def fail(*_arguments: Any, **_more: Any) -> Any:
        raise error

    monkeypatch.setattr("wagtail.models.Site.find_for_request", fail)
    response = Client(raise_request_exception=False).get("/ms/apa-apa/")
    assert said(response) == (status, "ms", heading)
    assert b"secret" not in response.content


def test_the_delivery_api_keeps_its_problem_documents():
    response = Client().get("/api/v1/nothing")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def account(language: str, **more: Any) -> Client:
    """A client of a user whose profile has `language`, without a language cookie."""
    user = User.objects.create_superuser("pentadbir", "p@example.test", "rahsia")
    UserProfile.objects.create(user=user, preferred_language=language)
    client = Client(raise_request_exception=False, **more)
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("cookie", ["ms", "en", None])
@pytest.mark.parametrize(
    ("error", "status", "headings"),
    [
        (
            SuspiciousOperation(),
            400,
            {"ms": "Permintaan tidak difahami", "en": "The request was not understood"},
        ),
        (PermissionDenied(), 403, {"ms": "Tidak dibenarkan", "en": "Not allowed"}),
        (Http404(), 404, {"ms": "Halaman tidak ditemui", "en": "Page not found"}),
        (RuntimeError(), 500, {"ms": "Ralat telah berlaku", "en": "Something went wrong"}),
    ],
)
def test_errors_of_a_view_are_in_the_accounts_language(
    monkeypatch, language, cookie, error, status, headings
):
    def fail(*_arguments: Any, **_more: Any) -> Any:
        raise error

    monkeypatch.setattr("wagtail.documents.views.serve.get_object_or_404", fail)
    client = account(language)
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get("/documents/99/fail.pdf")
    assert said(response) == (status, language, headings[language])
    assert response["Content-Language"] == language


@pytest.mark.parametrize("language", ["ms", "en"])
def test_the_admin_and_its_headers_are_in_the_accounts_language(language):
    client = account(language)
    for path, status in (("/admin/", 200), ("/admin/nothing/", 404)):
        response = client.get(path)
        assert response.status_code == status
        assert re.search(r'<html[^>]* lang="([\w-]+)"', response.content.decode())[1] == language
        assert response["Content-Language"] == language


@pytest.mark.parametrize(
    ("language", "heading"), [("ms", "Ralat telah berlaku"), ("en", "Something went wrong")]
)
def test_an_error_in_the_admin_is_in_the_accounts_language(monkeypatch, language, heading):
    def fail(*_arguments: Any, **_more: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("wagtail.admin.views.home.HomeView.get_context_data", fail)
    assert said(account(language).get("/admin/")) == (500, language, heading)


@pytest.mark.parametrize(
    ("language", "heading"), [("ms", "Borang telah tamat tempoh"), ("en", "The form has expired")]
)
def test_a_csrf_failure_is_in_the_accounts_language(language, heading):
    client = account(language, enforce_csrf_checks=True)
    assert said(client.post("/admin/account/")) == (403, language, heading)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("DATA_UPLOAD_MAX_NUMBER_FIELDS", 1), ("DATA_UPLOAD_MAX_MEMORY_SIZE", 1)],
)
@pytest.mark.parametrize(
    ("language", "heading"),
    [("ms", "Permintaan tidak difahami"), ("en", "The request was not understood")],
)
def test_too_large_a_form_is_refused_in_the_accounts_language(
    settings, setting, value, language, heading
):
    setattr(settings, setting, value)
    client = account(language, enforce_csrf_checks=True)
    # The CSRF check parses the form for its token.
    client.cookies["csrftoken"] = "a" * 32
    response = client.post(
        "/admin/account/", "a=1&b=2", content_type="application/x-www-form-urlencoded"
    )
    assert said(response) == (400, language, heading)


def test_the_language_in_the_url_overrides_the_account():
    assert said(account("en").get("/ms/tiada/")) == (404, "ms", "Halaman tidak ditemui")
    assert Client().get("/en/nothing/")["Content-Language"] == "en"


def test_anonymous_requests_and_the_delivery_api_query_no_profile(django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get("/admin/nothing/")
    client = account("en")
    for path in ("/api/v1/locales", "/api/v1/nothing"):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert "wagtailusers_userprofile" not in str(queries.captured_queries)
        assert "auth_user" not in str(queries.captured_queries)


def test_the_admin_queries_the_profile_once():
    with CaptureQueriesContext(connection) as queries:
        account("en").get("/admin/")
    selects = [q["sql"] for q in queries.captured_queries if 'FROM "wagtailusers_us' in q["sql"]]
    assert len(selects) == 1
