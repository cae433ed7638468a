"""What a transaction has changed so far, and the block that holds the publishing lock."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from asgiref.local import Local
from django.core.files.storage import Storage
from django.db import transaction

from wagtail_delivery.store.lock import lock_publishing

logger = logging.getLogger(__name__)


@dataclass
class PendingChanges:
    """What one transaction has changed so far."""

    depth: int = 0
    #: When the outermost block began, on the monotonic clock, before it waited for the lock.
    began: float = 0.0
    #: Sources (see `store`) of what changed. A change that they cannot be compiled with is refused.
    sources: set[str] = field(default_factory=set)
    #: The sources of rows that are new, so the queue knows nothing of them yet.
    created: set[str] = field(default_factory=set)
    #: Sources to compile whether or not their documents depend on what changed.
    followers: set[str] = field(default_factory=set)
    #: Dependency keys of what changed.
    keys: set[str] = field(default_factory=set)
    #: The `url_path` of each page that was saved: a home page decides what its site is.
    url_paths: set[str] = field(default_factory=set)
    #: Tree paths of pages whose path or visibility changed, as did their descendants'.
    subtrees: set[str] = field(default_factory=set)
    #: Tree paths of pages below which pages got other places, and nothing else changed.
    orders: set[str] = field(default_factory=set)
    #: Primary keys of editors' redirects that were written, deleted or got another meaning.
    redirects: set[int] = field(default_factory=set)
    #: The page whose row is being written as it already is.
    unchanged: Any = None
    #: Whether something without a document, such as a file, may no longer be public.
    withdraws: bool = False
    #: Django's list of the callbacks of the transaction that saves only drafts (`drafting`).
    draft_callbacks: list[Any] | None = None
    #: Files stored so far, which a rollback removes: their storage and name.
    files: list[tuple[Storage, str]] = field(default_factory=list)
    #: Whether documents are being compiled; what that saves (renditions) is no change of content.
    flushing: bool = False

    def is_empty(self) -> bool:
        """Whether nothing was recorded that a document follows from."""
        return not (self.concerns_documents() or self.orders)

    def concerns_documents(self) -> bool:
        """Whether more was recorded than other places of pages."""
        return bool(self.sources or self.followers or self.keys or self.subtrees or self.redirects)

    def clear(self) -> None:
        """Forget what was recorded."""
        self.sources.clear()
        self.created.clear()
        self.followers.clear()
        self.keys.clear()
        self.url_paths.clear()
        self.subtrees.clear()
        self.orders.clear()
        self.redirects.clear()
        self.unchanged = None
        self.withdraws = False

    def remove_files(self, first: int) -> None:
        """Remove the files from the `first` on, because no row will point at them."""
        for storage, name in self.files[first:]:
            try:
                storage.delete(name)
            except Exception:  # each storage raises errors of its own
                logger.warning("The unused file %s cannot be removed.", name, exc_info=True)
        del self.files[first:]


_current = Local()


def pending_changes() -> PendingChanges:
    """The pending changes of this thread or task."""
    changes: PendingChanges | None = getattr(_current, "changes", None)
    if changes is None:
        changes = _current.changes = PendingChanges()
    return changes


@contextmanager
def locked_block(*, savepoint: bool = True) -> Iterator[PendingChanges]:
    """A transaction that holds the publishing lock; within another one, a savepoint.

    Without `savepoint`, an inner block has none: if it fails, the outer one has to end too.
    Files that a failed block stored are removed. Changes that the outermost block has not handled
    are forgotten at its end.
    """
    changes = pending_changes()
    is_outermost = changes.depth == 0
    if is_outermost:
        changes.began = monotonic()
    with transaction.atomic(savepoint=savepoint or is_outermost):
        if is_outermost:
            lock_publishing()
        # Within the transaction, because callbacks on commit run at its end: what they change
        # needs blocks of its own.
        changes.depth += 1
        first_file = len(changes.files)
        try:
            yield changes
        except BaseException:
            changes.remove_files(first_file)
            raise
        finally:
            changes.depth -= 1
            if is_outermost:
                changes.clear()
                changes.files.clear()


@contextmanager
def compiling(changes: PendingChanges) -> Iterator[None]:
    """A block that compiles documents: what it saves is no change of content."""
    before, changes.flushing = changes.flushing, True
    try:
        yield
    finally:
        changes.flushing = before
