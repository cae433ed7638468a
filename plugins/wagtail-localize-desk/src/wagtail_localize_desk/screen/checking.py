"""What the checks find in strings, and the terms in their source, as the screen shows it."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_localize_desk.findings import pairs_of, reported
from wagtail_localize_desk.quality.terms import terms_in
from wagtail_localize_desk.screen.rows import StringRow


def add_findings(rows: Iterable[StringRow]) -> None:
    """Tell for each row what its checks find, and which terms its source has.

    Asks for terms that are not in the cache, and for accepted findings of strings that have some.
    """
    by_key = {row.string.pk: row for row in rows}
    pairs = pairs_of(
        [row.string for row in by_key.values()],
        {(row.string.object_key, row.string.path): row.limit for row in by_key.values()},
    )
    with_accepted = [pk for pk, row in by_key.items() if row.string.has_accepted]
    for pk, found in reported(pairs, with_accepted).items():
        by_key[pk].findings = found
    for pk, pair in pairs.items():
        by_key[pk].terms = terms_in(pair.source_text, pair.terms)
