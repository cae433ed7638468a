"""Passes translation changes to the delivery API; neither plugin imports the other."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.db.models.signals import post_save
from wagtail_localize.models import Translation
from wagtail_localize.views.submit_translations import SubmitTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from wagtail_delivery.extending import publish_atomically, record_change
from wagtail_localize_desk.extending import file_texts_changed


def handle_translation_saved(instance: Translation, raw: bool = False, **_: Any) -> None:
    """Record a started, stopped or restarted translation, which may change its target's status."""
    if raw:
        return
    try:
        target = instance.get_target_instance()
    except ObjectDoesNotExist:
        return
    record_change(target)


def handle_file_texts_changed(file: Model, **_: Any) -> None:
    """Record that what shows a library file shows other words, or with another status."""
    record_change(file)


def register_signal_handlers() -> None:
    """Connect the signal handlers and make the views atomic; called once from `ready()`."""
    post_save.connect(handle_translation_saved, sender=Translation, dispatch_uid="cms.editors")
    file_texts_changed.connect(handle_file_texts_changed, dispatch_uid="cms.editors")
    # These views write their own rows and then pages, in one transaction.
    for view in (SubmitTranslationView, UpdateTranslationsView):
        publish_atomically(view, "form_valid")
