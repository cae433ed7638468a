"""Writing documents: each write is in the change log, and an unchanged document is not written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any

from django.utils import timezone

from wagtail_delivery.compiler.documents import CompiledDocument
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.hashes import dependency_hash
from wagtail_delivery.metrics.recorder import recorder
from wagtail_delivery.models import (
    Change,
    Dependency,
    DocumentFilter,
    DocumentOrder,
    FallbackBody,
    PublishedDocument,
    PublishedFile,
)
from wagtail_delivery.store.batches import StoredDocument, stored_documents, with_rows
from wagtail_delivery.store.change_log import Shown, log_changes, log_rearranged, shown_of
from wagtail_delivery.store.fallback_rows import (
    Item,
    item_of,
    remove_fallback_rows,
    update_fallback_rows,
)
from wagtail_delivery.store.redirects import keys_of_redirects, update_redirects
from wagtail_delivery.store.routes import chunks, update_routes
from wagtail_delivery.store.rows import binary, compressed, delete_rows, insert_rows
from wagtail_delivery.store.stored_keys import stored_key
from wagtail_delivery.store.texts import documents_changed, pack_texts, unpack_texts
from wagtail_delivery.surrogate_keys import document_key, path_key

#: The parts of a compiled document that have rows of their own, and relations of these names.
KEPT_IN_ROWS = ("orders", "filters", "dependencies", "fallbacks", "files")
#: The columns of a document's address.
ADDRESS = {"site", "path"}
#: What the public can see of a document: its addresses, versions and card, and until when.
SEEN = {*ADDRESS, "slug", "etag", "fallbacks", "card", "expires_at"}

Identity = tuple[str, str, str]


class Outcome(IntEnum):
    """What became of the documents of a source."""

    UNCHANGED = 0
    WRITTEN = 1
    #: A document was removed, and no other thing has taken its place.
    WITHDRAWN = 2


def put_all(
    compiled: Mapping[str, CompiledDocument | None], snapshot: SiteSnapshot
) -> dict[str, Outcome]:
    """Bring the stored documents of sources up to what was compiled of each; None is not public.

    Only what differs is written. A change that the public can see is recorded in the change log.
    The number of queries does not grow with that of the sources.
    """
    outcomes: dict[str, Outcome] = {}
    for part in _without_repeats(compiled):
        outcomes |= _put(part, snapshot)
    if (metrics := recorder()) is not None:
        for outcome in outcomes.values():
            metrics.compiled(outcome.name.lower())
    return outcomes


def _without_repeats(
    compiled: Mapping[str, CompiledDocument | None],
) -> Iterator[dict[str, CompiledDocument | None]]:
    """Parts of `compiled` in which no two documents have one identity; the last one stays."""
    rest = dict(compiled)
    while rest:
        part: dict[str, CompiledDocument | None] = {}
        seen: set[Identity] = set()
        for source, document in rest.items():
            if document is None or identity(document) not in seen:
                part[source] = document
                seen |= {identity(document)} if document is not None else set()
        yield part
        rest = {source: document for source, document in rest.items() if source not in part}


@dataclass
class _Write:
    """A document that is written."""

    compiled: CompiledDocument
    row: PublishedDocument
    #: What differs from what was stored.
    changed: set[str]
    #: Whether it was stored before.
    is_stored: bool
    #: Whether a list may show it in place of another locale's, as far as was stored before.
    is_fallback: bool = False
    before: Shown = field(default_factory=Shown)


def _put(
    compiled: Mapping[str, CompiledDocument | None], snapshot: SiteSnapshot
) -> dict[str, Outcome]:
    documents = {identity(each): each for each in compiled.values() if each is not None}
    stored = {identity(each.row): each for each in stored_documents(compiled, snapshot)}
    taken, known = _taken_over(documents, stored, snapshot)
    stored |= taken
    removed = [each.row for key, each in stored.items() if key not in documents]
    remove(removed)
    outcomes = dict.fromkeys(compiled, Outcome.UNCHANGED)
    outcomes |= {row.source: Outcome.WITHDRAWN for row in removed}
    writes = [
        write
        for key, each in documents.items()
        if (write := _difference(each, stored.get(key))).changed
    ]
    for write in writes:
        source = write.compiled.source
        outcomes[source] = max(outcomes[source], Outcome.WRITTEN)
    known |= {item_of(each.row) for each in stored.values()}
    _save(writes, snapshot, known, {item_of(row) for row in removed})
    return outcomes


def _taken_over(
    documents: Mapping[Identity, CompiledDocument],
    stored: Mapping[Identity, StoredDocument],
    snapshot: SiteSnapshot,
) -> tuple[dict[Identity, StoredDocument], set[Item]]:
    """The stored documents of other sources whose identities these documents have now.

    Also the items of which anything is stored, among those of documents that are not.
    """
    missing = documents.keys() - stored.keys()
    found: dict[Identity, StoredDocument] = {}
    known: set[Item] = set()
    for chunk in chunks({resource_id for _, resource_id, _ in missing}):
        rows = PublishedDocument.objects.filter(resource_id__in=chunk)
        near = list(rows.defer("body", "card", "texts"))
        known |= set(map(item_of, near))
        others = [row.pk for row in near if identity(row) in missing]
        if others:
            taken = with_rows(PublishedDocument.objects.filter(pk__in=others), snapshot)
            found |= {identity(each.row): each for each in taken}
    return found, known


def _difference(compiled: CompiledDocument, stored: StoredDocument | None) -> _Write:
    columns = _columns(compiled)
    if stored is None:
        every = {*columns, *KEPT_IN_ROWS, "routes"}
        now = timezone.now()
        row = PublishedDocument(**columns, public_since=now, version_since=now)
        return _Write(compiled, row, every, is_stored=False)
    changed = set(differences(stored, compiled))
    is_fallback = bool(stored.lacking)
    return _Write(compiled, stored.row, changed, is_stored=True, is_fallback=is_fallback)


def _save(
    writes: Collection[_Write],
    snapshot: SiteSnapshot,
    known: Collection[Item],
    removed: Collection[Item],
) -> None:
    """Store `writes`.

    Something is stored of the items `known`, and in this transaction documents of the items
    `removed` were removed.
    """
    if not writes:
        return
    old = [write for write in writes if write.is_stored]
    moved = [write.row.pk for write in old if write.changed & ADDRESS]
    shown = shown_of([write.row for write in old], moved)
    for write in old:
        write.before = shown[write.row.pk]
    _save_columns(writes)
    for part in KEPT_IN_ROWS:
        _save_rows(part, [write for write in writes if part in write.changed])
    _save_fallback_rows(writes, known, removed)
    with_path = [write for write in writes if write.row.path]
    claimed = update_routes(
        [write.row for write in with_path if write.changed & {"routes", *ADDRESS}], snapshot
    )
    # Addresses from before they were withdrawn lead to them again.
    new = [write for write in with_path if not write.is_stored and write.row.pk in claimed]
    shown = shown_of([write.row for write in new], [write.row.pk for write in new])
    for write in new:
        write.before = shown[write.row.pk]
    pages = [write.row.source.partition(":")[2] for write in with_path if write.changed & ADDRESS]
    if pages:
        update_redirects(snapshot, keys_of_redirects(redirect_page__in=pages))
    seen = [(write.row, write.before) for write in writes if write.changed & SEEN]
    log_changes(Change.UPSERT, seen)
    _log_unseen([write for write in writes if not write.changed & SEEN])
    documents_changed.send(
        PublishedDocument, sources=sorted(write.compiled.source for write in writes)
    )


def _log_unseen(writes: Iterable[_Write]) -> None:
    """Record what is in responses, or decides which they are, and is no part of any document."""
    keys: set[str] = set()
    for write in writes:
        row = write.row
        if write.changed & {"orders", "filters", "fallback_orders"}:
            keys.add(row.collection)
        if write.changed & {"surrogate_keys", "translation_at", "type"}:
            keys.add(document_key(row.collection, row.resource_id))
        if "routes" in write.changed:
            keys.add(path_key(row.path))
    if keys:
        log_rearranged(keys)


def _save_columns(writes: Iterable[_Write]) -> None:
    new, old = [], []
    for write in writes:
        if not write.is_stored:
            new.append(write.row)
        elif write.changed & {*COLUMNS, *SEEN}:
            for name, value in _columns(write.compiled).items():
                setattr(write.row, name, value)
            if write.changed & SEEN:
                write.row.version_since = timezone.now()
            old.append(write.row)
    PublishedDocument.objects.bulk_create(new)
    # One statement for all, whatever differs in each.
    PublishedDocument.objects.bulk_create(
        old,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*COLUMNS, "version_since"],
    )


def _save_rows(part: str, writes: Collection[_Write]) -> None:
    """Store the rows that a part of the documents consists of in the place of those before."""
    model, columns = ROWS[part]
    stored = [write.row.pk for write in writes if write.is_stored]
    if stored:
        delete_rows(model._default_manager.filter(document__in=stored))
    insert_rows(
        model,
        ["document_id", *columns],
        [(write.row.pk, *row) for write in writes for row in _rows(write.compiled, part)],
    )


def _save_fallback_rows(
    writes: Iterable[_Write], known: Collection[Item], removed: Collection[Item]
) -> None:
    """Let the rows of `FallbackOrder` and `FallbackFilter` follow what was written."""
    items: dict[str, set[Item]] = {"orders": set(), "filters": set()}
    for write in writes:
        item = item_of(write.row)
        # Its locale lacks the item from now on, or no longer. Of a new document all is changed.
        is_other = bool(write.changed & {"expires_at", "fallback_orders"})
        for part, found in items.items():
            if is_other or (part in write.changed and (write.is_fallback or item in removed)):
                found.add(item)
    for part, found in items.items():
        update_fallback_rows(found, [part], known)


def remove(documents: Collection[PublishedDocument]) -> None:
    """Remove documents, which are no longer public."""
    if not documents:
        return
    pks = [document.pk for document in documents]
    shown = shown_of(documents, pks)
    log_changes(Change.DELETE, [(document, shown[document.pk]) for document in documents])
    items = {item_of(document) for document in documents if document.locale}
    remove_fallback_rows(items)
    PublishedDocument.objects.filter(pk__in=pks).delete()
    update_fallback_rows(items, known=())
    documents_changed.send(
        PublishedDocument, sources=sorted(document.source for document in documents)
    )


def withdraw(sources: Iterable[str]) -> bool:
    """Remove the documents of `sources`, which are no longer public; whether there were any.

    The number of queries hardly grows with that of the documents.
    """
    found = False
    for chunk in chunks(sources):
        stored = PublishedDocument.objects.filter(source__in=chunk)
        documents = list(stored.defer("body", "card", "texts").order_by("pk"))
        remove(documents)
        found = found or bool(documents)
    return found


def differences(stored: StoredDocument, compiled: CompiledDocument) -> list[str]:
    """The parts of a stored document that differ from `compiled`.

    Each is the name of a column, "orders", "filters", "dependencies", "fallbacks", "files",
    "routes" or "fallback_orders".
    """
    found = [name for name in COLUMNS if _stored(stored.row, name) != getattr(compiled, name)]
    if stored.orders != compiled.orders:
        found.append("orders")
    if stored.filters != compiled.filters:
        found.append("filters")
    if stored.dependencies != set(map(dependency_hash, compiled.dependencies)):
        found.append("dependencies")
    if stored.fallbacks != compiled.fallbacks:
        found.append("fallbacks")
    if stored.files != set(map(stored_key, compiled.files)):
        found.append("files")
    if not stored.has_its_routes:
        found.append("routes")
    if not stored.has_its_fallback_orders:
        found.append("fallback_orders")
    return found


def dependents_of(keys: Iterable[str], most: int | None = None) -> set[str]:
    """The sources of the documents that depend on any of `keys`; at least `most`, if so many do."""
    found: set[str] = set()
    for chunk in chunks(set(map(dependency_hash, keys))):
        depend = Dependency.objects.filter(key__in=chunk).values_list("document__source", flat=True)
        # A document is found once for each key at most, and sorting all of them takes time.
        found.update(depend if most is None else depend[: most * len(chunk)])
        if most is not None and len(found) >= most:
            break
    return found


def identity(row: Any) -> Identity:
    """What identifies a document: collection, resource and locale."""
    return row.collection, row.resource_id, row.locale


def _columns(compiled: CompiledDocument) -> dict[str, Any]:
    columns = {name: getattr(compiled, name) for name in COLUMNS}
    return {**columns, "texts": pack_texts(compiled.texts, compiled.body)}


def _stored(row: PublishedDocument, name: str) -> Any:
    """The value of a column, as the compiler gives it."""
    if name == "texts":
        return unpack_texts(row)
    value = getattr(row, name)
    return bytes(value) if isinstance(value, memoryview) else value


#: The columns of a document.
COLUMNS = [one.name for one in fields(CompiledDocument) if one.name not in KEPT_IN_ROWS]
#: Where a part is stored, and its columns beside the document.
ROWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "orders": (DocumentOrder, ("list", "typed", "value")),
    "filters": (DocumentFilter, ("filter",)),
    "dependencies": (Dependency, ("key",)),
    "fallbacks": (FallbackBody, ("locale", "body", "translation_at", "etag")),
    "files": (PublishedFile, ("name",)),
}


def _rows(compiled: CompiledDocument, part: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a part of a compiled document, as in `ROWS` and in a fixed order."""
    if part == "orders":
        for order in sorted(compiled.orders, key=lambda order: order.list):
            yield order.list, order.typed, binary(order.value)
    elif part == "filters":
        for one in sorted(compiled.filters):
            yield (one,)
    elif part == "dependencies":
        for key in sorted(set(map(dependency_hash, compiled.dependencies))):
            yield (key,)
    elif part == "fallbacks":
        for body in sorted(compiled.fallbacks, key=lambda body: body.locale):
            yield body.locale, compressed(body.body), body.translation_at, body.etag
    else:
        for name in sorted(set(map(stored_key, compiled.files))):
            yield (name,)
