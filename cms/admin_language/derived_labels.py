"""Labels that Django and Wagtail derive from names in code, made translatable.

A form field, column, block, model or model field without a label of its own is labelled after its
name in code: `link_text` becomes "Link text". Neither package offers these labels for translation.
Here each becomes a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block
from wagtail.fields import StreamField
from wagtail_localize.models import LocaleSynchronization
from wagtail_localize.views.report import TranslationsReportFilterSet

#: Derived labels that the admin shows and no package has in its catalogue.
MESSAGES = (
    # Form fields.
    gettext_noop("Body"),
    gettext_noop("Content types"),
    gettext_noop("Include descendants"),
    gettext_noop("Link text"),
    gettext_noop("Phone number"),
    gettext_noop("Role"),
    gettext_noop("Subject"),
    # Columns.
    gettext_noop("Port"),
    gettext_noop("Root page"),
    gettext_noop("Site name"),
    # Models and their fields.
    gettext_noop("alias of"),
    gettext_noop("locale"),
    gettext_noop("locales"),
    gettext_noop("resolved by"),
    gettext_noop("translation"),
    gettext_noop("translations"),
)


class DerivedLabel(NamedTuple):
    """An attribute that holds a derived label, and its lazy replacement."""

    owner: Any
    name: str
    replacement: Any


def derived_labels() -> list[DerivedLabel]:
    """The labels of all models, fields, blocks and filters; one for each attribute.

    The first one wins: blocks can be shared by several fields.
    """
    found: dict[tuple[int, str], DerivedLabel] = {}
    for label in (*_reworded(), *_of_models()):
        found.setdefault((id(label.owner), label.name), label)
    return [*found.values()]


def translated_pretty_name(pretty_name: Callable[[str], str]) -> Callable[[str], str]:
    """Wrap the function that labels a form field whenever it is shown."""
    return lambda name: gettext(pretty_name(name)) if name else ""


def translated_capfirst(capfirst: Callable[[str], str]) -> Callable[[str], Any]:
    """Wrap the function that labels a column once, when it is declared."""
    return lambda name: _(capfirst(name))


def _reworded() -> Iterator[DerivedLabel]:
    """Labels whose derived words are misleading or run two names together."""
    sync_from = LocaleSynchronization._meta.get_field("sync_from")
    yield DerivedLabel(sync_from, "verbose_name", _("content from"))
    filters = TranslationsReportFilterSet.base_filters
    yield DerivedLabel(filters["source_locale"], "label", _("Source locale"))
    yield DerivedLabel(filters["target_locale"], "label", _("Target locale"))


def _of_models() -> Iterator[DerivedLabel]:
    for model in apps.get_models(include_auto_created=True):
        yield from _of_model(model)
        for field in model._meta.get_fields():
            yield from _of_field(field)
            if isinstance(field, StreamField):
                yield from _of_blocks(field.stream_block)


def _of_model(model: type[models.Model]) -> Iterator[DerivedLabel]:
    # Migrations read `original_attrs`, so they do not see these labels.
    options, declared = model._meta, model._meta.original_attrs
    if "verbose_name" not in declared:
        singular = str(options.verbose_name)
        yield DerivedLabel(options, "verbose_name", _(singular))
        if "verbose_name_plural" not in declared:
            yield DerivedLabel(options, "verbose_name_plural", _(f"{singular}s"))


def _of_blocks(block: Block) -> Iterator[DerivedLabel]:
    """The label of a block and of all blocks within it."""
    if block.label and not getattr(block.meta, "label", None):
        yield DerivedLabel(block, "label", _(str(block.label)))
    children = getattr(block, "child_blocks", {})
    for child in [*children.values(), getattr(block, "child_block", None)]:
        if child is not None:
            yield from _of_blocks(child)


def _of_field(field: Any) -> Iterator[DerivedLabel]:
    # `_verbose_name` is the declared name, or None.
    if isinstance(field, models.Field) and vars(field)["_verbose_name"] is None:
        name = field.verbose_name
        if name and not isinstance(name, Promise):
            yield DerivedLabel(field, "verbose_name", _(name))
