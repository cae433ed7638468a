"""Editors at work in two locales, with a secret word in everything that is not public.

The machine acts as the admin does, in any order: drafts, publishing, unpublishing, expiry, private
sections, moves, aliases, copies, redirects, snippets, the library and translations. After each step
it requests everything from the API, as anybody can, and searches for the word.
"""

from __future__ import annotations

import json
from typing import Any

from bs4 import BeautifulSoup
from django.db import transaction
from django.http import HttpResponseBase
from hypothesis.stateful import invariant
from wagtail.models import Page

from tests.publishing.secrets.crawl import Crawl
from tests.publishing.secrets.page_rules import PageRules
from tests.publishing.secrets.snippet_rules import SnippetRules
from tests.publishing.secrets.translation_rules import TranslationRules
from tests.publishing.secrets.words import MALAY, SECRET, texts
from wagtail_delivery.extending import verify
from wagtail_delivery.models import (
    Change,
    DocumentOrder,
    FallbackBody,
    PublishedDocument,
    Route,
)


class SecretsMachine(PageRules, SnippetRules, TranslationRules):
    """Starts from the content of `publish_initial_content`; rolls its changes back."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.paths |= {"/", f"/ms/{SECRET}/", "/ms/tiada/"}
        self.crawl = Crawl()
        # Above the numbers of the initial content.
        self.number = 1000

    def teardown(self) -> None:
        try:
            self.nothing_secret_is_in_head_responses()
            # Takes as long as all the rest, so it runs once, at the end.
            assert not list(verify())
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            super().teardown()

    # Storage

    @invariant()
    def nothing_secret_is_stored_for_the_public(self) -> None:
        for document in PublishedDocument.objects.all():
            for value in (document.body, document.card):
                assert SECRET.encode() not in bytes(value), str(document)
            assert SECRET not in document.path + document.slug
            self.paths.add(document.path or "/")
        for body in FallbackBody.objects.values_list("body", flat=True):
            assert SECRET.encode() not in bytes(body)
        self.paths.update(Route.objects.values_list("path", flat=True))
        for model, column in ((Route, "target"), (Change, "path")):
            values = model._default_manager.values_list(column, flat=True)
            found = list(values.filter(**{f"{column}__contains": SECRET}))
            assert not found, (model, found)
        for value in DocumentOrder.objects.values_list("value", flat=True):
            assert SECRET.encode() not in bytes(value)

    @invariant()
    def private_content_has_no_document(self) -> None:
        """Visibility is read from Wagtail's own fields, not from the plugin's."""
        with_documents = {*PublishedDocument.objects.values_list("source", flat=True)}
        for thing in (*self.pages(), *self.snippets()):
            is_page = isinstance(thing, Page)
            if not thing.live or (is_page and thing.get_view_restrictions()):
                assert f"{thing._meta.label_lower}:{thing.pk}" not in with_documents, thing

    # Public responses

    @invariant()
    def nothing_secret_is_served(self) -> None:
        for url, response in self.crawl.responses(self.paths):
            self.assert_reveals_nothing(url, response)

    @invariant()
    def nothing_secret_is_found(self) -> None:
        for url in self.crawl.guesses():
            response = self.crawl.client.get(url)
            # No filter takes the word, or there is no site with this name.
            if response.status_code not in (400, 404):
                assert json.loads(response.content)["items"] == [], url

    def nothing_secret_is_in_head_responses(self) -> None:
        for url, response in self.crawl.head_responses(self.paths):
            assert response.streaming or not response.content, url
            self.assert_reveals_nothing(url, response)

    def assert_reveals_nothing(self, url: str, response: HttpResponseBase) -> None:
        assert response.status_code < 500, url
        if SECRET in url:
            # Django adds the slash to any path, whatever is there.
            is_completed = response.headers.get("Location") == f"{url}/"
            assert is_completed or response.status_code in (404, 410), url
            return
        assert SECRET not in str(dict(response.items())), url
        body = b"".join(response).decode()
        assert SECRET not in body, (url, body[max(body.find(SECRET) - 200, 0) :][:400])

    @invariant()
    def no_malay_text_is_presented_as_english(self) -> None:
        english = PublishedDocument.objects.filter(locale="en").values_list("body", flat=True)
        with_fallback = FallbackBody.objects.filter(document__locale="en")
        for stored in (*english, *with_fallback.values_list("body", flat=True)):
            body = json.loads(bytes(stored))
            marked = {
                tuple(pointer.split("/")) for pointer in body["meta"]["translation"]["untranslated"]
            }
            for pointer, text in texts(body):
                if pointer[-1] == "text" and "html" in at(body, pointer[:-1]):
                    # Plain text beside HTML cannot mark languages; the HTML itself is checked.
                    continue
                if MALAY in without_marked(text):
                    assert any(pointer[: len(part)] == part for part in marked), (pointer, text)


def at(body: Any, pointer: tuple[str, ...]) -> Any:
    """The value in a document at the parts of a JSON pointer."""
    for step in pointer[1:]:
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body


def without_marked(text: str) -> str:
    """Text or HTML without the elements marked as Malay."""
    if "<" not in text:
        return text
    html = BeautifulSoup(text, "html.parser")
    for element in html.find_all(lang="ms"):
        element.decompose()
    return str(html)
