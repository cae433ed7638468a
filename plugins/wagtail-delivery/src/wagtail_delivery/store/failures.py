"""Why a document could not be compiled, in the languages of those who read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """The reason in several languages."""

    #: By language code; "" has the one for all other languages.
    texts: Mapping[str, str]

    def in_language(self, language: str | None) -> str:
        """The reason in `language`, or in the nearest one that there is."""
        code = language or ""
        for candidate in (code, code.partition("-")[0], ""):
            if candidate in self.texts:
                return self.texts[candidate]
        return ""


def stored_failure(failure: Failure) -> str:
    """A failure as the text of a column."""
    return json.dumps(failure.texts, ensure_ascii=False, sort_keys=True)


def read_failure(text: str) -> Failure:
    """The failure of a column's text."""
    return Failure(json.loads(text))
