"""Observe which models code queries, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from wagtail.images.models import AbstractRendition
from wagtail.models import Locale, Site

#: Few rows that much code reads: whether they are loaded already depends on what ran before.
CACHED = (Site, Locale)
_is_observed: ContextVar[bool] = ContextVar("is_observed", default=False)
_is_unobserved: ContextVar[bool] = ContextVar("is_unobserved", default=False)
QUOTED_NAME = re.compile(r'["`]([^"`]+)["`]')


@lru_cache(maxsize=1)
def _models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def is_derived(model: type[models.Model]) -> bool:
    """Whether the rows of `model` are derived from other rows and cached."""
    return issubclass(model, ContentType | AbstractRendition)


@contextmanager
def observing_queries(observe: Callable[[type[models.Model]], None]) -> Iterator[None]:
    """Call `observe` with each model whose table is queried in this block, unless it is derived."""

    def observe_tables(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        for name in () if _is_unobserved.get() else QUOTED_NAME.findall(sql):
            model = _models_by_table().get(name)
            if model is not None and not is_derived(model):
                observe(model)
        return execute(sql, params, many, context)

    token = _is_observed.set(True)
    try:
        with connection.execute_wrapper(observe_tables):
            yield
    finally:
        _is_observed.reset(token)


def are_observed() -> bool:
    """Whether somebody is told of the queries that are made now."""
    return _is_observed.get()


@contextmanager
def unobserved() -> Iterator[None]:
    """A block whose queries are not told to `observing_queries`.

    For what is looked up once for many documents: which of them asks first is chance.
    """
    token = _is_unobserved.set(True)
    try:
        yield
    finally:
        _is_unobserved.reset(token)
