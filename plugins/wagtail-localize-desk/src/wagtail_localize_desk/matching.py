"""Which string of a new version of the source is which string of the old one.

A string is identified by its place and its words. Where both cannot be kept, words go first: text
that moved, or whose block was made anew, keeps its translation. What is left at a place whose words
changed keeps its old translation for review.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wagtail_localize_desk.wording import similarity

#: A string at the same place is a changed one from this similarity, and a new one below it, if the
#: numbers of strings differ.
SAME_TEXT = 0.5
#: A string at another place is a moved and changed one.
MOVED_TEXT = 0.75
#: More comparisons than this are not made.
MOST_COMPARISONS = 20_000


class Place(NamedTuple):
    """A string of the new version: its content path and words."""

    path: str
    words: str


class Known(NamedTuple):
    """A string that the desk knows, with the place and the words that it had last."""

    path: str
    words: str
    #: Its number in its text; None if it was not in the last version.
    number: int | None
    #: Whether it has a translation.
    has_words: bool


class Matches:
    """The pairs found so far, as indexes of places and of known strings."""

    def __init__(self, places: Sequence[Place], known: Sequence[Known]) -> None:
        self.places = places
        self.known = known
        self.pairs: dict[int, int] = {}
        self.free_places = dict.fromkeys(range(len(places)))
        self.free_known = dict.fromkeys(range(len(known)))

    def add(self, place: int, known: int) -> None:
        self.pairs[place] = known
        del self.free_places[place]
        del self.free_known[known]

    def used_at(self, path: str) -> list[int]:
        """Free strings that were at `path` in the last version, in their order."""
        found = [
            known
            for known in self.free_known
            if self.known[known].path == path and self.known[known].number is not None
        ]
        return sorted(found, key=lambda known: self.known[known].number or 0)

    def add_similar(self, places: list[int], known: list[int], least: float) -> None:
        """Add the most similar pairs, best first."""
        if len(places) * len(known) > MOST_COMPARISONS:
            return
        ranked = sorted(
            (
                (-similarity(self.places[place].words, self.known[other].words), place, other)
                for place in places
                for other in known
            ),
        )
        for distance, place, other in ranked:
            if -distance < least:
                break
            if place in self.free_places and other in self.free_known:
                self.add(place, other)


def match(places: Sequence[Place], known: Sequence[Known]) -> dict[int, int]:
    """The known string of each place that has one, by index. Places are distinct."""
    matches = Matches(places, known)
    _match_unchanged(matches)
    _match_words(matches)
    _match_places(matches)
    _match_similar(matches)
    return matches.pairs


def _match_unchanged(matches: Matches) -> None:
    used = {
        (string.path, string.words): index
        for index, string in enumerate(matches.known)
        if string.number is not None
    }
    for index in list(matches.free_places):
        found = used.get((matches.places[index].path, matches.places[index].words))
        if found is not None:
            matches.add(index, found)


def _match_words(matches: Matches) -> None:
    """The same words elsewhere, or earlier."""
    by_words: dict[str, list[int]] = defaultdict(list)
    for index in matches.free_known:
        by_words[matches.known[index].words].append(index)
    for index in list(matches.free_places):
        place = matches.places[index]
        candidates = [other for other in by_words[place.words] if other in matches.free_known]
        if candidates:
            matches.add(index, min(candidates, key=lambda other: _rank(place, matches, other)))


def _rank(place: Place, matches: Matches, index: int) -> tuple[bool, bool, bool, bool, int]:
    """The best is translated, was in the last version, and had the same place or kind of place."""
    known = matches.known[index]
    return (
        not known.has_words,
        known.number is None,
        known.path != place.path,
        known.path.rpartition(".")[2] != place.path.rpartition(".")[2],
        -index,
    )


def _match_places(matches: Matches) -> None:
    """Other words at the same place."""
    for path, places in _by_path(matches):
        matches.add_similar(places, matches.used_at(path), SAME_TEXT)
    for path, places in _by_path(matches):
        left = matches.used_at(path)
        if len(left) == len(places):
            for place, known in zip(places, left, strict=True):
                matches.add(place, known)


def _by_path(matches: Matches) -> Iterator[tuple[str, list[int]]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index in matches.free_places:
        found[matches.places[index].path].append(index)
    yield from found.items()


def _match_similar(matches: Matches) -> None:
    """Similar words elsewhere: a block that was made anew with a small change."""
    vanished = [
        index
        for index in matches.free_known
        if matches.known[index].number is not None and matches.known[index].has_words
    ]
    matches.add_similar(list(matches.free_places), vanished, MOVED_TEXT)
