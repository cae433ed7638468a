"""Real examples for the OpenAPI document.

A type's example is a response of the API, stored as `api_examples/<type>.json` in the app of its
model; a site's is `site.json` in any app. Examples of lists and redirects are derived from these.
Types without a file have no example.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import apps

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.redirects import redirect_to
from wagtail_delivery.identifiers import SITE
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.registry import ContentTypes

Json = Any
FOLDER = "api_examples"


def example_path(content_type: ContentType) -> Path:
    """The path of the example of `content_type`, whether or not the file exists."""
    app = apps.get_app_config(content_type.model._meta.app_label)
    return Path(app.path) / FOLDER / f"{content_type.name}.json"


def example_of(content_type: ContentType) -> Json:
    """The example document of `content_type`; None if the project has none."""
    return _read(example_path(content_type))


def site_example() -> Json:
    """The example document of a site; None if the project has none."""
    paths = (Path(app.path) / FOLDER / "site.json" for app in apps.get_app_configs())
    return next((example for path in paths if (example := _read(path)) is not None), None)


def list_example(collection: Collection) -> Json:
    """A list with the first example of the collection as its only item."""
    for content_type in collection.types:
        if document := example_of(content_type):
            return {"items": [_card(content_type, document)], "next": None}
    return None


def changes_example() -> Json:
    """The log in which the site's example became public; None if the project has none."""
    if (site := site_example()) is None:
        return None
    change = {
        "sequence": 1,
        "action": "upsert",
        "collection": SITE,
        "id": site["id"],
        "type": site["type"],
        "locale": site["locale"],
        "site": site["meta"]["site"],
        "path": None,
        "paths_before": [],
        "version": site["meta"]["version"],
        "surrogate_keys": [SITE],
        "expires_at": None,
        "recorded_at": "2026-01-01T00:00:00Z",
    }
    return {"items": [change], "next": "1-1767225600000000", "has_more": False}


def redirect_example(types: ContentTypes) -> Json:
    """The redirect from an example page's path without its trailing slash."""
    pages = (example_of(content_type) for content_type in types if content_type.is_page)
    for page in pages:
        if page and page["path"] != "/":
            return redirect_to(page["path"], permanent=True).model_dump()
    return None


def _card(content_type: ContentType, document: Json) -> Json:
    """The card of an example document: its card members and their languages."""
    names = [item.alias or name for name, item in content_type.card_schema.model_fields.items()]
    # A page has its site in `meta`.
    shown_by = document | {"site": document["meta"].get("site")}
    card = {name: shown_by[name] for name in names if name in shown_by}
    translation = document["meta"].get("translation", {})
    shown, lines, line_languages = (
        {
            key: value
            for key, value in translation.get(part, {}).items()
            if key.split("/")[1] in card
        }
        for part in ("languages", "lines", "line_languages")
    )
    card |= {"untranslated": list(shown), "untranslated_languages": shown}
    few = {"untranslated_lines": lines, "untranslated_line_languages": line_languages}
    return card | {name: value for name, value in few.items() if value}


def _read(path: Path) -> Json:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
