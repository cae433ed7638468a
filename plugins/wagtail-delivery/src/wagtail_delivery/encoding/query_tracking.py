"""Seeing what code reads that the compiler did not write.

Properties, methods and DRF serializers in `api_fields` may query anything. While they run, each
table that they touch is noted, so that a change to any of its rows compiles the document again.

What is noted may not depend on what happens to be in a cache: else a second compilation of the same
thing would not come out the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from wagtail.images.models import AbstractRendition
from wagtail.models import Site

from wagtail_delivery.encoding.base import Compilation

QUOTED_NAME = re.compile(r'["`]([^"`]+)["`]')


@lru_cache(maxsize=1)
def _models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _follows_from_others(model: type[models.Model]) -> bool:
    """Whether the rows of `model` only follow from other rows, and are kept in a cache."""
    return issubclass(model, ContentType | AbstractRendition)


@contextmanager
def tracking_queries(compilation: Compilation) -> Iterator[None]:
    """Note every table that is queried in this block.

    The addresses of sites are noted in any case: Wagtail keeps them in a cache.
    """
    compilation.depends_on_table(Site)

    def depends_on(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        for name in QUOTED_NAME.findall(sql) if compilation.is_tracking else ():
            model = _models_by_table().get(name)
            if model is not None and not _follows_from_others(model):
                compilation.depends_on_table(model)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(depends_on):
        yield


@contextmanager
def without_tracking(compilation: Compilation) -> Iterator[None]:
    """In an observed block: these queries are the compiler's own, which notes what it reads."""
    before, compilation.is_tracking = compilation.is_tracking, False
    try:
        yield
    finally:
        compilation.is_tracking = before
