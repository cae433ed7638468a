"""Track what code outside the compiler reads.

Properties, methods, serializers in `api_fields` and the representations of blocks may read
anything. Each table that they query becomes a dependency, so a change to any of its rows recompiles
the document. So does each instance that was loaded before, which they can read without a query.

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

from wagtail_delivery.content.titles import title_of
from wagtail_delivery.encoding.base import Compilation
from wagtail_delivery.encoding.loaded_instances import loaded_instances

QUOTED_NAME = re.compile(r'["`]([^"`]+)["`]')


@lru_cache(maxsize=1)
def _models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _is_derived(model: type[models.Model]) -> bool:
    """Whether the rows of `model` are derived from other rows and cached."""
    return issubclass(model, ContentType | AbstractRendition)


@contextmanager
def tracking_reads(compilation: Compilation, value: Any) -> Iterator[None]:
    """Record as dependencies all that code which receives `value` may read in this block.

    They are the tables that it queries and the instances that are loaded already. The table of
    sites is always recorded, because Wagtail caches their addresses.
    """
    compilation.depends_on_table(Site)
    for instance in loaded_instances(value):
        if not _is_derived(type(instance)):
            compilation.depends_on(instance)

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


def read_title(
    instance: models.Model, compilation: Compilation, title: Callable[[Any], str] = title_of
) -> str:
    """The title of `instance`; a `title` or `__str__` of the project's may read anything."""
    if title is title_of and vars(instance).get("title"):  # A field.
        return title(instance)
    with tracking_reads(compilation, instance):
        return title(instance)


@contextmanager
def without_tracking(compilation: Compilation) -> Iterator[None]:
    """Do not track queries in this block: the compiler records its own dependencies."""
    before, compilation.is_tracking = compilation.is_tracking, False
    try:
        yield
    finally:
        compilation.is_tracking = before
