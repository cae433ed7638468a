"""Real examples for the OpenAPI document.

A document as the API gave it lies beside its model, as `api_examples/<type>.json` in the model's
app; that of a site, `site.json`, in whichever app has one. What a list or a redirect looks like
follows from them. What has no example has none in the description.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import apps

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.redirects import redirect_to
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.registry import ContentTypes

Json = Any
FOLDER = "api_examples"


def example_path(content_type: ContentType) -> Path:
    """Where the example of `content_type` lies, or would."""
    app = apps.get_app_config(content_type.model._meta.app_label)
    return Path(app.path) / FOLDER / f"{content_type.name}.json"


def example_of(content_type: ContentType) -> Json:
    """The example document of `content_type`; None where the project has none."""
    return _read(example_path(content_type))


def site_example() -> Json:
    """The example document of a site; None where the project has none."""
    paths = (Path(app.path) / FOLDER / "site.json" for app in apps.get_app_configs())
    return next((example for path in paths if (example := _read(path)) is not None), None)


def list_example(collection: Collection) -> Json:
    """A list that the first example of the collection is alone in."""
    for content_type in collection.types:
        if document := example_of(content_type):
            return {"items": [_card(content_type, document)], "next": None}
    return None


def redirect_example(types: ContentTypes) -> Json:
    """What the path of an example page gives without its last slash."""
    pages = (example_of(content_type) for content_type in types if content_type.is_page)
    for page in pages:
        if page and page["path"] != "/":
            return redirect_to(page["path"], permanent=True).model_dump()
    return None


def _card(content_type: ContentType, document: Json) -> Json:
    """What lists show of a document: some of its members, with what is said of their language."""
    names = [item.alias or name for name, item in content_type.card_schema.model_fields.items()]
    card = {name: document[name] for name in names if name in document}
    if "translation" in document["meta"]:
        languages = document["meta"]["translation"]["languages"]
        shown = {key: code for key, code in languages.items() if key.split("/")[1] in card}
    else:
        shown = {}
    return card | {"untranslated": list(shown), "untranslated_languages": shown}


def _read(path: Path) -> Json:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
