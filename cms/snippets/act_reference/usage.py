"""Keeps the usage of an Act complete when it is translated after texts refer to it."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import ReferenceIndex

from cms.snippets.models import Act


def index_new_translation(instance: Act, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Index a new translation of an Act as used by everything that refers to the Act.

    Wagtail indexes references only when the referring text is saved, which may never happen again.
    """
    if not created or raw:
        return
    others = Act.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk)
    users = ReferenceIndex.get_references_to_in_bulk(list(others))
    with transaction.atomic():
        for content_type_id, pk in users.values_list("content_type_id", "object_id").distinct():
            model = ContentType.objects.get_for_id(content_type_id).model_class()
            user = model._base_manager.filter(pk=pk).first() if model else None
            if user is not None:
                ReferenceIndex.create_or_update_for_object(user)


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    post_save.connect(
        index_new_translation, sender=Act, dispatch_uid="cms.snippets.act_reference.usage"
    )
