"""Request everything that the API serves, as anybody can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Page, TranslatableMixin

from tests.publishing.secrets.words import SECRET, SECRET_TEXT
from wagtail_delivery.extending import document_types

API = "/api/v1"
LOCALES = ("ms", "en")
#: Parameters of lists that the crawl sets itself or that take no words.
STRUCTURE = {"limit", "cursor", "order", "locale", "fallback"}


class Crawl:
    """All URLs of the API; lists and their filters are read from its OpenAPI document."""

    def __init__(self) -> None:
        self.client = Client()
        described = json.loads(self.client.get(f"{API}/openapi.json").content)
        self.lists: dict[str, list[str]] = {}
        for path, operations in described["paths"].items():
            parameters = operations["get"].get("parameters", [])
            if {"limit", "cursor"} <= {parameter["name"] for parameter in parameters}:
                self.lists[path.strip("/")] = [
                    parameter["name"]
                    for parameter in parameters
                    if _takes_words(parameter) and parameter["name"] not in STRUCTURE
                ]

    def responses(self, paths: set[str]) -> Iterator[tuple[str, Any]]:
        """Each URL and its response.

        `paths`: all paths that pages and redirects ever had.
        """
        for url in self._single_urls(paths):
            yield url, self.client.get(url)
        for collection in self.lists:
            for query in self._query_strings():
                yield from self._pages_of_a_list(f"{API}/{collection}{query}")

    def head_responses(self, paths: set[str]) -> Iterator[tuple[str, Any]]:
        """As `responses`, but to HEAD, and only the first page of each list."""
        for url in self._single_urls(paths):
            yield url, self.client.head(url)
        for collection in self.lists:
            for query in self._query_strings():
                url = f"{API}/{collection}{query}"
                yield url, self.client.head(url)

    def _query_strings(self) -> Iterator[str]:
        for locale in LOCALES:
            yield f"?locale={locale}"
            yield f"?locale={locale}&fallback={next(other for other in LOCALES if other != locale)}"

    def _single_urls(self, paths: set[str]) -> Iterator[str]:
        yield from (f"{API}/", f"{API}/locales")
        for path in sorted(paths):
            yield f"{API}/resolve?path={quote(path)}"
            # The other locale's address of the same page.
            other, fallback = (f"/en/{path[4:]}", "ms") if path[:4] == "/ms/" else (path, "en")
            yield f"{API}/resolve?path={quote(other)}&fallback={fallback}"
            yield quote(path)
        for file in get_document_model().objects.all():
            yield file.url
        for locale in LOCALES:
            yield f"{API}/site?locale={locale}"
        for collection in self.lists:
            for name in names(collection):
                for query in self._query_strings():
                    yield f"{API}/{collection}/{name}{query}"

    def _pages_of_a_list(self, url: str) -> Iterator[tuple[str, Any]]:
        """All pages of a list, in small pages."""
        next_url: str | None = f"{url}&limit=5"
        while next_url:
            response = self.client.get(next_url)
            yield next_url, response
            following = json.loads(response.content).get("next")
            next_url = f"{url}&limit=5&cursor={following}" if following else None

    def guesses(self) -> Iterator[str]:
        """Lists filtered by the secret itself: a match would reveal it."""
        for collection, filters in self.lists.items():
            for name in filters:
                for word in (SECRET, SECRET_TEXT):
                    for locale in LOCALES:
                        query = urlencode({name: word, "locale": locale})
                        yield f"{API}/{collection}?{query}"


def _takes_words(parameter: dict[str, Any]) -> bool:
    schema = parameter["schema"]
    return schema.get("type") == "string" and not {"enum", "format"} & {*schema}


def names(collection: str) -> Iterator[str]:
    """The ids and slugs of all content in the database, public or not."""
    model = (
        next(found.model for found in document_types() if found.collection == collection)
        if collection != "pages"
        else Page
    )
    assert issubclass(model, TranslatableMixin)
    yield from map(str, {*model._default_manager.values_list("translation_key", flat=True)})
    if not issubclass(model, Page):
        yield from sorted({*model._default_manager.values_list("slug", flat=True)})
