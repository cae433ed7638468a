"""The language of texts that project code takes from other things than the one it was given.

A property, a serializer or a block can show the title of whatever it reads, which may be in another
locale than the document or be translated in part. So the code runs once more for each such
language, with the texts in it left out of all that it reads: texts of the result that change are in
that language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin
from wagtail.rich_text import RichText

from wagtail_delivery.content.loaded_instances import loaded_instances
from wagtail_delivery.content.replacement import replaced
from wagtail_delivery.content.text_provenance import (
    copy_without,
    copy_without_results,
    differing_texts,
)
from wagtail_delivery.content.titles import title_of
from wagtail_delivery.content.watched_instances import watching_instances
from wagtail_delivery.encoding.base import Compilation, Json, Location
from wagtail_delivery.encoding.query_tracking import Reads, tracking_reads, without_tracking

#: Fields whose values are made of characters and are no text that people read.
CODES = (models.SlugField, models.URLField, models.EmailField, models.FilePathField)
#: Of pages: where they are in the tree.
PLACES = frozenset({"path", "url_path"})

#: The content paths of texts in one instance; None for all its texts.
Paths = frozenset[str] | None
#: Texts in one language, by the model and the primary key of their instances.
Texts = Mapping[tuple[type[models.Model], Any], Paths]


def read_title(
    instance: models.Model, compilation: Compilation, title: Callable[[Any], str] = title_of
) -> tuple[str, str]:
    """The title of `instance`, and the language of what it takes from others ("": nothing foreign).

    A `title` or `__str__` of the project's may read anything.
    """
    if title is title_of and vars(instance).get("title"):  # A field.
        return title(instance), ""
    with tracking_reads(compilation, instance) as read:
        made = title(instance)
        languages = dict(read_languages(compilation, made, title, instance, read))
    return made, languages.get("", "")


def mark_read_texts(
    compilation: Compilation,
    location: Location,
    made: Json,
    make: Callable[[Any], Json],
    value: Any,
    read: Reads,
) -> None:
    """Record the languages of the texts in `made`, at `location`, that are those of others.

    `make(value)` made it, and has read `read` meanwhile.
    """
    for pointer, language in read_languages(compilation, made, make, value, read):
        compilation.mark_read(Location(location.pointer + pointer), language)


def read_languages(
    compilation: Compilation,
    made: Json,
    make: Callable[[Any], Json],
    value: Any,
    read: Reads,
) -> Iterator[tuple[str, str]]:
    """Pointers within `made` of texts that are not in the document's language, with theirs."""
    if not compilation.locale or next(differing_texts(made, None), None) is None:
        return
    others = (one for one in (*loaded_instances(value), *read.instances) if one is not value)
    with without_tracking(compilation):
        by_language = _foreign_texts(others, compilation)
    for language in sorted(by_language):
        other = _made_without(by_language[language], make, value)
        for pointer in differing_texts(made, other):
            yield pointer, language


def _foreign_texts(
    instances: Iterable[models.Model], compilation: Compilation
) -> dict[str, dict[tuple[type[models.Model], Any], Paths]]:
    """The texts in `instances` that are not in the document's language, by language."""
    found: dict[str, dict[tuple[type[models.Model], Any], Paths]] = defaultdict(dict)
    for instance in instances:
        if not isinstance(instance, TranslatableMixin) or instance.pk is None:
            continue
        key = (type(instance), instance.pk)
        language = compilation.snapshot.language_of(instance)
        if compilation.is_foreign(language):
            found[language][key] = None
        elif language:
            for source, paths in _untranslated(instance, compilation):
                if paths and compilation.is_foreign(source):
                    found[source][key] = paths
    return found


def _untranslated(instance: Any, compilation: Compilation) -> Iterator[tuple[str, frozenset[str]]]:
    """The languages of the untranslated texts of `instance`, and their content paths."""
    if any(isinstance(field, ParentalKey) for field in instance._meta.fields):
        # The status of an inline child is part of that of the instance that is being encoded.
        status, step = compilation.status, f"{instance.translation_key}."
        for language, paths in status.untranslated_by_language().items():
            below = (path.partition(step)[2] for path in paths)
            yield language, frozenset(filter(None, below))
        return
    status = compilation.snapshot.translation_status(instance)
    yield from status.untranslated_by_language().items()


def _made_without(texts: Texts, make: Callable[[Any], Json], value: Any) -> Json:
    """What `make(value)` gives if nothing that it reads has `texts`; None if it fails then."""

    def leave_out(instance: models.Model) -> None:
        key = (type(instance), instance.pk)
        if key in texts:
            leave_out_texts(instance, texts[key])

    # What it computed the first time, it computes again.
    given = copy_without_results(value) if isinstance(value, models.Model) else value

    def copy_without_texts(instance: models.Model) -> models.Model:
        key = (type(instance), instance.pk)
        if instance is given or key not in texts:
            return instance
        other = copy_without_results(instance)
        leave_out_texts(other, texts[key])
        return other

    with watching_instances(leave_out):
        try:
            return make(replaced(given, copy_without_texts))
        except Exception:  # the project's code cannot cope without those texts
            return None


def leave_out_texts(instance: models.Model, paths: Paths) -> None:
    """Empty the texts of `instance` at `paths`, or all of them, as far as they are loaded."""
    held = vars(instance)
    if paths is None:
        for field in instance._meta.concrete_fields:
            if field.attname in held and _is_text(field):
                held[field.attname] = _emptied(held[field.attname])
        return
    for path in paths:
        name, *rest = path.split(".")
        part = copy_without(held.get(name), rest)
        if part is not None:
            held[name] = part


def _is_text(field: Any) -> bool:
    """Whether `field` holds texts that people read."""
    if isinstance(field, StreamField | models.JSONField):
        return True
    is_code = field.primary_key or field.choices or isinstance(field, CODES)
    return isinstance(field, models.CharField | models.TextField) and not (
        is_code or field.name in PLACES
    )


def _emptied(value: Any) -> Any:
    if isinstance(value, str):
        return ""
    if isinstance(value, RichText):
        return RichText("")
    if isinstance(value, StreamValue):
        return StreamValue(value.stream_block, [])
    if isinstance(value, dict):
        return {name: _emptied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_emptied(part) for part in value]
    return value
