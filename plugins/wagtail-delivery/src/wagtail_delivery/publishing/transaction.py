"""Publishing: what changes and the documents that follow from it are committed together.

Every change to content happens in a `publishing()` block (see `atomic_actions`). Within it,
receivers tell what changed; when the outermost block ends, still inside its transaction, the
documents of what changed and of all that was made of it are compiled. An error anywhere leaves
nothing half done.

One transaction at a time publishes. It waits for its turn before it writes its first row, so that
who waits holds nothing that who publishes may need: two transactions that publish the same things,
in whatever order, cannot come to wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from asgiref.local import Local
from django.db import connection, transaction
from wagtail.models import Page

from wagtail_delivery.compiler.sites import SITE_SOURCE, site_sources
from wagtail_delivery.content.dependency_keys import address_key, key_of
from wagtail_delivery.content.snapshot import Address, SiteSnapshot
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.store.documents import dependents_of, put_source
from wagtail_delivery.store.lock import lock_publishing
from wagtail_delivery.store.redirects import ROOT_PATH, reconcile_redirects, update_redirects


@dataclass
class PendingChanges:
    """What one transaction has changed so far."""

    depth: int = 0
    #: Sources (see `store`) that are to be compiled whether or not anything noted them.
    sources: set[str] = field(default_factory=set)
    #: Dependency keys of what changed.
    keys: set[str] = field(default_factory=set)
    #: Tree paths of pages below which (and at which) address or publicity changed.
    subtrees: set[str] = field(default_factory=set)
    #: Addresses where an editor's redirect stood or is to stand.
    redirected: set[Address] = field(default_factory=set)
    #: Whether the transaction that is open saves drafts alone (`drafting`).
    drafting: bool = False
    #: Whether documents are being compiled: what that writes (renditions) is no change to content.
    flushing: bool = False

    def is_empty(self) -> bool:
        return not (self.sources or self.keys or self.subtrees or self.redirected)

    def clear(self) -> None:
        self.sources.clear()
        self.keys.clear()
        self.subtrees.clear()
        self.redirected.clear()


_current = Local()
#: Databases that were seen to have this app's tables.
_ready: set[str] = set()


def pending_changes() -> PendingChanges:
    """This thread's (or task's) publication."""
    changes: PendingChanges | None = getattr(_current, "changes", None)
    if changes is None:
        changes = _current.changes = PendingChanges()
    return changes


@contextmanager
def publishing() -> Iterator[PendingChanges]:
    """A transaction that is committed only together with the documents that follow from it.

    Blocks nest: the outermost one waits for its turn, and compiles. An inner block that fails is
    undone by itself. Open it before anything is written: a transaction that has written and waits
    then may be waited for by who publishes.
    """
    changes = pending_changes()
    changes.depth += 1
    try:
        with transaction.atomic():
            if changes.depth == 1:
                lock_publishing()
            yield changes
            if changes.depth == 1:
                flush(changes)
    finally:
        changes.depth -= 1
        if changes.depth == 0:
            changes.clear()


@contextmanager
def drafting() -> Iterator[None]:
    """Saves drafts, and waits for nobody where that is a transaction of its own.

    Within another transaction it waits for its turn as `publishing()` does: that one has a row of
    the thing from here on, and may publish it yet.
    """
    changes = pending_changes()
    if changes.depth or changes.drafting:
        yield
    elif connection.in_atomic_block:
        lock_publishing()
        yield
    else:
        changes.drafting = True
        try:
            yield
        finally:
            changes.drafting = False


def flush(changes: PendingChanges) -> None:
    """Compile what follows from the changes that `publication` holds, and forget them."""
    if changes.is_empty() or not _tables_are_there():
        return
    changes.flushing = True
    try:
        changed = changes.sources | _changed_with_subtrees(changes)
        dependents = dependents_of(changes.keys) - changed
        redirected = set(changes.redirected)
        changes.clear()
        if changed or dependents or redirected:
            snapshot = SiteSnapshot()
            sources = (*sorted(changed), *sorted(dependents))
            for source in sources:
                put_source(source, snapshot)
            # Last: a page that stands at a redirect's address goes first.
            reconcile_redirects(redirected, snapshot)
            if any(source.startswith(SITE_SOURCE) for source in sources):
                update_redirects(snapshot, {ROOT_PATH})
    finally:
        changes.flushing = False


def _tables_are_there() -> bool:
    """False only while a database is being set up: `delivery_rebuild` makes what is missed then."""
    name = str(connection.settings_dict["NAME"])
    if name not in _ready:
        if PublishedDocument._meta.db_table not in connection.introspection.table_names():
            return False
        _ready.add(name)
    return True


def _changed_with_subtrees(changes: PendingChanges) -> set[str]:
    """The pages of the changed subtrees; what was made of them is to be compiled too.

    So are the sites: one whose home page was not public has no document that could note it.
    """
    sources: set[str] = set(site_sources()) if changes.subtrees else set()
    for path in changes.subtrees:
        for page in Page.objects.filter(path__startswith=path).specific(defer=True):
            sources.add(f"{type(page)._meta.label_lower}:{page.pk}")
            changes.keys |= {key_of(page), address_key(key_of(page))}
    return sources
