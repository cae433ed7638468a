"""The translation status of an instance, as reported by the project's translation plugin.

`WAGTAIL_DELIVERY["TRANSLATION_STATUSES"]` names the plugin: a callable that takes published
instances and returns, in their order, an object with the attributes of `TranslationStatus` for
each. Without one, every document counts as written in its own language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from django.db import models
from django.utils.module_loading import import_string
from wagtail.models import TranslatableMixin

from wagtail_delivery.conf import delivery_settings

Status = Literal["source", "complete", "partial", "stale"]


@dataclass(frozen=True)
class UntranslatedParts:
    """The parts of a rich text that are not translated, if others are.

    A part is a run of text between tags, where `INLINE_ELEMENTS` of `encoding.html.runs` do not
    interrupt a run: usually the text of a paragraph, heading or list item. Parts are numbered from
    0 as they come. If the text has another `count` of them, all of it counts as untranslated.
    """

    count: int
    numbers: frozenset[int]
    #: Their languages by number, if they are in several.
    languages: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TranslationStatus:
    """The language that an instance was written in, and its texts still in that language."""

    source_locale: str
    status: Status
    #: Content paths of texts that are not translated; see `Location.content_path`.
    untranslated: frozenset[str]
    #: The rich texts among them that are translated in part, by content path.
    untranslated_parts: Mapping[str, UntranslatedParts] = field(default_factory=dict)
    #: Content paths of texts whose source has changed since they were translated.
    stale: frozenset[str] = frozenset()
    #: The languages of those untranslated texts that are not in the source language, because they
    #: were not translated into it either, by content path. Of several in a text, the first.
    untranslated_languages: Mapping[str, str] = field(default_factory=dict)

    def untranslated_language(self, path: str) -> str:
        """The language of the untranslated text at a content path."""
        return self.untranslated_languages.get(path, self.source_locale)

    def untranslated_by_language(self) -> dict[str, frozenset[str]]:
        """The content paths of the untranslated texts, by their language."""
        if not self.untranslated:
            return {}
        found: dict[str, set[str]] = {}
        for path in sorted(self.untranslated):
            found.setdefault(self.untranslated_language(path), set()).add(path)
        return {language: frozenset(paths) for language, paths in found.items()}


#: The status of an instance without a locale: there is nothing to translate.
NOTHING_MISSING = TranslationStatus("", "source", frozenset())


@lru_cache(maxsize=4)
def provider(dotted_path: str) -> Callable[..., Any]:
    """The callable that a setting names."""
    found: Callable[..., Any] = import_string(dotted_path)
    return found


def translation_statuses(
    instances: Sequence[models.Model], languages: Mapping[int, str]
) -> list[TranslationStatus]:
    """The translation status of each instance; `languages` maps locales' primary keys to codes."""
    translatable = [each for each in instances if isinstance(each, TranslatableMixin)]
    path = delivery_settings().TRANSLATION_STATUSES
    if path is None or not translatable:
        found = [
            TranslationStatus(languages.get(each.locale_id, ""), "source", frozenset())
            for each in translatable
        ]
    else:
        found = [_as_status(each) for each in provider(path)(translatable)]
    statuses = dict(zip(map(id, translatable), found, strict=True))
    return [statuses.get(id(each), NOTHING_MISSING) for each in instances]


def _as_status(found: Any) -> TranslationStatus:
    parts = {
        path: UntranslatedParts(
            part.count, frozenset(part.numbers), dict(getattr(part, "languages", {}))
        )
        for path, part in found.untranslated_parts.items()
    }
    return TranslationStatus(
        found.source_locale,
        found.status,
        frozenset(found.untranslated),
        parts,
        frozenset(found.stale),
        dict(getattr(found, "untranslated_languages", {})),
    )
