"""A copy that is made to be translated starts as a draft.

Wagtail resets a copied page; a copied snippet keeps the original's state, so that a translation
nobody has made yet would count as published, with the original's dates and live revision.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.models import DraftStateMixin, Page
from wagtail.signals import copy_for_translation_done


def start_as_draft(
    sender: type, source_obj: models.Model, target_obj: models.Model, **kwargs: Any
) -> None:
    """Reset the published state of a snippet that was copied into another locale."""
    if not isinstance(target_obj, DraftStateMixin) or isinstance(target_obj, Page):
        return
    target_obj.live = False
    target_obj.has_unpublished_changes = True
    target_obj.live_revision = None
    target_obj.first_published_at = None
    target_obj.last_published_at = None
    target_obj.go_live_at = None
    target_obj.expire_at = None
    target_obj.expired = False


def connect() -> None:
    """Listen to Wagtail's copies."""
    copy_for_translation_done.connect(
        start_as_draft, dispatch_uid="wagtail_localize_desk.draft_copies.start_as_draft"
    )
