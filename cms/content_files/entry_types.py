"""The content type of each file, and the identities of its entries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.apps import apps
from django.db import models
from django.utils.text import camel_case_to_spaces
from modelcluster.fields import ParentalKey
from wagtail.models import Page, TranslatableMixin

# Identities derive from names, so the same text has the same id in every installation.
_NAMESPACE = uuid5(NAMESPACE_DNS, "perkeso.gov.my")


def identity(*names: str) -> UUID:
    """The identity of an object, from the names on the path to it, outermost first."""
    return uuid5(_NAMESPACE, "/".join(names))


@dataclass(frozen=True)
class EntryType:
    """A content type; `name` is the stem of its file, such as `acts`."""

    name: str
    model: type[models.Model]

    @property
    def is_page(self) -> bool:
        return issubclass(self.model, Page)


def entry_types() -> dict[str, EntryType]:
    """Every page type and snippet type of the project, by name."""
    found = {}
    for label in ("snippets", "pages"):
        for model in apps.get_app_config(label).get_models():
            is_child = any(isinstance(field, ParentalKey) for field in model._meta.fields)
            if issubclass(model, TranslatableMixin) and not is_child:
                name = camel_case_to_spaces(model.__name__).replace(" ", "_") + "s"
                found[name] = EntryType(name, model)
    return found
