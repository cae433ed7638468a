"""Library files as a document shows them: with their title and description in its language."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.models import TranslatableMixin

from wagtail_delivery.content.file_texts import TEXTS
from wagtail_delivery.content.text_provenance import copy_with
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.query_tracking import without_tracking


@dataclass(frozen=True)
class ShownFile:
    """A copy of a file with the texts that a document shows, and where these are from."""

    file: Any
    #: The language of each of `TEXTS`.
    languages: Mapping[str, str]
    stale: frozenset[str]
    #: The language of all that the file says besides.
    own_language: str

    def mark(self, location: Location, name: str, compilation: Compilation) -> None:
        """Record the text of the field `name` at `location`."""
        compilation.mark_language(location, self.languages[name])
        if name in self.stale:
            compilation.stale[location.pointer] = None

    def mark_made(
        self, location: Location, make: Callable[[Any], str], compilation: Compilation
    ) -> None:
        """Record what `make` made of the file, whichever of its texts it took, at `location`."""
        names = self._names_in(make) if {*self.languages.values()} != {self.own_language} else []
        for name in names:
            self.mark(location, name, compilation)
        if not names:
            compilation.mark_language(location, self.own_language)

    def _names_in(self, make: Callable[[Any], str]) -> list[str]:
        """The texts that `make` takes, found by leaving them out."""
        made = make(self.file)
        held = [name for name in TEXTS if vars(self.file).get(name)]
        found = [name for name in held if make(copy_with(self.file, name, "")) != made]
        if found:
            return found
        # It takes the one or the other, and both are the same.
        empty = self.file
        for name in held:
            empty = copy_with(empty, name, "")
        return held if make(empty) != made else []


def shown_file(file: Any, compilation: Compilation) -> ShownFile:
    """`file` with each of its texts in the document's language, else the fallback, else its own."""
    own = compilation.snapshot.library_language(file)
    texts, languages, stale = {}, dict.fromkeys(TEXTS, own), set()
    if not isinstance(file, TranslatableMixin):
        for locale in filter(None, (compilation.locale, compilation.fallback)):
            if locale == own:
                break
            with without_tracking(compilation):
                found = compilation.snapshot.file_texts(file, locale, compilation.near)
            for name in TEXTS:
                if name in texts or not found.texts.get(name):
                    continue
                texts[name] = found.texts[name]
                languages[name] = found.languages.get(name, locale)
                stale |= {name} & found.stale
    shown = copy.copy(file) if texts else file
    for name, text in texts.items():
        setattr(shown, name, text)
    return ShownFile(shown, languages, frozenset(stale), own)


def default_alt_text(image: Any) -> str:
    """The alternative text of an image that is not described where it is used."""
    return str(image.default_alt_text)
