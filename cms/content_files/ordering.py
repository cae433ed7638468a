"""Orders entries so that each comes after the entries it refers to."""

from __future__ import annotations

from cms.content_files.plan import SourceEntry
from cms.content_files.problems import ContentError


def in_order(entries: dict[str, SourceEntry]) -> list[SourceEntry]:
    """Snippets after the snippets they refer to, then pages after their parents.

    References to pages do not affect the order: every page exists as a draft before anything
    refers to it. Raises `ContentError` if entries refer to each other in a circle.
    """
    ordered: list[SourceEntry] = []
    for entry in sorted(entries.values(), key=lambda entry: entry.entry_type.is_page):
        _add(entry, entries, ordered, [])
    return ordered


def _add(
    entry: SourceEntry,
    entries: dict[str, SourceEntry],
    ordered: list[SourceEntry],
    path: list[SourceEntry],
) -> None:
    if entry in ordered:
        return
    if entry in path:
        circle = " → ".join(item.name for item in [*path[path.index(entry) :], entry])
        raise ContentError([f"{entry.location}: these refer to each other in a circle: {circle}."])
    for before in _before(entry, entries):
        _add(before, entries, ordered, [*path, entry])
    ordered.append(entry)


def _before(entry: SourceEntry, entries: dict[str, SourceEntry]) -> list[SourceEntry]:
    if entry.entry_type.is_page:
        return [entries[entry.parent.target]] if entry.parent else []
    targets = [entries[reference.target] for reference in entry.references()]
    return [target for target in targets if not target.entry_type.is_page]
