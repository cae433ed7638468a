"""Publishing a translation from its screen, which stays open if a script asks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.admin import messages
from wagtail.models import DraftStateMixin, Page, WorkflowMixin
from wagtail_localize.models import Translation, get_edit_url

from wagtail_localize_desk.access import (
    CONFLICT,
    FORBIDDEN,
    Refusal,
    change_refusal,
    is_from_script,
    refused,
)
from wagtail_localize_desk.held_publication import HeldPublicationError
from wagtail_localize_desk.rights import may_publish
from wagtail_localize_desk.screen.surroundings import read_workflow_once, with_workflows
from wagtail_localize_desk.screen.whole_views import unfit_texts
from wagtail_localize_desk.target_writer import publish_translation
from wagtail_localize_desk.untranslated_publication import UntranslatedTextError

UNFIT = 422


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """Publish a translation, for those who may.

    The answer is a page, or JSON for a script: 403 without the right, 409 for what is locked or
    whose source was deleted, 422 for texts that do not fit. Raises `UntranslatedTextError` like any
    publish. Whoever comes back to the address, from that question or a log-in, gets the screen.
    """
    found = Translation.objects.select_related(
        "source__locale", "source__specific_content_type", "target_locale"
    )
    translation = get_object_or_404(found, pk=translation_id)
    source, user = translation.source, request.user
    model: Any = source.specific_content_type.model_class()
    places = [source.locale_id, translation.target_locale_id]
    pair = model._default_manager.filter(translation_key=source.object_id, locale__in=places)
    if issubclass(model, Page):
        # Spares a query of Wagtail's locks.
        pair = pair.annotate_approved_schedule()
    if issubclass(model, WorkflowMixin):
        pair = with_workflows(pair)
    source_instance, target = map({each.locale_id: each for each in pair}.get, places)
    if target is None:
        raise Http404
    if request.method != "POST":
        return redirect(get_edit_url(target) or "")
    read_workflow_once(target)
    refusal = change_refusal(user, translation, target)
    if isinstance(target, DraftStateMixin) and not may_publish(user, target):
        refusal = refusal or Refusal(FORBIDDEN, _("You have no right to publish this translation."))
    if refusal is None and source_instance is None:
        refusal = Refusal(CONFLICT, _("The source of this translation was deleted."))
    if refusal is not None:
        return refused(request, refusal)
    try:
        is_complete = publish_translation(translation, source_instance, target, user)
    except ValidationError:
        return _not_published(request, target, unfit_texts(), UNFIT)
    except (UntranslatedTextError, HeldPublicationError):
        # They are asked or told about wherever something is published.
        raise
    except PublishPermissionError as error:
        # A project's own rule.
        return _not_published(request, target, str(error), FORBIDDEN)
    return _published(request, translation, target, is_complete=is_complete)


def _not_published(request: HttpRequest, target: Any, reason: str, status: int) -> HttpResponseBase:
    if is_from_script(request):
        return JsonResponse({"outcome": "refused", "reason": reason}, status=status)
    messages.error(request, reason)
    return redirect(get_edit_url(target) or "")


def _published(
    request: HttpRequest, translation: Translation, target: Any, *, is_complete: bool
) -> HttpResponseBase:
    text = (
        _("“%(title)s” was published in %(language)s.")
        if is_complete
        else _("“%(title)s” was published in %(language)s, with texts that are not translated.")
    ) % {"title": target, "language": translation.target_locale.get_display_name()}
    if is_from_script(request):
        return JsonResponse({"outcome": "published", "reason": text})
    tell = messages.success if is_complete else messages.warning
    tell(request, text)
    return redirect(get_edit_url(target) or "")
