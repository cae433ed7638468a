"""A copy for translation starts as a draft.

Wagtail resets the state of a copied page but not of a copied snippet. Without this module, a copy
that is not translated yet would be live, with the original's dates and live revision. A snippet
without drafts is not copied at all.
"""

from __future__ import annotations

import functools
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Locale, Page
from wagtail.signals import copy_for_translation_done
from wagtail_localize.views.submit_translations import SubmitTranslationForm

_form_init = SubmitTranslationForm.__init__


def starts_as_draft(model: type[models.Model]) -> bool:
    """Whether a copy of this type can wait for its translation without being public."""
    return issubclass(model, DraftStateMixin)


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


@functools.wraps(_form_init)
def init_form(
    form: SubmitTranslationForm, instance: models.Model, *args: Any, **kwargs: Any
) -> None:
    """The form for submissions; it offers no locale for a snippet without drafts, and says why."""
    _form_init(form, instance, *args, **kwargs)
    if not starts_as_draft(type(instance)):
        locales = form.fields["locales"]
        locales.queryset = Locale.objects.none()
        locales.help_text = _(
            "Entries of this type have no drafts. A translation would be public at once, before "
            "anybody has translated it, so they cannot be submitted."
        )


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    copy_for_translation_done.connect(
        start_as_draft, dispatch_uid="wagtail_localize_desk.draft_copies.start_as_draft"
    )
