"""Track what code outside the compiler reads.

Properties, methods, serializers in `api_fields` and the representations of blocks may read
anything. Each table that they query becomes a dependency, so a change to any of its rows recompiles
the document. So does each instance that was loaded before, which they can read without a query.

The recorded dependencies must not depend on the contents of a cache: otherwise a second compilation
of the same instance would give a different result.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from wagtail.models import Page

from wagtail_delivery.content.loaded_instances import loaded_instances
from wagtail_delivery.content.observed_queries import CACHED, is_derived, observing_queries
from wagtail_delivery.content.watched_instances import watching_instances
from wagtail_delivery.encoding.base import Compilation


@dataclass
class Reads:
    """What code has read by queries: translatable instances, and the models of all tables."""

    instances: list[models.Model] = field(default_factory=list)
    tables: set[type[models.Model]] = field(default_factory=set)


@contextmanager
def tracking_reads(compilation: Compilation, value: Any) -> Iterator[Reads]:
    """Record as dependencies all that code which receives `value` may read in this block.

    They are the tables that it queries and the instances that are loaded already, and always those
    of CACHED, because Wagtail may have loaded their rows before. The places of pages, and whether
    they have children, change without a change of the page's own, so they are recorded too.
    """
    read = Reads()
    for model in CACHED:
        compilation.depends_on_table(model)
    for instance in loaded_instances(value):
        if isinstance(instance, Page):
            compilation.depends_on_order()
            compilation.depends_on_children(instance)
        if not isinstance(instance, CACHED) and not is_derived(type(instance)):
            compilation.depends_on(instance)

    def depends_on(model: type[models.Model]) -> None:
        if compilation.is_tracking:
            read.tables.add(model)
            compilation.depends_on_table(model)
            if issubclass(model, Page):
                compilation.depends_on_order()

    with observing_queries(depends_on), watching_instances(read.instances.append):
        yield read


@contextmanager
def without_tracking(compilation: Compilation) -> Iterator[None]:
    """Do not track queries in this block: the compiler records its own dependencies."""
    before, compilation.is_tracking = compilation.is_tracking, False
    try:
        yield
    finally:
        compilation.is_tracking = before
