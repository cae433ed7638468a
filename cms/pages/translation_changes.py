"""Telling the delivery API what the translation plugin knows: the two do not know each other."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models.signals import post_save
from wagtail_localize.models import Translation
from wagtail_localize.views.submit_translations import SubmitTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from cms.headless.content.dependency_keys import address_key, key_of
from cms.headless.publishing.signal_handlers import record_change
from cms.headless.publishing.transaction import publishing
from cms.headless.publishing.wagtail_patches import make_atomic


def on_translation_saved(instance: Translation, raw: bool = False, **_: Any) -> None:
    """A translation was begun, stopped or restarted: the status of its target may be another."""
    if raw:
        return
    try:
        target = instance.get_target_instance()
    except ObjectDoesNotExist:
        return
    with publishing() as publication:
        record_change(target, publication)
        # Other documents say in which language its title is.
        publication.keys.add(address_key(key_of(target)))


def connect() -> None:
    """Listen; once, when the app is ready."""
    post_save.connect(on_translation_saved, sender=Translation, dispatch_uid="cms.pages")
    # These write their own rows, and then pages, in one transaction.
    for view in (SubmitTranslationView, UpdateTranslationsView):
        make_atomic(view, "form_valid")
