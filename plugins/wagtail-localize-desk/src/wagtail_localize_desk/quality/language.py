"""The language of a translation, by py3langid: is it still the source's?"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from copy import copy
from typing import Any

from django.utils.translation import gettext as _
from wagtail.coreutils import get_content_languages

from wagtail_localize_desk.quality.pairs import Finding, Pair, base_of
from wagtail_localize_desk.quality.terms import without_names

#: From this probability on, a text is in one of two languages. Short texts reach it rarely.
SURE = 0.8
#: Letters below which a part of a text is told to be in no language.
FEWEST_LETTERS = 12
SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")
LETTER = re.compile(r"[^\W\d_]")


def check_language(pair: Pair) -> Iterator[Finding]:
    """Sentences that are in the language of the source."""
    if base_of(pair.source_language) == base_of(pair.target_language):
        return
    for sentence in SENTENCE.split(pair.text):
        words = without_names(sentence, pair.terms)
        if len(LETTER.findall(words)) < FEWEST_LETTERS:
            continue
        if _share_of_source(pair, words) >= SURE:
            language = get_content_languages().get(pair.source_language, pair.source_language)
            yield Finding(
                "language",
                _("This seems to be in the language of the source (%(language)s): “%(words)s”")
                % {"language": language, "words": sentence.strip()},
            )


def is_in_target_language(pair: Pair, words: str) -> bool:
    """Whether the words are rather in the language of the translation, as far as one can tell."""
    if len(LETTER.findall(words)) < FEWEST_LETTERS:
        return False
    return _share_of_source(pair, words) <= 1 - SURE


def _share_of_source(pair: Pair, words: str) -> float:
    """The probability that `words` are in the language of the source; 0.5 if nobody can tell."""
    identifier = _identifier(base_of(pair.source_language), base_of(pair.target_language))
    if identifier is None:
        return 0.5
    return float(dict(identifier.rank(words)).get(base_of(pair.source_language), 0.5))


@functools.lru_cache(maxsize=32)
def _identifier(one: str, other: str) -> Any:
    """The model for two languages; None if it lacks one. The data is read once."""
    model = _model()
    if not {one, other} <= set(model.labels) or one == other:
        return None
    chosen = copy(model)
    chosen.set_languages([one, other])
    return chosen


@functools.cache
def _model() -> Any:
    # Imported where it is used: it takes a second and thirty megabytes.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
