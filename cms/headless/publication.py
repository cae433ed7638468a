"""Publishing: what changes and the documents that follow from it are committed together.

Every change to content happens in a `publishing()` block (see `atomic_actions`). Within it,
receivers tell what changed; when the outermost block ends, still inside its transaction, the
documents of what changed and of all that was made of it are compiled. An error anywhere leaves
nothing half done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from asgiref.local import Local
from django.db import connection, transaction
from wagtail.models import Page

from cms.headless import store
from cms.headless.dependency_keys import key_of, place_key
from cms.headless.models import Document
from cms.headless.site_documents import site_sources
from cms.headless.surroundings import Surroundings


@dataclass
class Publication:
    """What one transaction has changed so far."""

    depth: int = 0
    #: Sources (see `store`) that are to be compiled whether or not anything noted them.
    sources: set[str] = field(default_factory=set)
    #: Dependency keys of what changed.
    keys: set[str] = field(default_factory=set)
    #: Tree paths of pages below which (and at which) address or publicity changed.
    subtrees: set[str] = field(default_factory=set)
    #: Whether documents are being compiled: what that writes (renditions) is no change to content.
    flushing: bool = False

    def is_empty(self) -> bool:
        return not (self.sources or self.keys or self.subtrees)

    def clear(self) -> None:
        self.sources.clear()
        self.keys.clear()
        self.subtrees.clear()


_current = Local()
#: Databases that were seen to have this app's tables.
_ready: set[str] = set()


def current_publication() -> Publication:
    """This thread's (or task's) publication."""
    publication: Publication | None = getattr(_current, "publication", None)
    if publication is None:
        publication = _current.publication = Publication()
    return publication


@contextmanager
def publishing() -> Iterator[Publication]:
    """A transaction that is committed only together with the documents that follow from it.

    Blocks nest: the outermost one compiles. An inner block that fails is undone by itself.
    """
    publication = current_publication()
    publication.depth += 1
    try:
        with transaction.atomic():
            yield publication
            if publication.depth == 1:
                flush(publication)
    finally:
        publication.depth -= 1
        if publication.depth == 0:
            publication.clear()


def flush(publication: Publication) -> None:
    """Compile what follows from the changes that `publication` holds, and forget them."""
    if publication.is_empty() or not _tables_are_there():
        return
    store.lock_publishing()
    publication.flushing = True
    try:
        changed = publication.sources | _changed_with_subtrees(publication)
        dependents = store.sources_noting(publication.keys) - changed
        publication.clear()
        if changed or dependents:
            surroundings = Surroundings()
            for source in (*sorted(changed), *sorted(dependents)):
                store.put_source(source, surroundings)
    finally:
        publication.flushing = False


def _tables_are_there() -> bool:
    """False only while a database is being set up: `headless_rebuild` makes what is missed then."""
    name = str(connection.settings_dict["NAME"])
    if name not in _ready:
        if Document._meta.db_table not in connection.introspection.table_names():
            return False
        _ready.add(name)
    return True


def _changed_with_subtrees(publication: Publication) -> set[str]:
    """The pages of the changed subtrees; what was made of them is to be compiled too.

    So are the sites: one whose home page was not public has no document that could note it.
    """
    sources: set[str] = set(site_sources()) if publication.subtrees else set()
    for path in publication.subtrees:
        for page in Page.objects.filter(path__startswith=path).specific(defer=True):
            sources.add(f"{type(page)._meta.label_lower}:{page.pk}")
            publication.keys |= {key_of(page), place_key(key_of(page))}
    return sources
