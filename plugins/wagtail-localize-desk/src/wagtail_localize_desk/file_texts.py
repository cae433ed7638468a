"""The library's own words follow its files, and tell who shows them when others became public.

A row exists once a file's texts were submitted. Until then nothing is kept of a file.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from wagtail.models import Locale
from wagtail.signals import published, unpublished
from wagtail_localize.models import Translation

from wagtail_localize_desk.file_text_models import (
    FileTexts,
    key_of_file,
    library_language,
    library_models,
    library_row,
    rows_of_file,
    texts_of_file,
)

#: Sent with `file` when the public texts of an image or document, or their status, have changed in
#: some language, in the transaction that changed them.
file_texts_changed = Signal()


def ensure_library_row(file: models.Model) -> FileTexts | None:
    """The row with the library's own words of a file, made if there is none.

    None if the library's language is no locale.
    """
    row = library_row(file)
    locale = Locale.objects.filter(language_code=library_language()).first()
    if row is not None or locale is None:
        return row
    with transaction.atomic():
        row, is_new = FileTexts.objects.get_or_create(
            translation_key=key_of_file(type(file), file.pk),
            locale=locale,
            defaults={
                "file_type": ContentType.objects.get_for_model(file),
                "file_id": str(file.pk),
                **texts_of_file(file),
            },
        )
        if is_new:
            row.save_revision().publish()
    return row


def follow_file(file: models.Model) -> None:
    """Publish the words that a file has now as those of its row, if there is one."""
    row = library_row(file)
    texts = texts_of_file(file)
    if row is None or all(getattr(row, name) == text for name, text in texts.items()):
        return
    for name, text in texts.items():
        setattr(row, name, text)
    with transaction.atomic():
        row.save_revision().publish()


def handle_file_saved(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any
) -> None:
    if not raw:
        follow_file(instance)


def handle_file_deleted(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Delete the texts of a deleted file; the desk keeps their strings."""
    for row in rows_of_file(instance):
        row.delete()


def handle_texts_changed(sender: Any, instance: models.Model, **kwargs: Any) -> None:
    """Texts that were published, unpublished or deleted."""
    if isinstance(instance, FileTexts) and (file := instance.file) is not None:
        file_texts_changed.send(sender=FileTexts, file=file)


def handle_translation_saved(
    sender: Any, instance: Translation, raw: bool = False, **kwargs: Any
) -> None:
    """A translation of a file's texts that was stopped or restarted."""
    if raw:
        return
    row = FileTexts.objects.filter(
        translation_key=instance.source.object_id, locale_id=instance.target_locale_id
    ).first()
    if row is not None:
        handle_texts_changed(FileTexts, row)


def register_signal_handlers() -> None:
    """Connect the signal handlers, after those of `source_publication`.

    Those bring the states of translations up to date, and who is told then asks for them.
    """
    uid = "wagtail_localize_desk.file_texts"
    for model in library_models():
        post_save.connect(handle_file_saved, sender=model, dispatch_uid=f"{uid}.saved")
        post_delete.connect(handle_file_deleted, sender=model, dispatch_uid=f"{uid}.deleted")
    published.connect(handle_texts_changed, sender=FileTexts, dispatch_uid=uid)
    unpublished.connect(handle_texts_changed, sender=FileTexts, dispatch_uid=uid)
    post_delete.connect(handle_texts_changed, sender=FileTexts, dispatch_uid=uid)
    post_save.connect(handle_translation_saved, sender=Translation, dispatch_uid=uid)
