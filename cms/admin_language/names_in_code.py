"""Form fields, columns, blocks, models and their fields that have no name but that in the code.

Django and Wagtail make words of it ("link_text" is "Link text") without offering them for
translation. Here these words are messages like others.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.forms import boundfield
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui import tables
from wagtail.blocks import Block
from wagtail.fields import StreamField
from wagtail_localize.models import LocaleSynchronization
from wagtail_localize.views.report import TranslationsReportFilterSet

#: Those that an admin sees and no package says elsewhere, as Django and Wagtail make them.
NAMES = (
    # Of form fields.
    gettext_noop("Body"),
    gettext_noop("Content types"),
    gettext_noop("Include descendants"),
    gettext_noop("Link text"),
    gettext_noop("Phone number"),
    gettext_noop("Role"),
    gettext_noop("Subject"),
    # Of columns.
    gettext_noop("Port"),
    gettext_noop("Root page"),
    gettext_noop("Site name"),
    # Of models and their fields.
    gettext_noop("alias of"),
    gettext_noop("locale"),
    gettext_noop("locales"),
    gettext_noop("resolved by"),
    gettext_noop("translation"),
    gettext_noop("translations"),
)
#: Those that would be two words after each other, or the wrong ones.
FILTERS = {"source_locale": _("Source locale"), "target_locale": _("Target locale")}


def mend() -> None:
    """Let all of them be translated."""
    _translate_what_makes_words()
    for model in apps.get_models(include_auto_created=True):
        _name_model(model)
        for field in model._meta.get_fields():
            _name_field(field)
            if isinstance(field, StreamField):
                _name_blocks(field.stream_block)
    LocaleSynchronization._meta.get_field("sync_from").verbose_name = _("content from")
    for name, label in FILTERS.items():
        TranslationsReportFilterSet.base_filters[name].label = label


def _translate_what_makes_words() -> None:
    # The functions that these modules call whenever a form is shown, and once for each column.
    of_fields, of_columns = vars(boundfield), vars(tables)
    pretty_name, capfirst = of_fields["pretty_name"], of_columns["capfirst"]
    of_fields["pretty_name"] = lambda name: gettext(pretty_name(name)) if name else ""
    of_columns["capfirst"] = lambda name: _(capfirst(name))


def _name_model(model: type[models.Model]) -> None:
    # Migrations look at what the class says itself; they see nothing of this.
    options, own = model._meta, model._meta.original_attrs
    if "verbose_name" not in own:
        one = str(options.verbose_name)
        options.verbose_name = _(one)
        if "verbose_name_plural" not in own:
            options.verbose_name_plural = _(f"{one}s")


def _name_blocks(block: Block) -> None:
    """A block and those within it."""
    if block.label and not getattr(block.meta, "label", None):
        block.label = _(str(block.label))
    within = getattr(block, "child_blocks", {})
    for child in [*within.values(), getattr(block, "child_block", None)]:
        if child is not None:
            _name_blocks(child)


def _name_field(field: Any) -> None:
    # `_verbose_name` is what the class says.
    if isinstance(field, models.Field) and vars(field)["_verbose_name"] is None:
        name = field.verbose_name
        if name and not isinstance(name, Promise):
            field.verbose_name = _(name)
