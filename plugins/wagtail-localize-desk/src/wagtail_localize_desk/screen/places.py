"""Where a text is: its names in the editor of its source, its order there, and its limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import Block, ListBlock, RichTextBlock
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail_localize.views.edit_translation import TabHelper

from wagtail_localize_desk.html_texts import TEXT_ATTRIBUTES
from wagtail_localize_desk.table_texts import place_in_table

#: Fields without a panel come after all others.
LAST = 1_000_000


@dataclass(frozen=True)
class Place:
    """The place of a text in its page or snippet."""

    #: The tab of the source's editor.
    tab: str
    #: The field or block at the top, and its key, which differs for each block.
    section: str
    section_key: str
    #: The name of the text in its section; empty if the section is the text.
    name: str
    order: int
    #: What Django and Wagtail check when the text is saved there.
    validators: Sequence[Callable[[Any], None]] = field(default=(), compare=False)

    @property
    def full_name(self) -> str:
        return f"{self.section} › {self.name}" if self.name else self.section

    @property
    def has_panel(self) -> bool:
        return self.order < LAST


class Places:
    """The places of the texts of one model."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self._panels = TabHelper(model())
        self._found: dict[tuple[str, str], Place] = {}

    @property
    def tabs(self) -> list[str]:
        return [str(tab) for tab in self._panels.tabs]

    def at(self, path: str, field_path: str) -> Place:
        """The place at a content path, with wagtail-localize's path of fields and blocks."""
        key = (path, field_path)
        if key not in self._found:
            self._found[key] = self._place(path.split("."), (field_path or path).split("."))
        return self._found[key]

    def _place(self, path: list[str], names: list[str]) -> Place:
        tab, order = self._panel(names[0])
        try:
            model_field = self.model._meta.get_field(names[0])
        except FieldDoesNotExist:
            return Place(tab, capfirst(names[0]), names[0], "", order)
        if isinstance(model_field, StreamField) and len(names) > 1:
            top = model_field.stream_block.child_blocks.get(names[1])
            labels, leaf = _in_block(top, names[2:])
            section = str(top.label) if top is not None else names[1]
            # wagtail-localize's paths go no deeper than the parts that it knows.
            rest = path[len(names) :]
            if rest and isinstance(leaf, TableBlock | BaseTypedTableBlock):
                labels.append(place_in_table(rest))
            elif rest:
                labels += _attribute(rest) or [".".join(rest).strip("'")]
            return Place(
                tab,
                capfirst(section),
                ".".join(path[:2]),
                " › ".join(labels),
                order,
                _block_validators(leaf),
            )
        if isinstance(model_field, models.ManyToOneRel) and len(names) > 1:
            child = model_field.related_model
            child_field = child._meta.get_field(names[1])
            return Place(
                tab,
                capfirst(str(child._meta.verbose_name)),
                ".".join(path[:2]),
                " › ".join(
                    (
                        capfirst(str(getattr(child_field, "verbose_name", names[1]))),
                        *_attribute(path[3:]),
                    )
                ),
                order,
                _field_validators(child_field),
            )
        name = capfirst(str(getattr(model_field, "verbose_name", names[0])))
        part = "".join(_attribute(path[1:]))
        return Place(tab, name, names[0], part, order, _field_validators(model_field))

    def _panel(self, name: str) -> tuple[str, int]:
        try:
            tab, order = self._panels.get_field_tab(name), self._panels.get_field_order(name)
        except KeyError:
            return self.tabs[0], LAST
        return str(tab), int(order)


def _attribute(path: Sequence[str]) -> list[str]:
    """The name of an attribute of a rich text; links are known by their address."""
    if list(path) == ["alt"]:
        return [_("Alternative text")]
    return [path[0]] if len(path) == 1 and path[0] in TEXT_ATTRIBUTES else []


def _in_block(block: Block | None, names: Sequence[str]) -> tuple[list[str], Block | None]:
    """The labels of the blocks below `block`, and the last of them."""
    labels: list[str] = []
    for name in names:
        if isinstance(block, ListBlock):
            block = block.child_block
            continue
        block = getattr(block, "child_blocks", {}).get(name)
        labels.append(capfirst(str(block.label)) if block is not None else name)
    return labels, block


def _field_validators(model_field: Any) -> Sequence[Callable[[Any], None]]:
    # The strings of a rich text are only parts of it.
    is_text = isinstance(model_field, models.CharField | models.TextField)
    if isinstance(model_field, RichTextField) or not is_text:
        return ()
    return tuple(model_field.validators)


def _block_validators(block: Any) -> Sequence[Callable[[Any], None]]:
    if isinstance(block, RichTextBlock):
        return ()
    return tuple(getattr(getattr(block, "field", None), "validators", ()))
