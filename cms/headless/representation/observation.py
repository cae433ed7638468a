"""Seeing what code reads that the compiler did not write.

Properties, methods and DRF serializers in `api_fields` may query anything. While they run, each
table that they touch is noted, so that a change to any of its rows compiles the document again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from cms.headless.representation.base import Compilation

QUOTED_NAME = re.compile(r'["`]([^"`]+)["`]')


@lru_cache(maxsize=1)
def _models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@contextmanager
def observed_reads(compilation: Compilation) -> Iterator[None]:
    """Note every table that is queried in this block."""

    def note(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        for name in QUOTED_NAME.findall(sql):
            if model := _models_by_table().get(name):
                compilation.note_table(model)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield
