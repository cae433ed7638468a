"""Instances that several documents of a batch read, loaded once.

Each reader gets a copy. What it loads into that, such as the target of a foreign key, is a
dependency of its document alone: which document of a batch comes first is chance.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from functools import cache

from django.db import models
from wagtail.fields import StreamField

from wagtail_delivery.content.observed_queries import are_observed
from wagtail_delivery.content.watched_instances import are_watched

Load = Callable[[], models.Model | None]


class SharedInstances:
    """The instances that were loaded for the documents of one batch."""

    def __init__(self) -> None:
        self._known: dict[Hashable, models.Model | None] = {}

    def get(self, key: Hashable, load: Load) -> models.Model | None:
        """What `load` returns, which is called once for a `key` if its result can be copied.

        Where somebody is told what is read, it is called each time.
        """
        if are_observed() or are_watched():
            return load()
        if key not in self._known:
            found = load()
            if found is not None and not _can_be_copied(found):
                return found
            self._known[key] = found
        known = self._known[key]
        return copy.copy(known) if known is not None else None


def _can_be_copied(instance: models.Model) -> bool:
    """Whether a copy shares nothing with `instance` that a reader may load more into."""
    holds_others = instance._state.fields_cache or "_prefetched_objects_cache" in vars(instance)
    return not holds_others and not _has_streams(type(instance))


@cache
def _has_streams(model: type[models.Model]) -> bool:
    """Whether the model has a StreamField, whose value keeps what its blocks load."""
    return any(isinstance(field, StreamField) for field in model._meta.concrete_fields)
