"""The publishing transaction: content and the documents that follow from it commit together.

Every change to content happens in a `publishing()` block (see `wagtail_patches`). Signal handlers
record what changed. When the outermost block ends, still inside its transaction, the documents of
what changed are compiled, and those that depend on it up to a bound; the others are queued in the
same transaction (`dependents`). If what changed cannot be compiled, everything is rolled back.

One transaction publishes at a time. It takes the lock before it writes its first row, so a waiting
transaction never holds rows that the publishing one needs, and two publishers cannot deadlock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from django.db import connection, transaction
from wagtail.models import Page

from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.compiler.sites import site_sources
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.content.dependency_keys import address_key, key_of, order_key
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.image_faults import file_work
from wagtail_delivery.metrics.recorder import Recorder, recorder
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.publishing.compiling import put_sources
from wagtail_delivery.publishing.dependents import compile_all_pending, compile_dependents
from wagtail_delivery.publishing.fault_reports import report_faults
from wagtail_delivery.publishing.pending_changes import (
    PendingChanges,
    compiling,
    locked_block,
    pending_changes,
)
from wagtail_delivery.publishing.publication_messages import report_after_commit
from wagtail_delivery.store.documents import Outcome, dependents_of, withdraw
from wagtail_delivery.store.following import record_following
from wagtail_delivery.store.front_end_checks import expect_at_front_end
from wagtail_delivery.store.lock import lock_publishing
from wagtail_delivery.store.pending import (
    MOST_CAUSES,
    Reason,
    dequeue,
    enqueue,
    enqueue_dependents,
    is_worker_alive,
)
from wagtail_delivery.store.positions import update_positions
from wagtail_delivery.store.redirects import update_home_redirects, update_redirects
from wagtail_delivery.store.sources import sources_without_address
from wagtail_delivery.store.stored_keys import stored_key

#: Names of databases known to have this app's tables.
_ready: set[str] = set()


@contextmanager
def publishing(*, savepoint: bool = True) -> Iterator[PendingChanges]:
    """A transaction that commits only together with the documents of what it changed.

    Blocks nest: the outermost one takes the lock first and compiles last. An inner block that
    fails is rolled back on its own, or without a `savepoint` with the outer one. Files that a
    failed block stored are removed. Open it before the first write, so a waiting transaction never
    holds rows that the publishing one needs.
    Raises EncodingError if a document of what changed cannot be made.
    """
    with locked_block(savepoint=savepoint) as changes:
        yield changes
        if changes.depth == 1:
            flush(changes)


@contextmanager
def recording() -> Iterator[PendingChanges]:
    """A `publishing()` block that writes no row, so within another one it needs no savepoint."""
    changes = pending_changes()
    if changes.depth:
        yield changes
    else:
        with publishing() as changes:
            yield changes


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
    """Compile the documents that follow from `changes`, or queue them, and clear `changes`."""
    if changes.is_empty() or not tables_are_there():
        return
    with compiling(changes):
        if _are_only_places(changes):
            update_positions(changes.orders)
            changes.clear()
            return
        snapshot = SiteSnapshot()
        affected = _affected(changes, snapshot)
        redirects, orders, withdraws = (
            set(changes.redirects),
            set(changes.orders),
            changes.withdraws,
        )
        keys, created = set(changes.keys), set(changes.created)
        changes.clear()
        withdraws = withdraw(affected.hidden) or withdraws
        with file_work() as work:
            outcomes = put_sources(affected.changed, snapshot)
        report_faults(work)
        if outcomes and (metrics := recorder()) is not None:
            _record_at_commit(metrics, changes.began)
        reason = Reason(
            # What has no document, as an image, has the key by which documents depend on it.
            causes=tuple(sorted(affected.changed or map(stored_key, keys))[:MOST_CAUSES]),
            is_withdrawal=withdraws or Outcome.WITHDRAWN in outcomes.values(),
        )
        compiled, known, are_more = _follow(affected, keys, reason, snapshot)
        dequeue((affected.changed | affected.hidden | compiled) - created)
        follows = bool(known or are_more)
        # Of what is new there is no count to remove.
        causes = [cause for cause in reason.causes if follows or cause not in created]
        record_following(causes, known, are_more=are_more)
        if are_more and not is_worker_alive():
            transaction.on_commit(compile_all_pending)
        expect_at_front_end(
            source for source, outcome in outcomes.items() if outcome is Outcome.WRITTEN
        )
        # After the queue, if this process compiles it.
        report_after_commit(outcomes, reason.causes)
        # After the documents that they lead to.
        if redirects:
            update_redirects(snapshot, redirects)
        update_home_redirects(snapshot, affected.changed | compiled)
        update_positions(orders)


def _are_only_places(changes: PendingChanges) -> bool:
    """Whether pages only got other places in lists, and no document shows the order of pages."""
    return (
        not changes.withdraws
        and not changes.concerns_documents()
        and not sources_without_address()
        and not dependents_of([order_key()], 1)
    )


def _record_at_commit(metrics: Recorder, began: float) -> None:
    """Record how long the publish took, when it is public."""
    transaction.on_commit(lambda: metrics.published(monotonic() - began), robust=True)


@dataclass
class Affected:
    """The sources that changes affect, apart from what depends on them."""

    #: What changed itself.
    changed: set[str] = field(default_factory=set)
    #: What is no longer public with what is above it.
    hidden: set[str] = field(default_factory=set)
    #: What is compiled whether or not its document depends on what changed.
    followers: set[str] = field(default_factory=set)


def _affected(changes: PendingChanges, snapshot: SiteSnapshot) -> Affected:
    """What `changes` affect. Adds the keys of the pages of changed subtrees to `changes`.

    All sites follow a changed subtree: without a public home page, a site has no document that
    could depend on it.
    """
    found = Affected(changed=set(changes.sources), followers=set(changes.followers))
    if changes.subtrees or not changes.url_paths.isdisjoint(snapshot.home_paths):
        found.followers.update(site_sources())
    for path in changes.subtrees:
        for page in Page.objects.filter(path__startswith=path).specific(defer=True):
            changes.keys |= {key_of(page), address_key(key_of(page))}
            if page.path == path:
                found.changed.add(source_of(page))
            elif snapshot.is_public(page):
                found.followers.add(source_of(page))
            else:
                found.hidden.add(source_of(page))
    if changes.orders:
        changes.keys.add(order_key())
    if changes.keys:
        found.followers |= sources_without_address()
    found.hidden -= found.changed
    found.followers -= found.changed | found.hidden
    return found


def _follow(
    affected: Affected, keys: set[str], reason: Reason, snapshot: SiteSnapshot
) -> tuple[set[str], int, bool]:
    """Compile what follows from a change, or queue it if that is more than the bound.

    Of a withdrawal, as many as the bound allows are compiled all the same: they may show what is no
    longer public. Otherwise it would be chance which of many change some seconds earlier.

    Returns the sources that were compiled, how many follow as far as is known, and whether there
    may be more.
    """
    bound = delivery_settings().DEPENDENTS_AT_ONCE
    done = affected.changed | affected.hidden
    dependents = dependents_of(keys, bound + len(done) + 1) - done
    following = sorted(affected.followers | dependents)
    are_more = len(following) > bound
    known = len(affected.followers) if are_more else len(following)
    if are_more:
        enqueue(affected.followers, reason)
        following = following[:bound] if reason.is_withdrawal else []
        without = {*reason.causes, *following}
        if others := dependents - without:
            enqueue_dependents(keys, reason, len(others), without)
    return compile_dependents(following, reason, snapshot), known, are_more


def tables_are_there() -> bool:
    """False only before the first migration; `delivery_rebuild` makes what is missed then."""
    name = str(connection.settings_dict["NAME"])
    if name not in _ready:
        if PublishedDocument._meta.db_table not in connection.introspection.table_names():
            return False
        _ready.add(name)
    return True
