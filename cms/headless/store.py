"""Writing documents: each write appears in the change log, and nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.apps import apps
from django.db import connection, models
from wagtail.models import Page

from cms.headless.compiler import CompiledDocument, compile_instance
from cms.headless.content_types import content_types
from cms.headless.models import Change, Dependency, Document, DocumentKey
from cms.headless.redirects import paths_that_lead_to, place_redirects
from cms.headless.routes import has_its_routes, place_document
from cms.headless.site_documents import SITE_SOURCE, compile_site
from cms.headless.surroundings import Surroundings

#: Any number that no other code locks on; one lock for all publishing.
PUBLISH_LOCK = 0x48454144
CHUNK = 500
#: The columns that a document's keys have from it.
COPIED_TO_KEYS = ("collection", "locale", "type", "resource_id")


def lock_publishing() -> None:
    """Let one transaction at a time write content, compile and log, until it ends.

    So the change log's sequence grows in the order of commits, and a document that is being made
    cannot miss a change that another transaction makes meanwhile. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])


def load(source: str) -> models.Model | None:
    """The instance that a document's `source` names; None where it is gone.

    None too where a page is of a model that inherits from the one that `source` names.
    """
    label, _, pk = source.partition(":")
    model: Any = apps.get_model(label)
    instance: models.Model | None = model._default_manager.filter(pk=pk).first()
    if isinstance(instance, Page) and instance.specific_class is not model:
        return None
    return instance


def compile_source(source: str, surroundings: Surroundings) -> CompiledDocument | None:
    """The document that `source` gives now; None where nobody may read it."""
    if source.startswith(SITE_SOURCE):
        return compile_site(source, surroundings)
    instance = load(source)
    return compile_instance(instance, surroundings) if instance is not None else None


def put_source(source: str, surroundings: Surroundings) -> bool:
    """Bring what the store has of `source` up to date; whether anything was written."""
    compiled = compile_source(source, surroundings)
    written = False
    for document in Document.objects.filter(source=source).defer("body", "card"):
        if compiled is None or identity(document) != identity(compiled):
            withdraw(document, surroundings)
            written = True
    if compiled is not None:
        written = put(compiled, surroundings) or written
    return written


def put(compiled: CompiledDocument, surroundings: Surroundings) -> bool:
    """Store a document; whether that changed anything.

    The change log gets an entry where readers would see a difference.
    """
    columns = asdict(compiled)
    keys, notes = columns.pop("keys"), columns.pop("notes")
    document = Document.objects.filter(
        collection=compiled.collection, resource_id=compiled.resource_id, locale=compiled.locale
    ).first()
    if document is not None and not differences(document, compiled, surroundings):
        return False
    before = (document.etag, document.site, document.path) if document else None
    if document is None:
        document = Document.objects.create(**columns)
    else:
        for name, value in columns.items():
            setattr(document, name, value)
        document.save()
    _replace_keys(document, keys)
    _replace_notes(document, notes)
    if document.path:
        place_document(document, surroundings)
        if before is None:
            place_redirects(surroundings, paths_that_lead_to(document.source.partition(":")[2]))
        elif before[1:] != (document.site, document.path):
            place_redirects(surroundings, {before[2]})
    if before != (document.etag, document.site, document.path):
        _log(Change.UPSERT, document)
    return True


def withdraw(document: Document, surroundings: Surroundings) -> None:
    """Take a document out of the public's sight."""
    path = document.path
    _log(Change.DELETE, document)
    document.delete()
    if path:
        place_redirects(surroundings, {path})


def differences(
    document: Document, compiled: CompiledDocument, surroundings: Surroundings
) -> list[str]:
    """What of a stored document is not as `compiled`: columns, "keys", "notes" or "routes"."""
    columns = asdict(compiled)
    keys, notes = columns.pop("keys"), columns.pop("notes")
    found = [name for name, value in columns.items() if _plain(getattr(document, name)) != value]
    stored_keys = {
        (*copied, bytes(value))
        for *copied, value in document.keys.values_list(*COPIED_TO_KEYS, "name", "value")
    }
    copied = [columns[name] for name in COPIED_TO_KEYS]
    if stored_keys != {(*copied, name, value) for name, value in keys}:
        found.append("keys")
    if set(document.dependencies.values_list("key", flat=True)) != {note[:300] for note in notes}:
        found.append("notes")
    if document.path and not has_its_routes(document, surroundings):
        found.append("routes")
    return found


def sources_noting(keys: Iterable[str]) -> set[str]:
    """The sources of the documents that were made of any of the things with `keys`."""
    wanted = sorted({key[:300] for key in keys})
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        found.update(
            Dependency.objects.filter(key__in=wanted[start : start + CHUNK]).values_list(
                "document__source", flat=True
            )
        )
    return found


def all_sources() -> Iterator[str]:
    """Everything that may have a document, in a fixed order."""
    for content_type in content_types():
        label = content_type.model._meta.label_lower
        primary_keys = content_type.model._default_manager.order_by("pk").values_list(
            "pk", flat=True
        )
        for pk in primary_keys.iterator():
            yield f"{label}:{pk}"


def stored_sources() -> set[str]:
    """Everything that has a document."""
    return set(Document.objects.values_list("source", flat=True))


def identity(row: Any) -> tuple[str, str, str]:
    """What a document is told apart by: collection, resource and locale."""
    return row.collection, row.resource_id, row.locale


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _replace_keys(document: Document, keys: frozenset[tuple[str, bytes]]) -> None:
    copied = {name: getattr(document, name) for name in COPIED_TO_KEYS}
    document.keys.all().delete()
    DocumentKey.objects.bulk_create(
        DocumentKey(document=document, name=name, value=value, **copied)
        for name, value in sorted(keys)
    )


def _replace_notes(document: Document, notes: frozenset[str]) -> None:
    document.dependencies.all().delete()
    Dependency.objects.bulk_create(
        Dependency(document=document, key=key) for key in sorted({note[:300] for note in notes})
    )


def _log(action: str, document: Document) -> None:
    Change.objects.create(
        action=action,
        collection=document.collection,
        resource_id=document.resource_id,
        locale=document.locale,
        type=document.type,
        path=document.path,
        etag=document.etag if action == Change.UPSERT else "",
    )
