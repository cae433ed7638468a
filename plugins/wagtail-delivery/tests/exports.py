"""Exports, compared with what the API gives at the same addresses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.mirrors import crawled, get
from wagtail_delivery.api.collections import api_collections
from wagtail_delivery.export.folder import MARK
from wagtail_delivery.locales import content_locales
from wagtail_delivery.schema.registry import content_types


def export(folder: Path) -> None:
    call_command("delivery_export", folder, verbosity=0)


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of an export, without what it needs to go on."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and MARK not in path.relative_to(folder).parts
    }


def addresses() -> dict[str, Any]:
    """What the API gives, by the name of the file that has it; by slug where documents have one."""
    default = content_locales().default
    found: dict[str, Any] = {"locales": get("/locales"), "changes": get("/changes", after="now")}
    for (collection, name, locale), document in crawled().items():
        folder = f"{locale}/" if locale not in (None, default) else ""
        if collection != "site":
            found[f"{folder}{collection}/{name}"] = document
        elif name == "default":
            found[f"{folder}site"] = document
    for collection in api_collections(content_types()):
        for locale in content_locales().codes if collection.is_translatable else [None]:
            folder = f"{locale}/" if locale not in (None, default) else ""
            query = {"locale": locale} if locale else {}
            items = list(_items(collection.name, query))
            found[f"{folder}{collection.name}/index.json"] = {"items": items, "next": None}
    return found


def _items(collection: str, query: dict[str, Any]) -> Any:
    while True:
        page = get(f"/{collection}", limit=7, **query)
        yield from page["items"]
        if page["next"] is None:
            return
        query = query | {"cursor": page["next"]}


def assert_is_complete(folder: Path) -> None:
    """The export has all that the API gives, and slugs beside; nothing else."""
    found = {name: json.loads(body) for name, body in files_in(folder).items()}
    expected = addresses()
    assert {name: found.get(name) for name in expected} == expected
    for name in set(found) - set(expected):
        collection, _, slug = name.removeprefix("ms/").partition("/")
        query = {"locale": "ms"} if name.startswith("ms/") else {}
        assert found[name] == get(f"/{collection}/{slug}", **query), name
