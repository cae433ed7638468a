"""Read everything from the public API, as anybody can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.test import Client
from wagtail.models import Page

from cms.snippets.models import Act, Organisation, Role
from tests.publishing.languages.documents import Public

API = "/api/v1"
#: What each locale falls back to.
FALLBACKS = {"ms": "en", "en": "ms", "ta": "en"}
SNIPPETS: dict[str, Any] = {"acts": Act, "roles": Role, "organisations": Organisation}
MOST = 100


def collections() -> Iterator[tuple[str, set[str]]]:
    """Each collection of the API, and the ids of what the database has for it, public or not."""
    pages = Page.objects.filter(depth__gt=1)
    yield "pages", set(map(str, pages.values_list("translation_key", flat=True)))
    for name, model in SNIPPETS.items():
        yield name, set(map(str, model.objects.values_list("translation_key", flat=True)))


def read_public() -> Public:
    client, public = Client(), Public()
    for collection, keys in collections():
        for locale, fallback in FALLBACKS.items():
            for query in ({}, {"fallback": fallback}):
                parameters = {"locale": locale, **query}
                for key in sorted(keys):
                    response = client.get(f"{API}/{collection}/{key}", parameters)
                    if response.status_code == 200:
                        place = (collection, key, locale, query.get("fallback", ""))
                        public.documents[place] = response.json()
                    else:
                        assert response.status_code == 404, (key, response.content)
                listed = client.get(f"{API}/{collection}", {**parameters, "limit": MOST}).json()
                assert listed["next"] is None
                public.cards += listed["items"]
    for locale in FALLBACKS:
        response = client.get(f"{API}/site", {"locale": locale})
        if response.status_code == 200:
            public.documents["site", "default", locale, ""] = response.json()
    return public
