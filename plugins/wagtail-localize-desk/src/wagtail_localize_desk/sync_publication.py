"""A sync publishes what is public; what somebody took offline stays offline."""

from __future__ import annotations

import functools
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import DraftStateMixin
from wagtail_localize.models import Translation
from wagtail_localize.views.update_translations import (
    UpdateTranslationsForm,
    UpdateTranslationsView,
)

from wagtail_localize_desk.source_lifecycle import was_unpublished
from wagtail_localize_desk.untranslated_publication import Untranslated, UntranslatedTextError

_form_valid = UpdateTranslationsView.form_valid


@functools.wraps(_form_valid)
def publish_synced(view: UpdateTranslationsView, form: UpdateTranslationsForm) -> HttpResponseBase:
    """Sync all translations and publish them if the form says so, but for those taken offline.

    Raises `UntranslatedTextError` for all of them together, and then changes nothing.
    """
    is_publishing = form.cleaned_data["publish_translations"]
    form.cleaned_data["publish_translations"] = False
    with transaction.atomic():
        response: HttpResponseBase = _form_valid(view, form)
        if is_publishing:
            _publish(view)
    return response


def _publish(view: UpdateTranslationsView) -> None:
    untranslated: list[Untranslated] = []
    offline: list[str] = []
    for translation in view.object.translations.filter(enabled=True).select_related(
        "source", "target_locale"
    ):
        is_published = not _is_offline(translation)
        if not is_published:
            offline.append(str(translation.target_locale.get_display_name()))
        try:
            translation.save_target(user=view.request.user, publish=is_published)
        except UntranslatedTextError as error:
            untranslated += error.found
        except ValidationError:
            continue  # It is shown beside the string.
    if untranslated:
        raise UntranslatedTextError(*untranslated)
    if offline:
        messages.warning(
            view.request,
            _("Not published, because it was unpublished: %(languages)s.")
            % {"languages": ", ".join(offline)},
        )


def _is_offline(translation: Translation) -> bool:
    """Whether somebody took the target offline."""
    try:
        target: Any = translation.get_target_instance()
    except ObjectDoesNotExist:
        return False
    return isinstance(target, DraftStateMixin) and was_unpublished(target)
