"""The publishing transaction: content and the documents that follow from it commit together.

Every change to content happens in a `publishing()` block (see `wagtail_patches`). Signal handlers
record what changed. When the outermost block ends, still inside its transaction, the documents of
what changed and of everything that depends on it are compiled. Any error rolls everything back.

One transaction publishes at a time. It takes the lock before it writes its first row, so a waiting
transaction never holds rows that the publishing one needs, and two publishers cannot deadlock.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from asgiref.local import Local
from django.core.files.storage import Storage
from django.db import connection, transaction
from wagtail.models import Page

from wagtail_delivery.compiler.sites import SITE_SOURCE, site_sources
from wagtail_delivery.content.dependency_keys import address_key, key_of, order_key
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.image_faults import file_work
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.publishing.fault_reports import report_faults
from wagtail_delivery.store.documents import dependents_of, put_source
from wagtail_delivery.store.lock import lock_publishing
from wagtail_delivery.store.positions import update_positions
from wagtail_delivery.store.redirects import update_home_redirects, update_redirects
from wagtail_delivery.store.sources import sources_without_address

logger = logging.getLogger(__name__)


@dataclass
class PendingChanges:
    """What one transaction has changed so far."""

    depth: int = 0
    #: Sources (see `store`) to compile whether or not a document depends on them.
    sources: set[str] = field(default_factory=set)
    #: Dependency keys of what changed.
    keys: set[str] = field(default_factory=set)
    #: Tree paths of pages whose path or visibility changed, as did their descendants'.
    subtrees: set[str] = field(default_factory=set)
    #: Tree paths of pages below which pages got other places, and nothing else changed.
    orders: set[str] = field(default_factory=set)
    #: Primary keys of editors' redirects that were written, deleted or got another meaning.
    redirects: set[int] = field(default_factory=set)
    #: Django's list of the callbacks of the transaction that saves only drafts (`drafting`).
    draft_callbacks: list[Any] | None = None
    #: Files stored so far, which a rollback removes: their storage and name.
    files: list[tuple[Storage, str]] = field(default_factory=list)
    #: Whether documents are being compiled; what that saves (renditions) is no change of content.
    flushing: bool = False

    def is_empty(self) -> bool:
        return not (self.sources or self.keys or self.subtrees or self.orders or self.redirects)

    def clear(self) -> None:
        self.sources.clear()
        self.keys.clear()
        self.subtrees.clear()
        self.orders.clear()
        self.redirects.clear()

    def remove_files(self, first: int) -> None:
        """Remove the files from the `first` on, because no row will point at them."""
        for storage, name in self.files[first:]:
            try:
                storage.delete(name)
            except Exception:  # each storage raises errors of its own
                logger.warning("The unused file %s cannot be removed.", name, exc_info=True)
        del self.files[first:]


_current = Local()
#: Names of databases known to have this app's tables.
_ready: set[str] = set()


def pending_changes() -> PendingChanges:
    """The pending changes of this thread or task."""
    changes: PendingChanges | None = getattr(_current, "changes", None)
    if changes is None:
        changes = _current.changes = PendingChanges()
    return changes


@contextmanager
def publishing() -> Iterator[PendingChanges]:
    """A transaction that commits only together with the documents that follow from it.

    Blocks nest: the outermost one takes the lock first and compiles last. An inner block that
    fails is rolled back on its own. Files that a failed block stored are removed. Open it before
    the first write, so a waiting transaction never holds rows that the publishing one needs.
    Raises EncodingError if a document cannot be made.
    """
    changes = pending_changes()
    is_outermost = changes.depth == 0
    with transaction.atomic():
        if is_outermost:
            lock_publishing()
        # Within the transaction, because callbacks on commit run at its end: what they change
        # needs blocks of its own.
        changes.depth += 1
        first_file = len(changes.files)
        try:
            yield changes
            if is_outermost:
                flush(changes)
        except BaseException:
            changes.remove_files(first_file)
            raise
        finally:
            changes.depth -= 1
            if is_outermost:
                changes.clear()
                changes.files.clear()


@contextmanager
def drafting() -> Iterator[None]:
    """A block that saves drafts, without waiting for a publisher if it is a transaction of its own.

    Inside another transaction it takes the lock as `publishing()` does, because that transaction
    now holds a row of the content and may still publish it. A transaction that a callback on commit
    opens is another one, although Django runs the callback before the block ends.
    """
    changes = pending_changes()
    # Django begins a new list for each transaction, before it runs the callbacks of the last one.
    callbacks = connection.run_on_commit
    if changes.depth or changes.draft_callbacks is callbacks:
        yield
    elif connection.in_atomic_block:
        lock_publishing()
        yield
    else:
        before, changes.draft_callbacks = changes.draft_callbacks, callbacks
        try:
            yield
        finally:
            changes.draft_callbacks = before


def flush(changes: PendingChanges) -> None:
    """Compile the documents that follow from `changes`, and clear them."""
    if changes.is_empty() or not tables_are_there():
        return
    changes.flushing = True
    try:
        changed = changes.sources | _changed_with_subtrees(changes)
        if changes.orders:
            changes.keys.add(order_key())
        if changes.keys:
            changed |= sources_without_address()
        dependents = dependents_of(changes.keys) - changed
        redirects, orders = set(changes.redirects), set(changes.orders)
        changes.clear()
        if changed or dependents or redirects:
            snapshot = SiteSnapshot()
            sources = (*sorted(changed), *sorted(dependents))
            with file_work() as work:
                for source in sources:
                    put_source(source, snapshot)
            report_faults(work)
            # After the documents that they lead to.
            if redirects:
                update_redirects(snapshot, redirects)
            if any(source.startswith(SITE_SOURCE) for source in sources):
                update_home_redirects(snapshot)
        update_positions(orders)
    finally:
        changes.flushing = False


def tables_are_there() -> bool:
    """False only before the first migration; `delivery_rebuild` makes what is missed then."""
    name = str(connection.settings_dict["NAME"])
    if name not in _ready:
        if PublishedDocument._meta.db_table not in connection.introspection.table_names():
            return False
        _ready.add(name)
    return True


def _changed_with_subtrees(changes: PendingChanges) -> set[str]:
    """The changed sources with the pages of changed subtrees, whose keys are recorded too.

    Includes all sites: without a public home page, a site has no document that could depend on it.
    """
    sources: set[str] = set(site_sources()) if changes.subtrees else set()
    for path in changes.subtrees:
        for page in Page.objects.filter(path__startswith=path).specific(defer=True):
            sources.add(f"{type(page)._meta.label_lower}:{page.pk}")
            changes.keys |= {key_of(page), address_key(key_of(page))}
    return sources
