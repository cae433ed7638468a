"""Writing documents: each write is in the change log, and an unchanged document is not written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from enum import IntEnum
from typing import Any

from wagtail_delivery.compiler.documents import CompiledDocument
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.models import (
    Change,
    Dependency,
    DocumentKey,
    FallbackBody,
    PublishedDocument,
    PublishedFile,
)
from wagtail_delivery.store.batches import COPIED_TO_KEYS, Batch, StoredDocument, with_rows
from wagtail_delivery.store.change_log import Shown, log_change, shown_of
from wagtail_delivery.store.redirects import keys_of_redirects, update_redirects
from wagtail_delivery.store.routes import chunks, update_routes
from wagtail_delivery.store.sources import compile_source
from wagtail_delivery.store.stored_keys import stored_key
from wagtail_delivery.store.texts import document_changed

#: The parts of a compiled document that have rows of their own, and relations of these names.
KEPT_IN_ROWS = ("keys", "dependencies", "fallbacks", "files")
#: The columns of a document's address.
ADDRESS = {"site", "path"}
#: What the public can see of a document: its addresses, versions and card, and until when.
SEEN = {*ADDRESS, "slug", "etag", "fallbacks", "card", "expires_at"}


class Outcome(IntEnum):
    """What became of the documents of a source."""

    UNCHANGED = 0
    WRITTEN = 1
    #: A document was removed, whether or not the source has another one now.
    WITHDRAWN = 2


def put_source(source: str, snapshot: SiteSnapshot, batch: Batch | None = None) -> Outcome:
    """Compile `source`, which may be one of a batch, and update its documents in the store."""
    batch = batch or Batch([source], snapshot)
    compiled = compile_source(source, snapshot, batch.instances)
    stored, outcome = None, Outcome.UNCHANGED
    for document in batch.stored(source):
        if compiled is not None and identity(document.row) == identity(compiled):
            stored = document
        else:
            remove(document.row)
            outcome = Outcome.WITHDRAWN
    if compiled is not None:
        stored = stored or _stored(compiled, snapshot)
        if changed := put(compiled, snapshot, stored):
            outcome = max(outcome, Outcome.WRITTEN)
        is_of_another = stored is not None and stored.row.source != source
        if is_of_another or changed & {"source", "routes", *ADDRESS}:
            batch.forget()
    if outcome is Outcome.WITHDRAWN:
        batch.forget()
    return outcome


def put(
    compiled: CompiledDocument, snapshot: SiteSnapshot, stored: StoredDocument | None
) -> set[str]:
    """Store a document in the place of `stored`, if there is one; returns the parts that changed.

    Only what differs is written. A change that the public can see is recorded in the change log.
    """
    before = Shown()
    if stored is None:
        document = PublishedDocument.objects.create(**_columns(compiled))
        changed = {*_columns(compiled), *KEPT_IN_ROWS, "routes"}
    else:
        document = stored.row
        changed = set(differences(stored, compiled))
        before = shown_of(document, with_addresses=bool(changed & ADDRESS))
        _save_columns(document, compiled, changed)
    for part in KEPT_IN_ROWS:
        if part in changed:
            rows: Any = getattr(document, part)
            if stored is not None:
                rows.all().delete()
            rows.bulk_create(_rows(document, compiled, part))
    if document.path and changed & {"routes", *ADDRESS}:
        update_routes(document, snapshot)
    if document.path and changed & ADDRESS:
        page = document.source.partition(":")[2]
        update_redirects(snapshot, keys_of_redirects(redirect_page=page))
    if changed & SEEN:
        log_change(Change.UPSERT, document, before)
    if changed:
        document_changed.send(PublishedDocument, source=document.source)
    return changed


def _stored(compiled: CompiledDocument, snapshot: SiteSnapshot) -> StoredDocument | None:
    """The document with the identity of `compiled`, if it has another source."""
    found = PublishedDocument.objects.filter(
        collection=compiled.collection, resource_id=compiled.resource_id, locale=compiled.locale
    )
    return next(iter(with_rows(found, snapshot)), None)


def _save_columns(
    document: PublishedDocument, compiled: CompiledDocument, changed: set[str]
) -> None:
    columns = {name: value for name, value in _columns(compiled).items() if name in changed}
    for name, value in columns.items():
        setattr(document, name, value)
    if columns:
        document.save(update_fields=columns)


def remove(document: PublishedDocument) -> None:
    """Remove a document, which is no longer public."""
    log_change(Change.DELETE, document, shown_of(document, with_addresses=True))
    document.delete()
    document_changed.send(PublishedDocument, source=document.source)


def withdraw(sources: Iterable[str]) -> bool:
    """Remove the documents of `sources`, which are no longer public; whether there were any.

    The number of queries grows with the entries in the change log, and hardly otherwise.
    """
    found = False
    for chunk in chunks(sources):
        stored = PublishedDocument.objects.filter(source__in=chunk)
        documents = list(stored.defer("body", "card", "texts").order_by("pk"))
        for document in documents:
            log_change(Change.DELETE, document, shown_of(document, with_addresses=True))
        stored.delete()
        for document in documents:
            document_changed.send(PublishedDocument, source=document.source)
        found = found or bool(documents)
    return found


def differences(stored: StoredDocument, compiled: CompiledDocument) -> list[str]:
    """The parts of a stored document that differ from `compiled`.

    Each is the name of a column, "keys", "dependencies", "fallbacks", "files" or "routes".
    """
    columns = _columns(compiled)
    found = [name for name, value in columns.items() if _plain(getattr(stored.row, name)) != value]
    copied = [columns[name] for name in COPIED_TO_KEYS]
    if stored.keys != {(*copied, name, value) for name, value in compiled.keys}:
        found.append("keys")
    if stored.dependencies != set(map(stored_key, compiled.dependencies)):
        found.append("dependencies")
    if stored.fallbacks != compiled.fallbacks:
        found.append("fallbacks")
    if stored.files != set(map(stored_key, compiled.files)):
        found.append("files")
    if not stored.has_its_routes:
        found.append("routes")
    return found


def dependents_of(keys: Iterable[str], most: int | None = None) -> set[str]:
    """The sources of the documents that depend on any of `keys`; at least `most`, if so many do."""
    found: set[str] = set()
    for chunk in chunks(set(map(stored_key, keys))):
        depend = Dependency.objects.filter(key__in=chunk)
        found.update(depend.values_list("document__source", flat=True).distinct()[:most])
        if most is not None and len(found) >= most:
            break
    return found


def identity(row: Any) -> tuple[str, str, str]:
    """What identifies a document: collection, resource and locale."""
    return row.collection, row.resource_id, row.locale


def _columns(compiled: CompiledDocument) -> dict[str, Any]:
    names = (one.name for one in fields(compiled) if one.name not in KEPT_IN_ROWS)
    return {name: getattr(compiled, name) for name in names}


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _rows(document: PublishedDocument, compiled: CompiledDocument, part: str) -> list[Any]:
    """The rows that a part of a compiled document is stored in, unsaved and in a fixed order."""
    if part == "keys":
        copied = {name: getattr(document, name) for name in COPIED_TO_KEYS}
        return [
            DocumentKey(document=document, name=name, value=value, **copied)
            for name, value in sorted(compiled.keys)
        ]
    if part == "dependencies":
        keys = sorted(set(map(stored_key, compiled.dependencies)))
        return [Dependency(document=document, key=key) for key in keys]
    if part == "fallbacks":
        bodies = sorted(compiled.fallbacks, key=lambda one: one.locale)
        return [FallbackBody(document=document, **asdict(one)) for one in bodies]
    names = sorted(set(map(stored_key, compiled.files)))
    return [PublishedFile(document=document, name=name) for name in names]
