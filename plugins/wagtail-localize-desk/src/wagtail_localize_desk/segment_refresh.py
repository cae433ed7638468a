"""wagtail-localize's segments of a source, updated with the same number of queries for any number.

wagtail-localize asks three to five queries for each string, which is too slow for the transaction
of a publish.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    String,
    StringSegment,
    Template,
    TemplateSegment,
    TranslatableObject,
    TranslationContext,
    TranslationSource,
)
from wagtail_localize.segments import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.segments.extract import extract_segments

from wagtail_localize_desk.wording import hash_of

Key = TypeVar("Key", bound=Hashable)


@transaction.atomic(savepoint=False)
def refresh_segments(source: TranslationSource, instance: models.Model) -> None:
    """Update the segments of `source` from `instance`, as wagtail-localize does one by one."""
    values = extract_segments(instance)
    contexts = _contexts(source, instance, values)
    strings = [value for value in values if isinstance(value, StringSegmentValue)]
    templates = [value for value in values if isinstance(value, TemplateSegmentValue)]
    related = [value for value in values if isinstance(value, RelatedObjectSegmentValue)]
    overridable = [value for value in values if isinstance(value, OverridableSegmentValue)]
    string_keys = _strings(source, strings)
    _replace(
        source,
        contexts,
        StringSegment,
        strings,
        lambda value: {
            "string_id": string_keys[value.string.data],
            "attrs": json.dumps(value.attrs, cls=DjangoJSONEncoder),
        },
    )
    template_keys = _templates(templates)
    _replace(
        source,
        contexts,
        TemplateSegment,
        templates,
        lambda value: {"template_id": template_keys[_template_id(value)]},
    )
    _make_objects(related)
    _replace(
        source,
        contexts,
        RelatedObjectSegment,
        related,
        lambda value: {"object_id": value.translation_key},
    )
    _replace(
        source,
        contexts,
        OverridableSegment,
        overridable,
        lambda value: {"data_json": json.dumps(value.data, cls=DjangoJSONEncoder)},
    )


def _contexts(
    source: TranslationSource, instance: models.Model, values: Iterable[Any]
) -> dict[str, int]:
    """Primary keys of the contexts of all values, by content path."""
    rows = TranslationContext.objects.filter(object_id=source.object_id)
    known = {context.path: context for context in rows}
    missing = [
        TranslationContext(
            object_id=source.object_id, path=path, path_id=TranslationContext._get_path_id(path)
        )
        for path in dict.fromkeys(value.path for value in values)
        if path not in known
    ]
    paths = {value.path for value in values}
    old = [
        context for context in known.values() if context.path in paths and not context.field_path
    ]
    for context in (*missing, *old):
        _set_field_path(context, instance)
    TranslationContext.objects.bulk_update(old, ["field_path"])
    made = TranslationContext.objects.bulk_create(missing)
    return {context.path: context.pk for context in (*known.values(), *made)}


def _set_field_path(context: TranslationContext, instance: models.Model) -> None:
    """Set the field path without a query: upstream saves each context by itself."""
    context.save = lambda **kwargs: None
    context.get_field_path(instance)
    del context.save


def _strings(source: TranslationSource, values: Iterable[StringSegmentValue]) -> dict[str, int]:
    """Primary keys of the strings of `values`, by their words."""
    hashes = {hash_of(value.string.data): value.string.data for value in values}
    rows = String.objects.filter(locale_id=source.locale_id)
    found = _get_or_create(
        rows,
        "data_hash",
        hashes,
        lambda key: String(locale_id=source.locale_id, data_hash=key, data=hashes[key]),
    )
    return {words: found[key] for key, words in hashes.items()}


def _templates(values: Iterable[TemplateSegmentValue]) -> dict[Any, int]:
    """Primary keys of the templates of `values`, by their ids."""
    by_id = {_template_id(value): value for value in values}
    return _get_or_create(
        Template.objects.all(),
        "uuid",
        by_id,
        lambda key: Template(
            uuid=key,
            template=by_id[key].template,
            template_format=by_id[key].format,
            string_count=by_id[key].string_count,
        ),
    )


def _template_id(value: TemplateSegmentValue) -> Any:
    """wagtail-localize's id of a template (`Template.from_value`)."""
    return uuid.uuid5(uuid.uuid5(Template.BASE_UUID_NAMESPACE, value.format), value.template)


def _make_objects(values: Iterable[RelatedObjectSegmentValue]) -> None:
    """Make wagtail-localize's rows of the objects that `values` point at."""
    by_key = {value.translation_key: value for value in values}
    _get_or_create(
        TranslatableObject.objects.all(),
        "translation_key",
        by_key,
        lambda key: TranslatableObject(translation_key=key, content_type=by_key[key].content_type),
    )


def _get_or_create(
    rows: models.QuerySet[Any], name: str, keys: Iterable[Key], make: Callable[[Key], models.Model]
) -> dict[Key, Any]:
    """Primary keys by the values `keys` of the unique field `name`; makes missing rows."""
    wanted = list(keys)
    if not wanted:
        return {}

    def find() -> dict[Key, Any]:
        return dict(rows.filter(**{f"{name}__in": wanted}).values_list(name, "pk"))

    found = find()
    missing = [make(key) for key in wanted if key not in found]
    if missing:
        # Another transaction may be making the same rows.
        rows.model._default_manager.bulk_create(missing, ignore_conflicts=True)
        found = find()
    return found


def _replace(
    source: TranslationSource,
    contexts: dict[str, int],
    model: type[models.Model],
    values: Sequence[Any],
    content: Callable[[Any], dict[str, Any]],
) -> None:
    """Make the segments of `values` and delete others; unchanged ones keep their primary keys."""
    wanted = {
        (contexts[value.path], value.order, *fields.values()): (value, fields)
        for value in values
        for fields in [content(value)]
    }
    names = next((list(fields) for _value, fields in wanted.values()), [])
    rows = model._default_manager.filter(source=source)
    found: dict[tuple[Any, ...], int] = {}
    superfluous = []
    for pk, *key in rows.values_list("pk", "context_id", "order", *names):
        if tuple(key) in wanted and tuple(key) not in found:
            found[tuple(key)] = pk
        else:
            superfluous.append(pk)
    if superfluous:
        # Nothing refers to segments, so they need not be read before.
        gone = rows.filter(pk__in=superfluous)
        gone._raw_delete(gone.db)
    model._default_manager.bulk_create(
        model(source=source, context_id=contexts[value.path], order=value.order, **fields)
        for key, (value, fields) in wanted.items()
        if key not in found
    )
