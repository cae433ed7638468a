"""Track the queries of code outside the compiler.

Properties, methods and DRF serializers in `api_fields` may query anything. Each table that they
query becomes a dependency, so a change to any of its rows recompiles the document.

The recorded dependencies must not depend on the contents of a cache: otherwise a second compilation
of the same instance would give a different result.
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


def _is_derived(model: type[models.Model]) -> bool:
    """Whether the rows of `model` are derived from other rows and cached."""
    return issubclass(model, ContentType | AbstractRendition)


@contextmanager
def tracking_queries(compilation: Compilation) -> Iterator[None]:
    """Record every table that is queried in this block as a dependency.

    The table of sites is always recorded, because Wagtail caches their addresses.
    """
    compilation.depends_on_table(Site)

    def record_tables(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        for name in QUOTED_NAME.findall(sql) if compilation.is_tracking else ():
            model = _models_by_table().get(name)
            if model is not None and not _is_derived(model):
                compilation.depends_on_table(model)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record_tables):
        yield


@contextmanager
def without_tracking(compilation: Compilation) -> Iterator[None]:
    """Do not track queries in this block: the compiler records its own dependencies."""
    before, compilation.is_tracking = compilation.is_tracking, False
    try:
        yield
    finally:
        compilation.is_tracking = before
