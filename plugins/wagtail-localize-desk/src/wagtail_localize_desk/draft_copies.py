"""A copy for translation starts as a draft.

Wagtail resets the state of a copied page but not of a copied snippet. Without this module, a copy
that is not translated yet would be live, with the original's dates and live revision.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.models import DraftStateMixin, Page
from wagtail.signals import copy_for_translation_done


def start_as_draft(
    sender: type, source_obj: models.Model, target_obj: models.Model, **kwargs: Any
) -> None:
    """Reset the publishing state of a snippet that was copied into another locale."""
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


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    copy_for_translation_done.connect(
        start_as_draft, dispatch_uid="wagtail_localize_desk.draft_copies.start_as_draft"
    )
