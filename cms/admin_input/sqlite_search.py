"""Searches on SQLite for words with quotation marks, which its syntax writes twice."""

from __future__ import annotations

import functools
from typing import Any

from modelsearch.backends.database.sqlite.query import SearchQueryExpression

_phrase = SearchQueryExpression.__init__


def term(lexeme: Any, compiler: Any, connection: Any) -> tuple[str, list[str]]:
    """A term of a search in SQLite's syntax."""
    return ('"%s"*' if lexeme.prefix else '"%s"'), [_doubled(lexeme.value)]


@functools.wraps(_phrase)
def phrase(expression: Any, value: Any, *args: Any, **kwargs: Any) -> None:
    """A phrase of a search in SQLite's syntax."""
    _phrase(expression, _doubled(value) if isinstance(value, str) else value, *args, **kwargs)


def _doubled(text: str) -> str:
    return text.replace('"', '""')
