"""What a translator does, measured in a browser on both sides."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Locale
from wagtail_localize.operations import translate_object

from benchmarks.translation.content import (
    change_and_publish,
    change_word,
    in_english,
    profile,
    publish_article,
    segments_of,
    target_of,
    texts_of,
)
from benchmarks.translation.desk_hand import DeskHand
from benchmarks.translation.hand import Effort, Hand, browser_for, running_server
from benchmarks.translation.stock_hand import StockHand

#: Each has a language of its own, as the desk remembers the translations into each.
MANNERS = {"keys": "en", "pointer": "ta"}


def count_effort(changes: int, user: User, *, with_desk: bool) -> list[tuple[str, Effort]]:
    """The effort of each task in each manner."""
    found = []
    with running_server() as address, browser_for(user, address) as browser:
        for manner in MANNERS:
            kind = DeskHand if with_desk else StockHand
            hand = kind(browser, address, with_keys=manner == "keys")
            for task, done in tasks(hand, changes):
                print(f"{kind.__name__}: {task}, by {manner}: {done}", file=sys.stderr)
                found.append((f"{task}, by {manner}", done))
    return found


def tasks(hand: Hand, changes: int) -> Iterator[tuple[str, Effort]]:
    """Translate the profile; then its changes, one visit for each, and one visit for all."""
    sections = profile()
    manner = "keys" if hand.with_keys else "pointer"
    article = publish_article("Profil", f"profil-{manner}", sections)
    translate_object(article, [Locale.objects.get(language_code=MANNERS[manner])])
    name = f"profile of {len(segments_of(article))} strings"
    yield name, measured(hand, article, lambda: hand.translate_all(article))
    places = list(texts_of(sections))

    def change(numbers: range) -> None:
        for number in numbers:
            change_word(*places[number % len(places)], number)
        change_and_publish(article, sections)

    def one_by_one() -> None:
        for number in range(changes):
            change(range(number, number + 1))
            hand.translate_changes(article)

    yield f"{changes} changes, a visit for each", measured(hand, article, one_by_one)
    change(range(changes, 2 * changes))
    strings = min(changes, len(places))
    name = f"{changes} changes in one visit ({strings} strings)"
    yield name, measured(hand, article, lambda: hand.translate_changes(article))


def measured(hand: Hand, article: Any, work: Callable[[], None]) -> Effort:
    """The effort of some work, after which all must be translated and public."""
    hand.effort = {}
    work()
    target = target_of(article)
    sources = [segment.string.data for segment in segments_of(article)]
    published = [target.title, *_texts(target)]
    if not target.live or len(published) + 1 != len(sources):
        raise AssertionError(f"{target} is not published with {len(sources)} strings.")
    if any("EN" not in text for text in published):
        raise AssertionError(f"Published without its translations: {published}")
    for text in sources:
        new = in_english(text).split(maxsplit=2)[1] if text.startswith("Baharu") else ""
        if new not in " ".join(published):
            raise AssertionError(f"{text!r} was not translated again.")
    return hand.effort


def _texts(article: Any) -> list[str]:
    return [holder[name] for holder, name in texts_of(list(article.body.raw_data))]
