"""The texts of a file are submitted with the text that shows the file.

What no submitted text shows is nobody's work, and what only some may see stays the library's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.blocks import StreamValue
from wagtail.contrib.typed_table_block.blocks import TypedTable
from wagtail.models import COMMENTS_RELATION_NAME, Locale
from wagtail_localize.models import SourceDeletedError, Translation, TranslationSource
from wagtail_localize.operations import TranslationCreator

from wagtail_localize_desk.file_text_models import (
    File,
    is_private_file,
    key_of_file,
    library_language,
    library_models,
)
from wagtail_localize_desk.file_texts import ensure_library_row
from wagtail_localize_desk.source_content import submitted_content
from wagtail_localize_desk.source_publication import source_published


def files_shown_by(instance: models.Model) -> set[File]:
    """The files that a page or snippet shows in its fields, its blocks and its children.

    Rich text only refers to files: its pictures and links have words of their own.
    """
    return set(_files_of(instance, tuple(library_models())))


def _files_of(instance: Any, library: tuple[type[models.Model], ...]) -> Iterator[File]:
    for field in instance._meta.get_fields():
        if field.many_to_one and isinstance(field.related_model, type):
            if issubclass(field.related_model, library):
                pk = getattr(instance, field.attname)
                yield from [(field.related_model, pk)] if pk is not None else []
        elif field.many_to_many and not field.auto_created:
            if issubclass(field.related_model, library) and instance.pk is not None:
                chosen = getattr(instance, field.name).values_list("pk", flat=True)
                yield from ((field.related_model, pk) for pk in chosen)
        elif field.concrete and isinstance(value := getattr(instance, field.attname), StreamValue):
            yield from _files_in(value, library)
    if isinstance(instance, ClusterableModel):
        for relation in get_all_child_relations(instance):
            if relation.name != COMMENTS_RELATION_NAME:
                for child in getattr(instance, relation.get_accessor_name()).all():
                    yield from _files_of(child, library)


def _files_in(value: Any, library: tuple[type[models.Model], ...]) -> Iterator[File]:
    """The files in the value of a block."""
    if isinstance(value, library):
        yield type(value), value.pk
    elif isinstance(value, StreamValue):
        for child in value:
            yield from _files_in(child.value, library)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _files_in(part, library)
    elif isinstance(value, TypedTable):
        for row in value.rows:
            for cell in row:
                yield from _files_in(cell.value, library)
    elif isinstance(value, list | tuple) or hasattr(value, "bound_blocks"):
        for part in value:
            yield from _files_in(part, library)


def submit_files(files: Iterable[File], locales: Iterable[Locale]) -> None:
    """Submit the texts of public files to each locale in which they are not submitted yet.

    A translation that somebody has stopped stays stopped.
    """
    keys = {key_of_file(model, pk): (model, pk) for model, pk in files}
    wanted = {locale.pk: locale for locale in locales if locale.language_code != library_language()}
    if not keys or not wanted:
        return
    known = set(
        Translation.objects.filter(
            source__object_id__in=keys, target_locale_id__in=wanted
        ).values_list("source__object_id", "target_locale_id")
    )
    for key, (model, pk) in keys.items():
        missing = [locale for locale_id, locale in wanted.items() if (key, locale_id) not in known]
        file = model._default_manager.filter(pk=pk).first() if missing else None
        if file is None or is_private_file(file):
            continue
        row = ensure_library_row(file)
        if row is not None:
            creator = TranslationCreator(None, missing)
            creator.create_translations(row, include_related_objects=False)


def submit_files_with(translation: Translation) -> None:
    """Submit the files that a submitted text shows to the language of its translation."""
    try:
        shown = files_shown_by(submitted_content(translation.source))
    except SourceDeletedError:
        return
    submit_files(shown, [translation.target_locale])


def handle_translation_saved(
    sender: Any, instance: Translation, raw: bool = False, **kwargs: Any
) -> None:
    """A text that was submitted."""
    if not raw and instance.enabled:
        with transaction.atomic():
            submit_files_with(instance)


def handle_source_published(
    sender: Any, source: TranslationSource, instance: models.Model, **kwargs: Any
) -> None:
    """A source whose new version may show other files."""
    translations = source.translations.filter(enabled=True)
    locales = list(Locale.objects.filter(pk__in=translations.values("target_locale_id")))
    if locales:
        submit_files(files_shown_by(instance), locales)


def register_signal_handlers() -> None:
    """Connect the signal handlers."""
    uid = "wagtail_localize_desk.file_submission"
    post_save.connect(handle_translation_saved, sender=Translation, dispatch_uid=uid)
    source_published.connect(handle_source_published, dispatch_uid=uid)
