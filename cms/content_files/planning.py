"""Turns the nodes of a file into values for a model's fields, and finds every mistake."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.fields import BaseTranslatableField

from cms.content_files.content_fields import content_fields
from cms.content_files.entry_types import EntryType, identity
from cms.content_files.plan import InlineChild, SourceEntry
from cms.content_files.planning_blocks import StreamPlanner
from cms.content_files.problems import Problems
from cms.content_files.reader import MappingNode, Node, ScalarNode
from cms.content_files.value_reader import ValueReader, Where


class EntryPlanner(ValueReader):
    """Plans the fields of one entry and fills `entry` with them."""

    def plan(self, node: MappingNode) -> None:
        """Fill the entry from its mapping in the file."""
        items = dict(node.items)
        model = self.entry.entry_type.model
        is_page = self.entry.entry_type.is_page
        if is_page and "parent" in items:
            self.entry.parent = self.reference(items.pop("parent"), Page)
        if not is_page and "slug" in content_fields(model):
            items.setdefault("slug", ScalarNode(node.location, self.entry.key))
        self.entry.locations = {name: item.location for name, item in items.items()}
        for name, value in self.fields(model, MappingNode(node.location, items), Where()).items():
            is_children = isinstance(model._meta.get_field(name), models.ManyToOneRel)
            (self.entry.children if is_children else self.entry.values)[name] = value

    def fields(self, model: type[models.Model], node: MappingNode, where: Where) -> dict[str, Any]:
        """Values for the fields of `model`; children as lists of `InlineChild`."""
        known = content_fields(model)
        values = {}
        for name, item in node.items.items():
            if name not in known:
                self.problems.add(
                    item.location,
                    f"{model.__name__} has no field {name!r}; it has {', '.join(sorted(known))}.",
                )
                continue
            field = known[name].get_field(model)
            values[name] = self.field(field, item, where.below(name, name), known[name])
        for name, translatable_field in known.items():
            field = translatable_field.get_field(model)
            if name not in node.items and _is_required(field):
                self.problems.add(node.location, f"The field {name!r} is missing.")
        return values

    def field(
        self, field: Any, node: Node, where: Where, translatable: BaseTranslatableField
    ) -> Any:
        """The value of one field."""
        if isinstance(field, StreamField):
            return StreamPlanner(self.entry, self.problems).stream(field.stream_block, node, where)
        if isinstance(field, models.ManyToOneRel):
            return self.children(field, node, where)
        if isinstance(field, RichTextField):
            return self.rich_text(node, where)
        if isinstance(field, models.ForeignKey):
            return self.reference(node, field.related_model, optional=field.null)
        text = self.scalar(node)
        if isinstance(field, models.BooleanField):
            return self.yes_or_no(node, text)
        if text is None:
            if not field.blank:
                self.problems.add(node.location, "A value is missing here.")
            return None if field.null else ""
        try:
            value = field.clean(text, None)
        except ValidationError as error:
            self.problems.add_error(node.location, error)
            return None
        if translatable.is_translated(field.model()) and isinstance(value, str):
            self.text(node, where, value)
        return value

    def children(
        self, relation: models.ManyToOneRel, node: Node, where: Where
    ) -> list[InlineChild]:
        """Inline children, from a mapping of their names to their fields."""
        if not isinstance(node, MappingNode):
            self.problems.add(node.location, "Write each of them under a key of its own.")
            return []
        planned = []
        for key, item in node.items.items():
            translation_key = identity(self.entry.name, *where.keys, key)
            if isinstance(item, MappingNode):
                inside = where.below(key, str(translation_key))
                values = self.fields(relation.related_model, item, inside)
                planned.append(InlineChild(translation_key, values))
            else:
                self.problems.add(item.location, "Fields are missing here.")
        return planned


def plan_entry(entry_type: EntryType, key: str, node: Node, problems: Problems) -> SourceEntry:
    """The entry under `key` in the file of `entry_type`."""
    entry = SourceEntry(entry_type, key, node.location)
    if isinstance(node, MappingNode):
        EntryPlanner(entry, problems).plan(node)
    else:
        problems.add(node.location, "Fields are missing here.")
    return entry


def _is_required(field: Any) -> bool:
    if isinstance(field, models.ManyToOneRel | ParentalKey):
        return False
    if field.name == "slug" and issubclass(field.model, Page):
        return True  # A page's address is always chosen deliberately.
    return not field.blank and not field.null and not field.has_default()
