"""From the nodes of a file to values for a model's fields, with every mistake found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import escape
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, Page
from wagtail_localize.fields import BaseTranslatableField, get_translatable_fields

from cms.content_files.entry_types import EntryType, entry_types, identity
from cms.content_files.plan import EntryReference, InlineChild, Keys, SourceEntry, SourceText
from cms.content_files.planning_blocks import plan_stream
from cms.content_files.problems import Problems
from cms.content_files.reader import MappingNode, Node, ScalarNode

_PUBLISHING_FIELDS = {field.name for field in DraftStateMixin._meta.local_fields}
_YES_AND_NO = {"true": True, "false": False}


@dataclass(frozen=True)
class Where:
    """Where in an entry the planning stands: its keys in the file, and the content path."""

    keys: Keys = ()
    content_path: str = ""

    def below(self, key: str, component: str) -> Where:
        """One step down: `key` in the file, `component` in wagtail-localize's content path."""
        path = f"{self.content_path}.{component}" if self.content_path else component
        return Where((*self.keys, key), path)


class EntryPlanner:
    """Plans one entry; mistakes go to `problems`, texts and values to `entry`."""

    def __init__(self, entry: SourceEntry, problems: Problems) -> None:
        self.entry = entry
        self.problems = problems

    def plan(self, node: MappingNode) -> None:
        """Fill the entry from its mapping in the file."""
        items = dict(node.items)
        if self.entry.entry_type.is_page and "parent" in items:
            self.entry.parent = self.reference(items.pop("parent"), Page)
        if not self.entry.entry_type.is_page and "slug" in content_fields(
            self.entry.entry_type.model
        ):
            items.setdefault("slug", ScalarNode(node.location, self.entry.key))
        self.entry.locations = {name: item.location for name, item in items.items()}
        model = self.entry.entry_type.model
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
            return plan_stream(self, field.stream_block, node, where)
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

    def rich_text(self, node: Node, where: Where) -> str:
        """HTML of one paragraph, or of paragraphs under keys."""
        if isinstance(node, MappingNode):
            paragraphs = [(where.below(key, ""), item) for key, item in node.items.items()]
        else:
            paragraphs = [(where, node)]
        html = ""
        for inside, item in paragraphs:
            text = self.scalar(item)
            if text and "\n" in text.strip():
                self.problems.add(item.location, "Write each paragraph under a key of its own.")
            if text:
                self.text(item, Where(inside.keys, where.content_path), text)
                html += f"<p>{escape(text)}</p>"
        return html

    def reference(
        self, node: Node, model: type[models.Model], optional: bool = False
    ) -> EntryReference | None:
        """Another entry: its key, or its file and key where `model` leaves open which file."""
        text = self.scalar(node)
        if text is None:
            if not optional:
                self.problems.add(node.location, "The name of another entry is missing.")
            return None
        fitting = [
            entry_type.name
            for entry_type in entry_types().values()
            if issubclass(entry_type.model, model)
        ]
        if "/" not in text and len(fitting) == 1:
            text = f"{fitting[0]}/{text}"
        if text.split("/")[0] in fitting:
            return EntryReference(text, node.location)
        self.problems.add(
            node.location, f"Write the entry as file/key; the file is one of {', '.join(fitting)}."
        )
        return None

    def scalar(self, node: Node) -> str | None:
        """The text of a node that is one; None where it is empty."""
        if isinstance(node, ScalarNode):
            return node.text
        self.problems.add(node.location, "A single value belongs here.")
        return None

    def yes_or_no(self, node: Node, text: str | None) -> bool:
        """A value that is true or false."""
        if text not in _YES_AND_NO:
            self.problems.add(node.location, "Write true or false.")
        return _YES_AND_NO.get(text or "", False)

    def text(self, node: Node, where: Where, words: str) -> None:
        """Note a text that every other language needs too."""
        if words.strip():
            self.entry.texts[where.keys] = SourceText(where.content_path, words, node.location)


def content_fields(model: type[models.Model]) -> dict[str, BaseTranslatableField]:
    """What of a model is content: the fields that wagtail-localize knows, but for publishing."""
    return {
        field.field_name: field
        for field in get_translatable_fields(model)
        if field.field_name not in _PUBLISHING_FIELDS
    }


def local_fields(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    """Content fields whose value each language has for itself."""
    blank = model()
    return {
        name: field.get_field(model)
        for name, field in content_fields(model).items()
        if not field.is_translated(blank) and not field.is_synchronized(blank)
    }


def plan_entry(entry_type: EntryType, key: str, node: Node, problems: Problems) -> SourceEntry:
    """The entry that stands under `key` in the file of `kind`."""
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
        return True  # An address is chosen and not made up.
    return not field.blank and not field.null and not field.has_default()
