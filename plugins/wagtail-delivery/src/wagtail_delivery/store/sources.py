"""Sources: the instances that documents are compiled from, as "app.model:pk"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from wagtail.models import Page, TranslatableMixin

from wagtail_delivery.compiler.documents import CompiledDocument, compile_instance
from wagtail_delivery.compiler.sites import SITE_SOURCE, compile_site
from wagtail_delivery.content.snapshot import SiteSnapshot, makes_address
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.schema.registry import content_types


def load(source: str) -> models.Model | None:
    """The instance that `source` names; None if it no longer exists.

    Also None for a page whose specific model is another than the one that `source` names.
    """
    return load_all([source]).get(source)


def load_all(sources: Iterable[str]) -> dict[str, models.Model]:
    """The instances that `sources` name, as `load` does, with one query for each model."""
    wanted: dict[str, list[str]] = {}
    for source in sources:
        label, _colon, pk = source.partition(":")
        wanted.setdefault(label, []).append(pk)
    found: dict[str, models.Model] = {}
    for label, pks in wanted.items():
        model: Any = apps.get_model(label)
        rows = model._default_manager.filter(pk__in=pks)
        if issubclass(model, TranslatableMixin):
            # Its language is asked for again and again.
            rows = rows.select_related("locale")
        for instance in rows:
            if not (isinstance(instance, Page) and instance.specific_class is not model):
                found[f"{label}:{instance.pk}"] = instance
    return found


def compile_source(
    source: str, snapshot: SiteSnapshot, loaded: Mapping[str, models.Model]
) -> CompiledDocument | None:
    """The compiled document of `source`, whose instance is among `loaded`; None if not public."""
    if source.startswith(SITE_SOURCE):
        return compile_site(source, snapshot)
    instance = loaded.get(source)
    return compile_instance(instance, snapshot) if instance is not None else None


def all_sources() -> Iterator[str]:
    """The sources of all instances that may have a document, in a fixed order."""
    for content_type in content_types():
        label = content_type.model._meta.label_lower
        primary_keys = content_type.model._default_manager.order_by("pk").values_list(
            "pk", flat=True
        )
        for pk in primary_keys.iterator():
            yield f"{label}:{pk}"


def sources_without_address() -> set[str]:
    """The sources of live pages without a document whose models make their addresses themselves.

    Any row may give such a page an address, and it has no document that could depend on that row.
    """
    found: set[str] = set()
    for content_type in content_types():
        model: Any = content_type.model
        if issubclass(model, Page) and makes_address(model):
            prefix = f"{model._meta.label_lower}:"
            source = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()))
            stored = Exists(PublishedDocument.objects.filter(source=source))
            rows = model._default_manager.filter(~stored, live=True).values_list("pk", flat=True)
            found.update(f"{prefix}{pk}" for pk in rows)
    return found


def stored_sources() -> set[str]:
    """The sources of all stored documents."""
    return set(PublishedDocument.objects.values_list("source", flat=True))
