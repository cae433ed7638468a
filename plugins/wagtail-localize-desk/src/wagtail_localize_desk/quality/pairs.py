"""A string, its translation, and what else a check has to know."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from wagtail_localize.strings import StringValue


@dataclass(frozen=True)
class ApprovedTerm:
    """A term of the source with the translations that it may have, and those that it must not."""

    source: str
    translations: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    is_case_sensitive: bool = False

    @property
    def is_name(self) -> bool:
        """Whether the term is the same in both languages."""
        return self.source in self.translations


@dataclass(frozen=True)
class Pair:
    """The words of a source and of its translation, as wagtail-localize stores them: HTML.

    `max_length` is what the field can hold, in characters; None without a limit.
    """

    source: str
    words: str
    source_language: str
    target_language: str
    max_length: int | None = None
    terms: Sequence[ApprovedTerm] = ()

    @functools.cached_property
    def source_text(self) -> str:
        """The source as people read it."""
        return text_of(self.source)

    @functools.cached_property
    def text(self) -> str:
        """The translation as people read it."""
        return text_of(self.words)


def base_of(language: str) -> str:
    """The code of a language without its region or script, as ISO 639 has it."""
    return language.split("-")[0].lower()


def text_of(html: str) -> str:
    """The text of a string, without its markup."""
    if "<" in html or "&" in html:
        return str(StringValue(html).render_text())
    return html


@dataclass(frozen=True)
class Finding:
    """What a check found: `message` is for translators, in the active language."""

    check: str
    message: str
