"""What the status panel of a page or snippet tells of its publication, and its live updates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permissions import policy_registry

from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.models import FrontEndCheck, OverdueSchedule
from wagtail_delivery.publishing.failed_documents import FailedDocument
from wagtail_delivery.publishing.publication_messages import (
    following_sentences,
    formatted,
    locale_sentence,
    unlisted_sentence,
)
from wagtail_delivery.publishing.publication_state import (
    LocaleState,
    Progress,
    late_expiry,
    locale_states,
    progress_of,
)
from wagtail_delivery.schema.registry import content_types

PART = "wagtail_delivery/admin/publication.html"
#: Milliseconds until the script asks again: while documents follow or a front-end is asked, and
#: while some documents have failed.
SOON, LATER = 2_000, 10_000


@dataclass(frozen=True)
class Panel:
    """What the panel shows, in the language of its reader."""

    url: str
    lines: list[dict[str, Any]]
    #: Why it was not unpublished on time; empty if it was, or need not be.
    late: str
    following: list[str]
    failures: list[dict[str, Any]]
    unlisted: str
    #: Read out when it changes.
    summary: str
    #: Milliseconds until the next look; 0 if nothing is to be expected.
    every: int


def panel_for(thing: models.Model, user: Any) -> Panel | None:
    """The panel of `thing`; None for those who may not edit it, and for what has no document."""
    if isinstance(thing, Page):
        thing = thing.specific
    if content_types().of_instance(thing) is None or not _may_read(user, thing):
        return None
    progress = progress_of(source_of(thing), user)
    following = following_sentences(progress)
    states = locale_states(thing)
    return Panel(
        url=_url(thing),
        lines=list(map(_line, states)),
        late=_late_sentence(late_expiry(thing)),
        following=following,
        failures=list(map(_failure, progress.failures)),
        unlisted=unlisted_sentence(progress.unlisted) if progress.unlisted > 0 else "",
        summary=_summary(progress, following),
        every=_wait(progress, states),
    )


def publication(request: HttpRequest, app_label: str, model_name: str, pk: str) -> JsonResponse:
    """What changes in the panel, for its script; 404 for those who may not edit the thing."""
    panel = panel_for(_thing(app_label, model_name, pk), request.user)
    if panel is None:
        raise Http404
    response = JsonResponse(
        {
            "html": render_to_string(PART, {"publication": panel}, request),
            "summary": panel.summary,
            "every": panel.every,
        }
    )
    patch_cache_control(response, no_store=True)
    return response


def _thing(app_label: str, model_name: str, pk: str) -> models.Model:
    try:
        model: Any = apps.get_model(app_label, model_name)
        if content_types().of_model(model) is None:
            raise Http404
        thing: models.Model | None = model._default_manager.filter(pk=unquote(pk)).first()
    except (LookupError, ValueError, ValidationError, OverflowError) as error:
        raise Http404 from error
    if thing is None:
        raise Http404
    return thing


def _may_read(user: Any, thing: models.Model) -> bool:
    if isinstance(thing, Page):
        permissions = thing.permissions_for_user(user)
        return bool(permissions.can_edit() or permissions.can_publish())
    policy = policy_registry.get(thing)
    return policy is not None and bool(
        policy.user_has_any_permission_for_instance(user, ["change", "publish"], thing)
    )


def _url(thing: models.Model) -> str:
    names = [thing._meta.app_label, thing._meta.model_name, quote(str(thing.pk))]
    return reverse("wagtail_delivery_admin:publication", args=names)


def _line(state: LocaleState) -> dict[str, Any]:
    updated = ""
    if state.updated:
        updated = _("Last updated %(at)s.") % {"at": formatted(state.updated)}
    check = state.front_end
    return {
        "text": locale_sentence(state),
        "updated": updated,
        "version": state.version,
        "front_end": front_end_sentence(check) if check else "",
        "is_missed": check is not None and check.is_missed,
    }


def _late_sentence(late: OverdueSchedule | None) -> str:
    if late is None:
        return ""
    text = _("It was to be unpublished on %(moment)s. That failed: %(reason)s It is tried again.")
    return text % {"moment": formatted(late.due_at), "reason": late.failure}


def front_end_sentence(check: FrontEndCheck) -> str:
    """Whether the front-end shows what was published, as a sentence."""
    if check.seen_at:
        return _("The website has shown it since %(at)s.") % {"at": formatted(check.seen_at)}
    reasons = {
        FrontEndCheck.OTHER_VERSION: _("it shows another version"),
        FrontEndCheck.NO_VERSION: _("it does not tell its version"),
        FrontEndCheck.NOT_THERE: _("it does not have the page"),
        FrontEndCheck.REDIRECT: _("it redirects elsewhere"),
        FrontEndCheck.UNREACHABLE: _("it does not answer"),
    }
    if check.problem not in reasons:
        return _("Not looked for on the website yet.")
    if check.is_missed:
        text = _("Not seen on the website: %(reason)s. Look at the page there.")
    else:
        text = _("Not seen on the website yet: %(reason)s. It is asked again.")
    return text % {"reason": reasons[check.problem]}


def _wait(progress: Progress, states: list[LocaleState]) -> int:
    """Milliseconds until something may have changed; 0 if nothing is to be expected."""
    is_asked = any(state.front_end and state.front_end.due_at for state in states)
    if progress.waiting or is_asked:
        return SOON
    return LATER if progress.failed else 0


def _failure(failed: FailedDocument) -> dict[str, Any]:
    return {"document": failed, "next_attempt": formatted(failed.next_attempt)}


def _summary(progress: Progress, following: list[str]) -> str:
    """What is read out: not each number on the way, but the beginning and the end."""
    if progress.waiting:
        return _("Other documents are being updated.")
    if progress.failed:
        failed = _("Could not be updated: %(count)d.") % {"count": progress.failed}
        return " ".join([*following, failed])
    return " ".join(following)
