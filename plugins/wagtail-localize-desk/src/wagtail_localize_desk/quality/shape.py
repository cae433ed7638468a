"""The shape of a translation: blank, unchanged, its length, repeated words, spaces and marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_localize_desk.quality.language import is_in_target_language
from wagtail_localize_desk.quality.pairs import Finding, Pair, base_of
from wagtail_localize_desk.quality.terms import without_names
from wagtail_localize_desk.wording import is_blank

#: A sentence shorter than this may have any length in another language.
SHORT = 24
#: A translation is told to be incomplete below this share of its source's length. Chinese takes
#: about a third of the letters of English.
LEAST_SHARE = {"zh": 0.1, "ja": 0.15, "ko": 0.15}
LEAST = 0.4
MOST = 3.0
REPEATED = re.compile(r"(?<![\w-])([^\W\d_]+)\s+\1(?![\w-])", re.IGNORECASE)
#: Words that English repeats.
MAY_REPEAT = {"en": {"that", "had"}}
DOUBLE_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")
SPACE_BEFORE = re.compile(r"(?<=\w)[ \u00a0]+[,.;:!?](?=\s|$)")
NO_SPACE_AFTER = re.compile(r"[^\W\d_][,;:!?][^\W\d_]|[^\W\d_]{3,}\.[A-Z][^\W\d_]")
#: French has a space before these marks.
SPACED_MARKS = {"fr"}
#: The end of a sentence, in any script.
ENDS = {"。": ".", "．": ".", "।": ".", "？": "?", "！": "!", "：": ":"}
OPENING, CLOSING = "([{", ")]}"


def check_blank(pair: Pair) -> Iterator[Finding]:
    """Nothing to read."""
    if is_blank(pair.words) and not is_blank(pair.source):
        yield Finding("blank", _("The translation shows nothing."))


def check_unchanged(pair: Pair) -> Iterator[Finding]:
    """The words of the source, unless they are a name, or in the right language already."""
    if pair.source_language == pair.target_language or _plain(pair.text) != _plain(
        pair.source_text
    ):
        return
    rest = without_names(pair.text, pair.terms)
    if not re.search(r"[^\W\d_]{2}", _without_addresses(rest)):
        return
    if not is_in_target_language(pair, rest):
        yield Finding("unchanged", _("The translation has the same words as the source."))


def check_length(pair: Pair) -> Iterator[Finding]:
    """Too long for its field, or so short or long that something is missing or added."""
    length = len(pair.text)
    if pair.max_length is not None and length > pair.max_length:
        message = ngettext(
            "The field has room for %(limit)d character; the translation has %(length)d.",
            "The field has room for %(limit)d characters; the translation has %(length)d.",
            pair.max_length,
        )
        yield Finding("too_long", message % {"limit": pair.max_length, "length": length})
    source = len(pair.source_text)
    if source < SHORT or not length:
        return
    least = LEAST_SHARE.get(base_of(pair.target_language), LEAST)
    if length < least * source:
        yield Finding("length", _("The translation is very short. Is something missing?"))
    elif length > MOST * source / LEAST_SHARE.get(base_of(pair.source_language), 1):
        yield Finding("length", _("The translation is very long. Does it have something more?"))


def check_repeated_words(pair: Pair) -> Iterator[Finding]:
    """The same word twice in a row."""
    in_source = {match[1].lower() for match in REPEATED.finditer(pair.source_text)}
    may_repeat = MAY_REPEAT.get(base_of(pair.target_language), set())
    for match in REPEATED.finditer(pair.text):
        if match[1].lower() not in may_repeat and not in_source:
            yield Finding(
                "repeated_words", _("“%(words)s” is written twice.") % {"words": match[1]}
            )


def check_spaces(pair: Pair) -> Iterator[Finding]:
    """Spaces that the source does not have in such a place, or that are missing."""
    source, text = pair.source_text, pair.text
    if (text != text.strip()) and source == source.strip():
        yield Finding("spaces", _("There is a space at the beginning or end."))
    if DOUBLE_SPACE.search(text) and not DOUBLE_SPACE.search(source):
        yield Finding("spaces", _("Two spaces follow one another."))
    if base_of(pair.target_language) not in SPACED_MARKS:
        for match in SPACE_BEFORE.finditer(text):
            if not SPACE_BEFORE.search(source):
                message = _("There is a space before “%(mark)s”.")
                yield Finding("spaces", message % {"mark": match[0].strip()})
    if NO_SPACE_AFTER.search(_without_addresses(text)) and not NO_SPACE_AFTER.search(
        _without_addresses(source)
    ):
        yield Finding("spaces", _("A space is missing after a punctuation mark."))


def check_punctuation(pair: Pair) -> Iterator[Finding]:
    """Another mark at the end than the source has, or a bracket without its other half."""
    source, text = _last_mark(pair.source_text), _last_mark(pair.text)
    if source != text:
        if text and source:
            message = _("The translation ends with “%(mark)s”, the source with “%(other)s”.")
        elif text:
            message = _("The translation ends with “%(mark)s”; the source does not.")
        else:
            message = _("The source ends with “%(other)s”; the translation does not.")
        yield Finding("punctuation", message % {"mark": text, "other": source})
    for opening, closing in zip(OPENING, CLOSING, strict=True):
        if _surplus(pair.text, opening, closing) and not _surplus(
            pair.source_text, opening, closing
        ):
            message = _("A bracket is missing: “%(opening)s” and “%(closing)s” do not match.")
            yield Finding("punctuation", message % {"opening": opening, "closing": closing})


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def _without_addresses(text: str) -> str:
    """The text without e-mail addresses, host names and paths."""
    return re.sub(r"\S*(?:@|://|www\.|\w\.(?:my|com|org|net|gov)\b)\S*", " ", text)


def _last_mark(text: str) -> str:
    """The mark that ends a sentence; none for other ends."""
    stripped = text.rstrip().rstrip("\"'”’)]» ")
    last = stripped[-1:] and ENDS.get(stripped[-1], stripped[-1])
    return last if last and last in ".?!:" else ""


def _surplus(text: str, opening: str, closing: str) -> int:
    return text.count(opening) - text.count(closing)
