"""Translated titles and descriptions of library files, as reported by the translation plugin.

`WAGTAIL_DELIVERY["FILE_TEXTS"]` names the plugin: a callable that takes files, each as its model
and its primary key, and a language code, and returns for those with public texts in that language
an object with the attributes of `FileTexts`. Without one, every document shows the library's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.content.loaded_instances import loaded_instances
from wagtail_delivery.content.translation_status import provider

#: A library file, by its model and its primary key.
File = tuple[type[models.Model], Any]
#: The texts of a file, by the names of their fields.
TEXTS = ("title", "description")


@dataclass(frozen=True)
class FileTexts:
    """The texts of a file in one language; what is missing has no words in that language."""

    #: By the name of the field.
    texts: Mapping[str, str] = field(default_factory=dict)
    #: Language codes of those that are in another language after all.
    languages: Mapping[str, str] = field(default_factory=dict)
    #: Names of those whose source has changed since they were translated.
    stale: frozenset[str] = frozenset()


#: The texts of a file that is not translated.
NO_TEXTS = FileTexts()


def file_texts(files: Collection[File], language: str) -> dict[File, FileTexts]:
    """The public texts of `files` in `language`, of each file that has any."""
    path = delivery_settings().FILE_TEXTS
    if path is None:
        return {}
    return {
        file: FileTexts(dict(found.texts), dict(found.languages), frozenset(found.stale))
        for file, found in provider(path)(files, language).items()
    }


def files_near(values: Collection[Any]) -> Iterator[File]:
    """The files that are loaded within `values`, or that loaded instances point at."""
    library = (AbstractImage, AbstractDocument)
    for instance in loaded_instances(values):
        if isinstance(instance, library):
            yield type(instance), instance.pk
        for each in instance._meta.concrete_fields:
            model = each.related_model
            if isinstance(model, type) and issubclass(model, library):
                pk = vars(instance).get(each.attname)
                yield from [] if pk is None else [(model, pk)]
