"""The base of the machine's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from wagtail.models import Locale, Page

from cms.snippets.models import Act, Convention, Organisation, Regulation, Role, Scheme
from tests.publishing.secrets.words import ENGLISH, MALAY, SECRET

ANY = st.integers(min_value=0, max_value=10_000)
SNIPPETS: list[Any] = [Act, Convention, Organisation, Regulation, Role, Scheme]


class Editors(RuleBasedStateMachine):
    """The locales, a counter for names, and queries for existing content."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.malay = Locale.objects.get(language_code="ms")
        self.english = Locale.objects.get(language_code="en")
        #: Every path that was ever public, to be requested again.
        self.paths: set[str] = set()

    def count(self) -> int:
        self.number += 1
        return self.number

    def clean(self, kind: str, locale: Locale) -> str:
        """A text that may be public."""
        return f"{kind} {self.count()} {self.word(locale)}"

    def secret(self, locale: Locale) -> str:
        """A text that is not public, in its own language: English in Malay may not be published."""
        return f"{SECRET} {self.word(locale)}"

    def word(self, locale: Locale) -> str:
        """The word by which a text in this locale is recognised."""
        return ENGLISH if locale == self.english else MALAY

    @staticmethod
    def pick(found: Sequence[Any], number: int) -> Any:
        return found[number % len(found)] if found else None

    def pages(self, **which: Any) -> list[Any]:
        """All pages as instances of their own types, in tree order."""
        found = Page.objects.filter(depth__gt=1, **which).order_by("path").specific()
        return list(found)

    def snippets(self, **which: Any) -> list[Any]:
        return [row for model in SNIPPETS for row in model.objects.filter(**which).order_by("pk")]
