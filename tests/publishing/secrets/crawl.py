"""Asking the API for everything, as anybody could."""

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
#: Parameters of lists that are asked for by the crawl itself or take no words.
STRUCTURE = {"limit", "cursor", "order", "locale", "fallback"}


class Crawl:
    """All addresses of the API; those of lists and their filters as its own document names them."""

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

    def answers(self, paths: set[str]) -> Iterator[tuple[str, Any]]:
        """Each address that there is, and its answer.

        `paths` are what pages and redirects were ever found at.
        """
        for url in self._single_addresses(paths):
            yield url, self.client.get(url)
        for collection in self.lists:
            for question in self._questions():
                yield from self._pages_of_a_list(f"{API}/{collection}{question}")

    def answers_to_head(self, paths: set[str]) -> Iterator[tuple[str, Any]]:
        """As `answers`, asked by HEAD; of lists their beginnings."""
        for url in self._single_addresses(paths):
            yield url, self.client.head(url)
        for collection in self.lists:
            for question in self._questions():
                url = f"{API}/{collection}{question}"
                yield url, self.client.head(url)

    def _questions(self) -> Iterator[str]:
        for locale in LOCALES:
            yield f"?locale={locale}"
            yield f"?locale={locale}&fallback={next(other for other in LOCALES if other != locale)}"

    def _single_addresses(self, paths: set[str]) -> Iterator[str]:
        yield from (f"{API}/", f"{API}/locales")
        for path in sorted(paths):
            yield f"{API}/resolve?path={quote(path)}"
            yield quote(path)
        for file in get_document_model().objects.all():
            yield file.url
        for locale in LOCALES:
            yield f"{API}/site?locale={locale}"
        for collection in self.lists:
            for name in names(collection):
                for question in self._questions():
                    yield f"{API}/{collection}/{name}{question}"

    def _pages_of_a_list(self, url: str) -> Iterator[tuple[str, Any]]:
        """The list from its first page to its last, in small pages."""
        address: str | None = f"{url}&limit=5"
        while address:
            response = self.client.get(address)
            yield address, response
            following = json.loads(response.content).get("next")
            address = f"{url}&limit=5&cursor={following}" if following else None

    def guesses(self) -> Iterator[str]:
        """Lists, asked for the secret itself: that something is found would give it away."""
        for collection, filters in self.lists.items():
            for name in filters:
                for word in (SECRET, SECRET_TEXT):
                    for locale in LOCALES:
                        question = urlencode({name: word, "locale": locale})
                        yield f"{API}/{collection}?{question}"


def _takes_words(parameter: dict[str, Any]) -> bool:
    schema = parameter["schema"]
    return schema.get("type") == "string" and not {"enum", "format"} & {*schema}


def names(collection: str) -> Iterator[str]:
    """By what each thing of the database can be asked for, public or not."""
    model = (
        next(found.model for found in document_types() if found.collection == collection)
        if collection != "pages"
        else Page
    )
    assert issubclass(model, TranslatableMixin)
    yield from map(str, {*model._default_manager.values_list("translation_key", flat=True)})
    if not issubclass(model, Page):
        yield from sorted({*model._default_manager.values_list("slug", flat=True)})
