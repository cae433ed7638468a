"""A published source updates its translations in the same transaction, without a button.

wagtail-localize takes the content of a source when it is submitted, and then only when somebody
presses "Sync". A draft changes nothing here.
"""

from __future__ import annotations

import functools
import json
from contextvars import ContextVar
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.signals import post_save
from django.dispatch import Signal
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import DraftStateMixin, TranslatableMixin
from wagtail.signals import published
from wagtail_localize.models import Translation, TranslationSource, get_schema_version

from wagtail_localize_desk.hand_written import show_conflicts
from wagtail_localize_desk.segment_refresh import refresh_segments as _refresh
from wagtail_localize_desk.source_changes import follow_source
from wagtail_localize_desk.source_content import content_of, field_digests, submitted_content
from wagtail_localize_desk.source_lifecycle import note_publication

#: Sent with `source` and `instance` when a text that was submitted for translation is public.
source_published = Signal()
#: What the publish that is running makes public, and was not before.
_turning_public: ContextVar[Any] = ContextVar("turning_public", default=None)

_publish = PublishRevisionAction.execute


@functools.wraps(_publish)
def publish(action: PublishRevisionAction, *args: Any, **kwargs: Any) -> Any:
    """Publish a revision in one transaction with the states of its translations."""
    token = _turning_public.set(None if action.object.live else action.object)
    try:
        with transaction.atomic():
            return _publish(action, *args, **kwargs)
    finally:
        _turning_public.reset(token)


def refresh_segments(source: TranslationSource) -> None:
    """Update wagtail-localize's segments of `source`, and the states of its translations."""
    _refresh_from(source, submitted_content(source))


def _refresh_from(source: TranslationSource, instance: models.Model) -> None:
    with transaction.atomic():
        _refresh(source, instance)
        follow_source(source)


def follow_publication(instance: Any) -> None:
    """Update the source of translations with the content of `instance`, which is published.

    Translations that wait although it is public again are noted.
    """
    source = (
        TranslationSource.objects.filter(
            object_id=instance.translation_key, locale_id=instance.locale_id
        )
        .select_related("locale")
        .first()
    )
    if source is None:
        return
    _take_content(source, instance)
    source_published.send(sender=type(instance), source=source, instance=instance)
    if instance is _turning_public.get():
        note_publication(instance)


def _take_content(source: TranslationSource, instance: Any) -> None:
    content = content_of(instance)
    model = type(instance)
    if field_digests(model, json.loads(source.content_json)) == field_digests(model, content):
        return
    source.content_json = json.dumps(content, cls=DjangoJSONEncoder)
    source.object_repr = str(instance)[:200]
    source.schema_version = get_schema_version(model._meta.app_label)
    source.last_updated_at = timezone.now()
    source.save(update_fields=["content_json", "object_repr", "schema_version", "last_updated_at"])
    _refresh_from(source, instance)


def handle_published(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if isinstance(instance, TranslatableMixin):
        follow_publication(instance)


def handle_saved(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any
) -> None:
    """A snippet without drafts is public as soon as it is saved; children belong to a parent."""
    if raw or not isinstance(instance, TranslatableMixin) or isinstance(instance, DraftStateMixin):
        return
    if not any(isinstance(field, ParentalKey) for field in sender._meta.fields):
        follow_publication(instance)


def handle_translation_saved(
    sender: type[Translation], instance: Translation, raw: bool = False, **kwargs: Any
) -> None:
    """A submitted, stopped or restarted translation."""
    if raw:
        return
    language = instance.target_locale.language_code
    follow_source(instance.source, [language])
    if instance.enabled:
        show_conflicts(instance.source.object_id, language)


def register_signal_handlers() -> None:
    """Connect the signal handlers."""
    uid = "wagtail_localize_desk.source_publication"
    published.connect(handle_published, dispatch_uid=uid)
    post_save.connect(handle_saved, dispatch_uid=uid)
    post_save.connect(handle_translation_saved, sender=Translation, dispatch_uid=f"{uid}.saved")
