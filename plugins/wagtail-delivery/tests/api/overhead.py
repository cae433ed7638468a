"""Measures the cost of the API's requests, compared with a Django view with one query.

Run with `python -m tests.api.overhead`; numbers are microseconds of CPU time in one
process, the best of several rounds, without a server around them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.api.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.signals import request_finished, request_started  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.urls import path  # noqa: E402

from tests.api.stored import put, put_page  # noqa: E402
from tests.api.test_bad_input import ask  # noqa: E402
from tests.api.urls import urlpatterns as project_urls  # noqa: E402
from wagtail_delivery.models import PublishedDocument  # noqa: E402

ID = "5b2d7c1e-6a55-4c0e-8d35-3a4f2c9f7a66"
ROUNDS, REQUESTS = 7, 400


def view_without_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


def view_with_one_query(request: HttpRequest) -> HttpResponse:
    body, etag, _ = (
        PublishedDocument.objects.filter(collection="pages", resource_id=ID, locale="ms")
        .values_list("body", "etag", "expires_at")
        .get()
    )
    return HttpResponse(body, content_type="application/json", headers={"ETag": f'"{etag}"'})


urlpatterns = [
    path("nothing", view_without_query),
    path("plain", view_with_one_query),
    *project_urls,
]


def best(call: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REQUESTS):
            call()
        times.append((time.process_time() - start) / REQUESTS * 1e6)
    return min(times)


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    put_page("/ms/", ID, members={"text": "x" * 20_000})
    for number in range(100):
        put("authors", "author", f"{number:036}", slug=f"s{number}", keys={"rank": number})
    settings.ROOT_URLCONF = __name__
    chain = settings.MIDDLEWARE
    with_api, without_api = chain[:1], []
    asked: list[tuple[str, list[str], str, str, dict[str, str]]] = [
        ("view without a query", without_api, "/nothing", "", {}),
        ("plain view, one ORM query", without_api, "/plain", "", {}),
        ("page by id", with_api, f"/api/v1/pages/{ID}", "", {}),
        ("page by id, fallback", with_api, f"/api/v1/pages/{ID}", "locale=en&fallback=ms", {}),
        ("page by path", with_api, "/api/v1/resolve", "path=/ms/", {}),
        ("snippet by slug", with_api, "/api/v1/authors/s7", "locale=ms", {}),
        ("list of 20", with_api, "/api/v1/authors", "", {}),
        ("list of 100", with_api, "/api/v1/authors", "limit=100", {}),
        ("list of 20, filtered", with_api, "/api/v1/authors", "rank=7", {}),
        ("not found", with_api, "/api/v1/pages/x", "", {}),
        ("refused", with_api, "/api/v1/pages", "limit=0", {}),
        ("page by id, no middleware at all", without_api, f"/api/v1/pages/{ID}", "", {}),
        ("page by id, all but the API's", chain[1:], f"/api/v1/pages/{ID}", "", {}),
    ]
    import logging

    logging.disable(logging.CRITICAL)
    for name, middleware, address, query, headers in asked:
        settings.MIDDLEWARE = middleware
        status = ask(address, query, **headers).status_code
        cost = best(lambda: ask(address, query, **headers))  # noqa: B023
        print(f"{cost:8.0f} µs  {status}  {name}")
    runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
