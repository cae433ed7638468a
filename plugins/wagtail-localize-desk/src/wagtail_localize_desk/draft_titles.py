"""The title of a translated page's draft, which Wagtail's lists show.

It is written with each translation of a title. A translation may be of any length until it is
published, and PostgreSQL refuses what is longer than its column.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, post_save_string_translation


def handle_saved(sender: type[Any], instance: StringTranslation, **kwargs: Any) -> None:
    """Show as much of a page's translated title as fits."""
    if instance.context.path != "title":
        return
    fits = instance.data[: Page._meta.get_field("draft_title").max_length]
    Page.objects.filter(
        translation_key=instance.context.object_id, locale_id=instance.locale_id
    ).update(draft_title=fits)


def register_signal_handlers() -> None:
    """Take the place of wagtail-localize's handler."""
    post_save.disconnect(post_save_string_translation, sender=StringTranslation)
    post_save.connect(
        handle_saved, sender=StringTranslation, dispatch_uid="wagtail_localize_desk.draft_titles"
    )
