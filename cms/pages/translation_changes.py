"""Telling the delivery API what the translation plugin knows: the two do not know each other."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models.signals import post_save
from wagtail_localize.models import Translation

from cms.headless.publication import publishing
from cms.headless.receivers import tell_changed


def on_translation_saved(instance: Translation, raw: bool = False, **_: Any) -> None:
    """A translation was begun, stopped or restarted: the status of its target may be another."""
    if raw:
        return
    try:
        target = instance.get_target_instance()
    except ObjectDoesNotExist:
        return
    with publishing() as publication:
        tell_changed(target, publication)


def connect() -> None:
    """Listen; once, when the app is ready."""
    post_save.connect(on_translation_saved, sender=Translation, dispatch_uid="cms.pages")
