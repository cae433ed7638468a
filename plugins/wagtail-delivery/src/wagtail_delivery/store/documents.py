"""Writing documents: each write is in the change log, and an unchanged document is not written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from wagtail_delivery.compiler.documents import CompiledDocument, CompiledFallback
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.models import (
    Change,
    Dependency,
    DocumentKey,
    FallbackBody,
    PublishedDocument,
    PublishedFile,
)
from wagtail_delivery.store.change_log import log_change
from wagtail_delivery.store.redirects import keys_of_redirects, update_redirects
from wagtail_delivery.store.routes import has_its_routes, update_routes
from wagtail_delivery.store.sources import compile_source
from wagtail_delivery.store.stored_keys import stored_key

CHUNK = 500
#: The columns of a document that its keys repeat.
COPIED_TO_KEYS = ("collection", "locale", "type", "resource_id")
#: The parts of a compiled document that have rows of their own.
KEPT_IN_ROWS = ("keys", "dependencies", "fallbacks", "files")


def put_source(source: str, snapshot: SiteSnapshot) -> bool:
    """Compile `source` and update its documents in the store; whether anything was written."""
    compiled = compile_source(source, snapshot)
    written = False
    for document in PublishedDocument.objects.filter(source=source).defer("body", "card"):
        if compiled is None or identity(document) != identity(compiled):
            remove(document)
            written = True
    if compiled is not None:
        written = put(compiled, snapshot) or written
    return written


def put(compiled: CompiledDocument, snapshot: SiteSnapshot) -> bool:
    """Store a document; whether that changed anything.

    A change that the public can see is recorded in the change log.
    """
    columns = _columns(compiled)
    document = PublishedDocument.objects.filter(
        collection=compiled.collection, resource_id=compiled.resource_id, locale=compiled.locale
    ).first()
    if document is not None and not differences(document, compiled, snapshot):
        return False
    before = _public_state(document) if document else None
    if document is None:
        document = PublishedDocument.objects.create(**columns)
    else:
        for name, value in columns.items():
            setattr(document, name, value)
        document.save()
    _replace_keys(document, compiled.keys)
    _replace_dependencies(document, compiled.dependencies)
    _replace_fallbacks(document, compiled.fallbacks)
    _replace_files(document, compiled.files)
    if document.path:
        update_routes(document, snapshot)
        if before is None or before[:2] != (document.site, document.path):
            page = document.source.partition(":")[2]
            update_redirects(snapshot, keys_of_redirects(redirect_page=page))
    if before != _public_state(document):
        log_change(Change.UPSERT, document)
    return True


def remove(document: PublishedDocument) -> None:
    """Remove a document, which is no longer public."""
    log_change(Change.DELETE, document)
    document.delete()


def differences(
    document: PublishedDocument, compiled: CompiledDocument, snapshot: SiteSnapshot
) -> list[str]:
    """The parts of a stored document that differ from `compiled`.

    Each is the name of a column, "keys", "dependencies", "fallbacks", "files" or "routes".
    """
    columns = _columns(compiled)
    found = [name for name, value in columns.items() if _plain(getattr(document, name)) != value]
    stored_keys = {
        (*copied, bytes(value))
        for *copied, value in document.keys.values_list(*COPIED_TO_KEYS, "name", "value")
    }
    copied = [columns[name] for name in COPIED_TO_KEYS]
    if stored_keys != {(*copied, name, value) for name, value in compiled.keys}:
        found.append("keys")
    stored_dependencies = set(document.dependencies.values_list("key", flat=True))
    if stored_dependencies != set(map(stored_key, compiled.dependencies)):
        found.append("dependencies")
    if _stored_fallbacks(document) != compiled.fallbacks:
        found.append("fallbacks")
    stored_files = set(document.files.values_list("name", flat=True))
    if stored_files != set(map(stored_key, compiled.files)):
        found.append("files")
    if document.path and not has_its_routes(document, snapshot):
        found.append("routes")
    return found


def dependents_of(keys: Iterable[str]) -> set[str]:
    """The sources of the documents that depend on any of `keys`."""
    wanted = sorted(set(map(stored_key, keys)))
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        found.update(
            Dependency.objects.filter(key__in=wanted[start : start + CHUNK]).values_list(
                "document__source", flat=True
            )
        )
    return found


def identity(row: Any) -> tuple[str, str, str]:
    """What identifies a document: collection, resource and locale."""
    return row.collection, row.resource_id, row.locale


def _columns(compiled: CompiledDocument) -> dict[str, Any]:
    names = (one.name for one in fields(compiled) if one.name not in KEPT_IN_ROWS)
    return {name: getattr(compiled, name) for name in names}


def _public_state(document: PublishedDocument) -> tuple[Any, ...]:
    """What the public can see of a document: its address, and the versions of its bodies."""
    etags = sorted(document.fallbacks.values_list("locale", "etag"))
    return document.site, document.path, document.etag, etags


def _stored_fallbacks(document: PublishedDocument) -> set[CompiledFallback]:
    rows = document.fallbacks.values_list("locale", "body", "translation_at", "etag")
    return {CompiledFallback(locale, bytes(body), at, etag) for locale, body, at, etag in rows}


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _replace_keys(document: PublishedDocument, keys: frozenset[tuple[str, bytes]]) -> None:
    copied = {name: getattr(document, name) for name in COPIED_TO_KEYS}
    document.keys.all().delete()
    DocumentKey.objects.bulk_create(
        DocumentKey(document=document, name=name, value=value, **copied)
        for name, value in sorted(keys)
    )


def _replace_fallbacks(document: PublishedDocument, fallbacks: Iterable[CompiledFallback]) -> None:
    document.fallbacks.all().delete()
    FallbackBody.objects.bulk_create(
        FallbackBody(document=document, **asdict(one))
        for one in sorted(fallbacks, key=lambda one: one.locale)
    )


def _replace_dependencies(document: PublishedDocument, dependencies: frozenset[str]) -> None:
    document.dependencies.all().delete()
    Dependency.objects.bulk_create(
        Dependency(document=document, key=key) for key in sorted(set(map(stored_key, dependencies)))
    )


def _replace_files(document: PublishedDocument, files: frozenset[str]) -> None:
    document.files.all().delete()
    PublishedFile.objects.bulk_create(
        PublishedFile(document=document, name=name) for name in sorted(set(map(stored_key, files)))
    )
