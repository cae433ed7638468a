"""Writes an entry of the source language: the instance, its children and its revision."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import models
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision

from cms.content_files.content_fields import content_fields
from cms.content_files.plan import EntryReference, SourceEntry, references_in, resolved

PrimaryKey = Callable[[EntryReference], Any]


def find(entry: SourceEntry, locale: Locale) -> Any | None:
    """The instance of the entry in `locale`, or None."""
    return entry.entry_type.model._default_manager.filter(
        translation_key=entry.translation_key, locale=locale
    ).first()


def create_draft_page(entry: SourceEntry, locale: Locale, parent: Page) -> Any:
    """Create the entry's page as a draft, without values that refer to other entries."""
    page = entry.entry_type.model(translation_key=entry.translation_key, locale=locale, live=False)
    for name, value in entry.values.items():
        if not any(references_in(value)):
            _set(page, name, value)
    parent.add_child(instance=page)
    log(instance=page, action="wagtail.create")
    return page


def write(
    entry: SourceEntry, locale: Locale, instance: Any | None, primary_key: PrimaryKey
) -> Revision:
    """Publish the entry and return the revision; a snippet that does not exist is created.

    Raises ValidationError if the model rejects a value.
    """
    is_new = instance is None
    model: Any = entry.entry_type.model
    if instance is None:
        instance = model(translation_key=entry.translation_key, locale=locale, live=False)
    for name, value in _complete(entry).items():
        _set(instance, name, resolved(value, primary_key))
    for relation in _relations(model):
        _set_children(entry, relation, instance, locale, primary_key)
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            setattr(instance, field.name, field.stream_block.clean(getattr(instance, field.name)))
    if is_new:
        instance.full_clean()
        instance.save()
        log(instance=instance, action="wagtail.create")
    revision: Revision = instance.save_revision(log_action=instance.live)
    revision.publish()
    return revision


def _complete(entry: SourceEntry) -> dict[str, Any]:
    """The entry's values, and the default of each field that the file leaves out."""
    model = entry.entry_type.model
    values = {}
    for name, translatable_field in content_fields(model).items():
        field = translatable_field.get_field(model)
        if isinstance(field, StreamField):
            values[name] = entry.values.get(name, [])
        elif isinstance(field, models.Field):
            values[name] = entry.values.get(name, field.get_default())
    return values


def _set(instance: models.Model, name: str, value: Any) -> None:
    field: Any = instance._meta.get_field(name)
    if isinstance(field, StreamField):
        setattr(instance, name, json.dumps(value))
    else:
        setattr(instance, field.attname, value)


def _relations(model: type[models.Model]) -> list[models.ManyToOneRel]:
    fields = (field.get_field(model) for field in content_fields(model).values())
    return [field for field in fields if isinstance(field, models.ManyToOneRel)]


def _set_children(
    entry: SourceEntry,
    relation: models.ManyToOneRel,
    instance: Any,
    locale: Locale,
    primary_key: PrimaryKey,
) -> None:
    """Set the children from the file, in its order, reusing existing rows."""
    manager = getattr(instance, relation.name)
    rows = {child.translation_key: child.pk for child in manager.all()} if instance.pk else {}
    children = []
    for position, planned in enumerate(entry.children.get(relation.name, [])):
        child = relation.related_model(
            pk=rows.get(planned.translation_key),
            translation_key=planned.translation_key,
            locale=locale,
            sort_order=position,
        )
        for name, value in planned.values.items():
            _set(child, name, resolved(value, primary_key))
        children.append(child)
    manager.set(children)
