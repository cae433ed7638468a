"""The calls for a whole translation that wagtail-localize does not have."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import DraftStateMixin
from wagtail_localize.models import Translation, get_edit_url

from wagtail_localize_desk.access import guarded, target_of
from wagtail_localize_desk.review import NotReadyError
from wagtail_localize_desk.review_steps import ready_for_review


@require_POST
@guarded
def send_to_review(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """Write the strings into a draft, and start the workflow of the page or snippet."""
    translation = get_object_or_404(Translation, pk=translation_id)
    address = get_edit_url(target_of(translation)) or ""
    try:
        ready_for_review(translation, request.user)
    except NotReadyError as error:
        messages.warning(request, error.refusal.reason)
        return redirect(f"{address}?state=open" if error.rows else address)
    except ValidationError:
        messages.error(request, unfit_texts())
    else:
        messages.success(request, _("The translation was sent to review."))
    return redirect(address)


@require_POST
@guarded
def save_draft(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """Write the strings into a draft of the page or snippet; nothing becomes public."""
    translation = get_object_or_404(Translation, pk=translation_id)
    target = target_of(translation)
    if not isinstance(target, DraftStateMixin):
        raise Http404
    try:
        translation.save_target(user=request.user, publish=False)
    except ValidationError:
        messages.error(request, unfit_texts())
    else:
        messages.success(request, _("A draft was made of the strings."))
    return redirect(get_edit_url(target) or "")


def unfit_texts() -> str:
    return _("Some texts do not fit into their fields. The messages beside them say why.")
