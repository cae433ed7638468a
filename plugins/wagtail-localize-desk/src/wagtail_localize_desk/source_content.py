"""Digests of the source fields that a translation is made from, for comparing two versions."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import (
    ClusterableModel,
    get_all_child_m2m_relations,
    get_all_child_relations,
    get_serializable_data_for_fields,
)
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, DraftStateMixin, Page, RevisionMixin
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import SourceDeletedError, TranslationSource

#: Publishing dates and state: each locale has its own, and a change needs no new translation.
PUBLISHING_FIELDS = frozenset(field.attname for field in DraftStateMixin._meta.local_fields)

#: References of a page that no translation copies.
OF_A_PAGE = ("alias_of", "content_type", "latest_revision", "live_revision", "locale", "locked_by")


def content_of(instance: Any) -> dict[str, Any]:
    """The JSON content of an instance, as a revision has it."""
    data = get_serializable_data_for_fields(instance)
    if isinstance(instance, ClusterableModel):
        for relation in get_all_child_relations(instance):
            name = relation.get_accessor_name()
            # What editors say to each other is nobody's to translate.
            if name != COMMENTS_RELATION_NAME:
                data[name] = [_child_content(child) for child in getattr(instance, name).all()]
        for field in get_all_child_m2m_relations(instance):
            if field.serialize:
                data[field.name] = [other.pk for other in getattr(instance, field.name).all()]
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return plain


def source_instance(source: TranslationSource) -> Any:
    """The page or snippet of `source` as it is now. Raises SourceDeletedError if it was deleted."""
    try:
        return source.get_source_instance()
    except ObjectDoesNotExist as error:
        raise SourceDeletedError from error


def submitted_content(source: TranslationSource, instance: Any = None) -> Any:
    """The page or snippet of `source` with the content that was submitted, to read.

    As `TranslationSource.as_instance`, and `instance` is it as it is now, for callers that have it.
    What a page has for itself and no translation copies, such as its place, is left out, as each of
    these references costs a query. Raises SourceDeletedError.
    """
    instance = instance or source_instance(source)
    if not isinstance(instance, Page):
        return source.as_instance()
    content = _content_of_page(source)
    content.pop(COMMENTS_RELATION_NAME, None)
    submitted: Any = type(instance).from_serializable_data(content)
    submitted.translation_key, submitted.locale = instance.translation_key, source.locale
    return submitted


def submitted_instance(source: TranslationSource, instance: Any) -> Any:
    """The page or snippet `instance` of `source`, with the content that was submitted, to copy.

    Wagtail would copy a page's draft title, and a snippet's latest revision.
    """
    if isinstance(instance, Page):
        submitted = instance.with_content_json(_content_of_page(source))
        submitted.live_revision_id = instance.live_revision_id
        submitted.draft_title = submitted.title
        return submitted
    submitted = source.as_instance()
    if isinstance(submitted, RevisionMixin):
        submitted.latest_revision = None
    return submitted


def _content_of_page(source: TranslationSource) -> dict[str, Any]:
    return {**json.loads(source.content_json), **dict.fromkeys(OF_A_PAGE)}


def _child_content(child: Any) -> dict[str, Any]:
    if isinstance(child, ClusterableModel):
        found: dict[str, Any] = child.serializable_data()
        return found
    return dict(get_serializable_data_for_fields(child))


def field_digests(model: type[models.Model], content: dict[str, Any]) -> dict[str, str]:
    """A digest for each field of `content` that wagtail-localize translates or copies.

    `content` is the JSON content of a revision or of a translation source. Empty fields have no
    digest, so a field added to the model later counts as a change only once it has a value.
    """
    plain = _without_keys(model, content)
    return {
        name: hashlib.sha256(json.dumps(plain[name], sort_keys=True).encode()).hexdigest()
        for name in _compared_fields(model)
        if plain.get(name)
    }


def changed_fields(
    model: type[models.Model], made_from: dict[str, str], now: dict[str, str]
) -> set[str]:
    """Names of fields whose digests differ, without fields that `model` no longer has."""
    return {name for name in _compared_fields(model) if made_from.get(name) != now.get(name)}


@cache
def _compared_fields(model: type[models.Model]) -> frozenset[str]:
    blank = model()
    return frozenset(
        field.field_name
        for field in get_translatable_fields(model)
        if field.field_name not in PUBLISHING_FIELDS
        and (field.is_translated(blank) or field.is_synchronized(blank))
    )


def _without_keys(model: type[models.Model], content: dict[str, Any]) -> dict[str, Any]:
    """`content` with stream values parsed, and children without database keys.

    Children of a revision may not be saved yet and then have no keys.
    """
    plain = dict(content)
    for field in model._meta.concrete_fields:
        value = plain.get(field.name)
        if isinstance(field, StreamField) and isinstance(value, str):
            plain[field.name] = json.loads(value)
    if not hasattr(model, "copy_child_relation"):
        return plain
    for relation in get_all_child_relations(model):
        child = relation.related_model
        keys = {
            "pk",
            *(field.name for field in child._meta.fields if isinstance(field, ParentalKey)),
        }
        plain[relation.name] = [
            {name: value for name, value in _without_keys(child, item).items() if name not in keys}
            for item in plain.get(relation.name) or []
        ]
    return plain
