"""The title and the description of a file of the library, in one language.

A file of Wagtail's library is one row for all languages, and stays one. Its texts are rows of their
own: one in the library's language, which follows the file, and its translations.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail_localize.fields import BaseTranslatableField, TranslatableField

#: A file of the library, by its model and its primary key.
File = tuple[type[models.Model], Any]
#: The texts of a file, by the names of their fields.
TEXTS = ("title", "description")
#: Makes the translation keys of rows from the names of their files.
NAMESPACE = uuid.UUID("0c4f0b3e-9d37-4b61-9d0e-5f5f7a2f8f6b")


class FileTexts(
    WorkflowMixin,  # type: ignore[misc]
    DraftStateMixin,  # type: ignore[misc]
    LockableMixin,  # type: ignore[misc]
    RevisionMixin,  # type: ignore[misc]
    TranslatableMixin,  # type: ignore[misc]
    models.Model,
):
    """The texts of an image or a document in one language."""

    file_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", editable=False
    )
    file_id = models.CharField(max_length=255, editable=False)
    # As long as the project's own models of files allow.
    title = models.TextField(_("title"))
    description = models.TextField(_("description"), blank=True)

    translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        TranslatableField(name) for name in TEXTS
    ]
    #: It is no use of the file that keeps anybody from deleting it.
    wagtail_reference_index_ignore = True

    class Meta(TranslatableMixin.Meta):  # type: ignore[misc]
        verbose_name = _("texts of a file")
        verbose_name_plural = _("texts of files")

    def __str__(self) -> str:
        return self.title

    @property
    def file(self) -> Any:
        """The image or document; None if it was deleted."""
        model = self.file_type.model_class()
        return model and model._default_manager.filter(pk=self.file_id).first()

    @property
    def is_of_library(self) -> bool:
        """Whether these are the library's own words, which nobody edits here."""
        return bool(self.locale.language_code == library_language())

    @property
    def is_private(self) -> bool:
        """Whether only some may see the file, or nobody any more; see `rights.is_public`."""
        file = self.file
        return file is None or is_private_file(file)


def library_language() -> str:
    """The language in which the library's files are named and described."""
    try:
        return str(get_supported_content_language_variant(settings.LANGUAGE_CODE))
    except LookupError:  # It is no language of content: nothing of the library is submitted.
        return str(settings.LANGUAGE_CODE)


def library_models() -> list[type[models.Model]]:
    """The project's models of images and documents, without those that have a locale themselves."""
    found: list[type[models.Model]] = []
    if apps.is_installed("wagtail.images"):
        from wagtail.images import get_image_model

        found.append(get_image_model())
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents import get_document_model

        found.append(get_document_model())
    return [model for model in found if not issubclass(model, TranslatableMixin)]


def key_of_file(model: type[models.Model], pk: Any) -> uuid.UUID:
    """The translation key of the texts of a file."""
    return uuid.uuid5(NAMESPACE, f"{model._meta.label_lower}:{pk}")


def texts_of_file(file: Any) -> Mapping[str, str]:
    """The texts of a file in the library's language; documents have no description."""
    return {name: str(getattr(file, name, "") or "") for name in TEXTS}


def is_private_file(file: Any) -> bool:
    """Whether the collection of a file is for some only."""
    collection = getattr(file, "collection", None)
    return collection is not None and bool(collection.get_view_restrictions().exists())


def rows_of_file(file: models.Model) -> models.QuerySet[FileTexts]:
    """The texts of a file in all languages."""
    return FileTexts.objects.filter(translation_key=key_of_file(type(file), file.pk))


def library_row(file: models.Model) -> FileTexts | None:
    """The row with the library's own words of a file, if it was ever submitted."""
    return rows_of_file(file).filter(locale__language_code=library_language()).first()
