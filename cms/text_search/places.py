"""Where a passage stands, in the words of the editing form, and the address of that place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, ListBlock
from wagtail.fields import StreamField

from cms.core.form_links import fragment
from cms.text_search.passages import HEADING, Passage


@dataclass(frozen=True)
class Place:
    """The labels that lead to a passage, and the fragment of the form's address."""

    labels: tuple[str, ...]
    fragment: str

    def __str__(self) -> str:
        return " › ".join(self.labels)


def place_of(passage: Passage, model: type[Model]) -> Place:
    """The place of a passage of `model`. Costs no query."""
    return _Walk(model, passage).place()


class _Walk:
    """Follows the steps of a passage through the fields and blocks that they name."""

    def __init__(self, model: type[Model], passage: Passage) -> None:
        self.model = model
        self.passage = passage
        self.path = passage.content_path.split(".")
        self.labels: list[str] = []
        #: The parts of the content path that are in the form.
        self.used = 0
        self.has_rows = False

    def place(self) -> Place:
        current: Any = self.model
        for step in self.passage.steps:
            current = self._follow(current, step)
        # A form knows its rows by other names than the content path does.
        used = 1 if self.has_rows else self.used
        return Place(tuple(self.labels), fragment(".".join(self.path[:used])))

    def _follow(self, current: Any, step: str) -> Any:
        """The field's or block's content that `step` leads to; None if it has no parts."""
        while isinstance(current, ListBlock):
            self.used += 1
            current = current.child_block
        if isinstance(current, type):
            return self._follow_field(current, step)
        child = getattr(current, "child_blocks", {}).get(step)
        if child is None:
            return None
        self.used += 1
        self.labels.append(self._with_heading(current, str(child.label)))
        return child if isinstance(child, (ListBlock, BaseStreamBlock, BaseStructBlock)) else None

    def _follow_field(self, model: type[Model], step: str) -> Any:
        self.used += 1
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            # A title that code makes.
            self.labels.append(capfirst(_("title")) if step == "title" else step)
            return None
        if field.is_relation and field.one_to_many:
            self.has_rows = True
            rows: Any = field.related_model
            self.labels.append(str(capfirst(rows._meta.verbose_name_plural)))
            return rows
        self.labels.append(str(capfirst(getattr(field, "verbose_name", step))))
        return field.stream_block if isinstance(field, StreamField) else None

    def _with_heading(self, parent: Any, label: str) -> str:
        """A section is known by its heading."""
        heading = self.passage.heading
        if not isinstance(parent, BaseStreamBlock) or not heading:
            return label
        return label if self.passage.steps[-1] == HEADING else f"{label} “{heading}”"
