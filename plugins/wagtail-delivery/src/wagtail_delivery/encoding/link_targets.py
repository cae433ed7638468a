"""The targets of all links of one text, and their counterparts, loaded together.

One query for each link made a text with two thousand of them cost seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from wagtail.models import Page, TranslatableMixin
from wagtail.rich_text import EntityHandler

from wagtail_delivery.content.snapshot import SiteSnapshot

#: Errors raised by looking up a reference that is broken or malformed.
NOT_FOUND = (ObjectDoesNotExist, ValidationError, LookupError, TypeError, ValueError, OverflowError)
#: Number of targets of one query.
CHUNK = 500

Given = dict[str, str]


class LinkTargets:
    """Finds the targets of links, of which some are loaded already."""

    def __init__(self, snapshot: SiteSnapshot, locale: str) -> None:
        self.snapshot = snapshot
        self.locale = locale
        self._instances: dict[tuple[Any, str], models.Model | None] = {}
        #: By the model of the pages or of the other things, and their translation key; None for
        #: those without a counterpart.
        self._counterparts: dict[tuple[type[models.Model], Any], models.Model | None] = {}

    def load(self, links: Iterable[tuple[Any, Given]]) -> None:
        """Load the targets of `links` (a handler and attributes each) and their counterparts."""
        wanted: dict[Any, dict[str, Given]] = {}
        for handler, given in links:
            if "id" in given and _has_standard_lookup(handler):
                wanted.setdefault(handler, {})[given["id"]] = given
        for handler, by_id in wanted.items():
            if len(by_id) > 1:
                self._load_instances(handler, by_id)
        self._load_counterparts(filter(None, self._instances.values()))

    def _load_instances(self, handler: Any, by_id: dict[str, Given]) -> None:
        identifiers = list(by_id)
        for start in range(0, len(identifiers), CHUNK):
            chunk = identifiers[start : start + CHUNK]
            try:
                found = handler.get_many([by_id[identifier] for identifier in chunk])
            except (AttributeError, NotImplementedError, *NOT_FOUND):
                continue  # One of them is malformed: each is looked up alone.
            for identifier, instance in zip(chunk, found, strict=True):
                self._instances[handler, identifier] = instance

    def _load_counterparts(self, instances: Iterable[models.Model]) -> None:
        by_model: dict[type[models.Model], set[Any]] = {}
        for instance in instances:
            if self._is_in_another_locale(instance):
                by_model.setdefault(_model(instance), set()).add(_translation_key(instance))
        for model, keys in by_model.items():
            self._counterparts.update(((model, key), None) for key in keys)
            ordered = sorted(keys, key=str)
            for start in range(0, len(ordered), CHUNK):
                rows: Any = model._default_manager.filter(
                    translation_key__in=ordered[start : start + CHUNK],
                    locale__language_code=self.locale,
                )
                for row in rows.specific() if model is Page else rows:
                    self._counterparts[model, row.translation_key] = row

    def instance(self, handler: Any, given: Given) -> models.Model | None:
        """The target of a link; None if it does not exist, or the handler has no model."""
        key = handler, given.get("id", "")
        if key in self._instances:
            return self._instances[key]

        def load() -> models.Model | None:
            try:
                return handler.get_instance(given)  # type: ignore[no-any-return]
            except (AttributeError, NotImplementedError, *NOT_FOUND):
                return None

        # A project's handler may read the active language, which is the document's.
        return self.snapshot.shared.get((handler, frozenset(given.items()), self.locale), load)

    def public_counterpart(self, instance: models.Model) -> models.Model | None:
        """As `SiteSnapshot.public_counterpart`, in the document's locale."""
        key = _model(instance), getattr(instance, "translation_key", None)
        if key not in self._counterparts or not self._is_in_another_locale(instance):
            return self.snapshot.public_counterpart(instance, self.locale)
        found = self._counterparts[key]
        return found if found is not None and self.snapshot.is_public(found) else None

    def _is_in_another_locale(self, instance: models.Model) -> bool:
        return (
            bool(self.locale)
            and isinstance(instance, TranslatableMixin)
            and self.snapshot.language_of(instance) != self.locale
        )


def _has_standard_lookup(handler: Any) -> bool:
    """Whether a handler finds its target by the id alone, as Wagtail's do."""
    lookup = getattr(getattr(handler, "get_instance", None), "__func__", None)
    return lookup is EntityHandler.get_instance.__func__


def _model(instance: models.Model) -> type[models.Model]:
    return Page if isinstance(instance, Page) else type(instance)


def _translation_key(instance: Any) -> Any:
    return instance.translation_key
