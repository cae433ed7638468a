"""The untranslated parts of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple


@dataclass(frozen=True)
class UntranslatedParts:
    """The strings of one text that are not translated, if others are.

    They are numbered from 0 in the order in which wagtail-localize extracts them from rich text.
    """

    #: Number of all strings of the text.
    count: int
    numbers: frozenset[int]
    #: Their languages by number, if they are in several; see `text_languages`.
    languages: Mapping[int, str] = field(default_factory=dict)


class UntranslatedTexts(NamedTuple):
    """The texts of a page or snippet that are not translated."""

    paths: frozenset[str]
    #: Those of them that are translated in part.
    parts: dict[str, UntranslatedParts]
    #: The languages of those that are not in the source's language, by content path.
    languages: Mapping[str, str] = MappingProxyType({})
