"""The outcome of a load for each entry."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from cms.content_files.ledger import Since


class Outcome(Enum):
    """What happened to one entry."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT_EDITED = "left alone: edited since it was loaded"
    LEFT_DELETED = "left alone: deleted since it was loaded"
    LEFT_SOURCE = "left alone: its source was left alone"


WRITTEN = {Outcome.CREATED, Outcome.UPDATED}
LEFT_ALONE = {Outcome.LEFT_EDITED, Outcome.LEFT_DELETED, Outcome.LEFT_SOURCE}


def decide(since: Since, same_digest: bool, overwrite: bool) -> Outcome:
    """The outcome for an entry, from its state since the last load and the file's digest."""
    if since is Since.NEVER_LOADED:
        return Outcome.CREATED
    if since is Since.DELETED:
        return Outcome.CREATED if overwrite else Outcome.LEFT_DELETED
    if since is Since.EDITED:
        return Outcome.UPDATED if overwrite else Outcome.LEFT_EDITED
    return Outcome.UNCHANGED if same_digest else Outcome.UPDATED


def summary(outcomes: list[Outcome]) -> str:
    """One line that sums up the load."""
    count = Counter(outcomes)
    left = sum(count[outcome] for outcome in LEFT_ALONE)
    return (
        f"{count[Outcome.CREATED]} created, {count[Outcome.UPDATED]} updated, "
        f"{count[Outcome.UNCHANGED]} unchanged, {left} left alone."
    )
