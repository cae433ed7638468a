"""What the delivery API gives at the addresses that have a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connections, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from wagtail_delivery.api.change_cursors import Position, parse_position
from wagtail_delivery.api.collections import Collection, api_collections
from wagtail_delivery.api.dispatch import dispatcher
from wagtail_delivery.api.parameters import MOST_CHANGES, MOST_ITEMS
from wagtail_delivery.api.problems import ProblemError
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.views.changes import read_part
from wagtail_delivery.export.folder import ExportFolder, opened
from wagtail_delivery.identifiers import DEFAULT, SITE
from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.locales import ContentLocales, content_locales
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.schema.registry import content_types

#: The file of a list, in the folder of its documents.
LIST = "index.json"
#: Longest name of a file, in bytes.
LONGEST_NAME = 255

#: What identifies a document: collection, id and locale.
Identity = tuple[str, str, str]


class ExportError(Exception):
    """The content cannot be exported; the message says why."""


class Exported(NamedTuple):
    """What an export did."""

    written: int
    removed: int
    #: Names of documents that no file can have.
    left_out: list[str]
    cursor: str


def export_content(path: Path) -> Exported:
    """Write the public content to the folder `path`, or what has changed since the last time."""
    with opened(path) as folder:
        with _one_state():
            export = _Export(folder)
            export.stage()
        written, removed = folder.apply(export.expected, export.state())
        return Exported(written, removed, export.left_out, export.cursor)


@contextmanager
def _one_state() -> Iterator[None]:
    """Read one state of one database within this block, whatever is published meanwhile."""
    with queries.reading() as read:
        connection = connections[read.alias]
        is_first = not connection.in_atomic_block
        with transaction.atomic(using=read.alias):
            if is_first and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


class _Export:
    """One run: prepares the files that differ, and knows which ones there are."""

    def __init__(self, folder: ExportFolder) -> None:
        self.folder = folder
        self.locales: ContentLocales = content_locales()
        self.collections = {one.name: one for one in api_collections(content_types())}
        self.expected: set[str] = set()
        self.left_out: list[str] = []
        self.cursor = ""
        for code in self.locales.codes:
            if code in self.collections:
                raise ExportError(
                    f"The list {code!r} has the name of a locale, and both need a folder. Give the "
                    "list another name in PLURAL_NAMES."
                )

    def state(self) -> dict[str, Any]:
        """What the next run needs to go on."""
        return {"cursor": self.cursor, "scope": self._scope()}

    def stage(self) -> None:
        """Prepare all files. Lists come first, because they may name what is withdrawn."""
        changes = _get("/changes", after="now")
        self.cursor = json.loads(changes)["next"]
        changed = self._changed()
        self._stage("locales", _get("/locales"))
        for collection in self.collections.values():
            for locale in self.locales.codes if collection.is_translatable else [""]:
                name = f"{self._folder_of(locale)}{collection.name}/{LIST}"
                self.expected.add(name)
                self.folder.stage(name, _list(collection, locale))
        self._stage_documents(changed)
        self._stage("changes", changes)

    def _scope(self) -> Any:
        """What decides which files there are; another scope needs all of them anew."""
        return [self.locales.default, self.locales.codes, sorted(self.collections)]

    def _changed(self) -> set[Identity] | None:
        """The documents that changed since the last run; None if nobody knows."""
        before = self.folder.read_state()
        if before.get("scope") != self._scope() or not isinstance(before.get("cursor"), str):
            return None
        found: set[Identity] = set()
        try:
            after: Position = parse_position(before["cursor"])
            while True:
                part = read_part(after, MOST_CHANGES)
                found.update((one.collection, one.resource_id, one.locale) for one in part.entries)
                after = part.next
                if not part.has_more:
                    return found
        except (ProblemError, ValueError):
            return None

    def _stage_documents(self, changed: set[Identity] | None) -> None:
        slugs: dict[str, str] = {}
        for collection, resource_id, locale, slug in _public_documents():
            if collection == SITE:
                if resource_id == DEFAULT and locale in self.locales.names:
                    self._stage(f"{self._folder_of(locale)}{SITE}", _get("/site", locale=locale))
                continue
            kind = self.collections.get(collection)
            if kind is None or (kind.is_translatable and locale not in self.locales.names):
                continue
            folder = f"{self._folder_of(locale)}{collection}/"
            if not _is_file_name(resource_id):
                self.left_out.append(f"{folder}{resource_id}")
                continue
            name = f"{folder}{resource_id}"
            self.expected.add(name)
            is_changed = changed is None or (collection, resource_id, locale) in changed
            if is_changed or not self.folder.has(name):
                query = {"locale": locale} if kind.is_translatable else {}
                self.folder.stage(name, [_get(f"/{collection}/{resource_id}", **query)])
            if kind.has_slug and _is_file_name(slug):
                # Of several, the API gives the first one too.
                slugs.setdefault(f"{folder}{slug}", name)
        for name, of in slugs.items():
            # An id precedes the slug of another document.
            if name not in self.expected:
                self.folder.stage_copy(name, of)
        self.expected.update(slugs)

    def _stage(self, name: str, body: bytes) -> None:
        self.expected.add(name)
        self.folder.stage(name, [body])

    def _folder_of(self, locale: str) -> str:
        """Without a query the API gives the default locale, and what has no locale."""
        return "" if locale in ("", self.locales.default) else f"{locale}/"


def _public_documents() -> Iterator[tuple[str, str, str, str]]:
    """Collection, id, locale and slug of every document that the API gives."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    rows = PublishedDocument.objects.using(queries.alias()).filter(unexpired)
    columns = ("collection", "resource_id", "locale", "slug")
    return rows.order_by("resource_id").values_list(*columns).iterator()


def _list(collection: Collection, locale: str) -> Iterator[bytes]:
    """The whole list as one page, in parts.

    A static server ignores the query, so a client that follows `next` would read the first page
    again and again.
    """
    query = {"limit": str(MOST_ITEMS)} | ({"locale": locale} if locale else {})
    yield b'{"items":['
    separator = b""
    while True:
        page = json.loads(_get(f"/{collection.name}", **query))
        for card in page["items"]:
            yield separator + to_json(card)
            separator = b","
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    yield b'],"next":null}'


def _get(path: str, **query: str) -> bytes:
    """The API's own response. Raises ExportError unless it is 200."""
    request = HttpRequest()
    request.method, request.path = "GET", path
    request.META["QUERY_STRING"] = urlencode(query)
    response = dispatcher().respond(request, path.removeprefix("/"))
    if response.status_code != HTTPStatus.OK:
        raise ExportError(f"The API answers {response.status_code} for {path}?{urlencode(query)}.")
    body: bytes = response.content
    return body


def _is_file_name(name: str) -> bool:
    """Whether a file can have the name, and a static server finds it there."""
    return (
        bool(name)
        and not name.startswith(".")
        and not {"/", "\\", "\0"} & set(name)
        and name != LIST
        and len(name.encode()) <= LONGEST_NAME
    )
