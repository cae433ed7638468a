"""The screen of one translation, at the address where Wagtail edits its target."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import DraftStateMixin, Page
from wagtail_localize.models import Translation

from wagtail_localize_desk.access import change_refusal, review_refusal
from wagtail_localize_desk.held_publication import with_held_since
from wagtail_localize_desk.models import State
from wagtail_localize_desk.screen import presence, surroundings
from wagtail_localize_desk.screen.checking import add_findings
from wagtail_localize_desk.screen.overrides import overrides_of
from wagtail_localize_desk.screen.related import related_of
from wagtail_localize_desk.screen.reviewing import add_comments, add_obstacles, has_workflow
from wagtail_localize_desk.screen.rows import (
    Attempt,
    Filter,
    StringRow,
    language_of,
    progress_of,
    rows_of_translation,
    sections_of,
)
from wagtail_localize_desk.screen.shared_texts import filter_choices, screen_messages

#: Wagtail's dialogs for values that are chosen.
CHOOSER_SCRIPTS = (
    "wagtailadmin/js/chooser-modal.js",
    "wagtailadmin/js/page-chooser-modal.js",
    "wagtailimages/js/image-chooser-modal.js",
    "wagtaildocs/js/document-chooser-modal.js",
)
TEMPLATE = "wagtail_localize_desk/screen/translation.html"


def show(
    request: HttpRequest,
    translation: Translation,
    instance: Any,
    *,
    attempts: Mapping[int, Attempt] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The screen; `attempts` are the texts that could not be saved, by the key of their string."""
    user: Any = request.user
    model = type(instance)
    translation = with_held_since(
        Translation.objects.select_related(
            "source__locale", "source__specific_content_type", "target_locale"
        )
    ).get(pk=translation.pk)
    others = surroundings.Others(translation, instance, user)
    surroundings.read_workflow_once(instance)
    refusal = change_refusal(user, translation, instance)
    can_review = review_refusal(user, translation, instance) is None
    rows = rows_of_translation(translation, model)
    add_comments(rows, translation)
    add_findings(rows)
    if can_review:
        add_obstacles(rows, user)
    for row in rows:
        row.attempt = (attempts or {}).get(row.string.pk)
    wanted = Filter(request.GET.get("state", ""), request.GET.get("q", "").strip())
    shown: list[Any] = [row for row in rows if row.attempt or wanted.matches(row)]
    values = _other_values(translation, instance, others, user) if wanted == Filter() else []
    _warn_of_new_fields(request, translation, model)
    context = {
        **_strings_context(request, translation, rows, shown, values),
        **_surroundings(request, translation, instance, others),
        "refusal": refusal.reason if refusal else "",
        "is_read_only": refusal is not None,
        "can_review": can_review,
        "has_workflow": has_workflow(instance),
        "has_drafts": isinstance(instance, DraftStateMixin),
        "chooser_scripts": CHOOSER_SCRIPTS if values else (),
        "translation": translation,
        "instance": instance,
        "filter": wanted,
        "filter_choices": filter_choices(),
        "screen_messages": json.dumps(screen_messages()),
        "object_name": translation.source.object_repr,
    }
    return render(request, TEMPLATE, context, status=status)


def _strings_context(
    request: HttpRequest,
    translation: Translation,
    rows: list[StringRow],
    shown: list[Any],
    values: list[Any],
) -> dict[str, Any]:
    together = sorted([*shown, *values], key=lambda row: (row.place.order, row.order))
    for number, row in enumerate(values, start=len(rows) + 1):
        row.number = number
    return {
        "sections": sections_of(together),
        "first_to_do": next((row for row in shown if row.is_open), None),
        "strings_shown": len(shown),
        "strings_total": len(rows),
        "open_total": sum(row.is_open for row in rows),
        "untranslated_total": sum(row.string.state == State.UNTRANSLATED for row in rows),
        "progress": progress_of(rows),
        "source_language": language_of(translation.source.locale.language_code),
        "target_language": language_of(translation.target_locale.language_code),
        "source_name": translation.source.locale.get_display_name(),
        "target_name": translation.target_locale.get_display_name(),
    }


def _other_values(
    translation: Translation, instance: Any, others: surroundings.Others, user: Any
) -> list[Any]:
    related = related_of(translation, type(instance), user)
    if others.source is None:
        return [*related]
    return [*overrides_of(translation, others.source, user), *related]


def _surroundings(
    request: HttpRequest, translation: Translation, instance: Any, others: surroundings.Others
) -> dict[str, Any]:
    user: Any = request.user
    held_since = getattr(translation, "held_since", None)
    return {
        "is_page": isinstance(instance, Page),
        "page": instance if isinstance(instance, Page) else None,
        "model_opts": instance._meta,
        "other_locales": others.locales,
        "side_panels": surroundings.side_panels(request, translation, instance, others),
        # It is published together with its source.
        "can_publish": not held_since and surroundings.can_publish(instance, user),
        "held_since": held_since,
        "previews": surroundings.previews(translation, instance),
        "machine": surroundings.machine(translation),
        "further_actions": surroundings.further_actions(translation, instance, others, user),
        "presence": presence.presence_of(instance),
    }


def _warn_of_new_fields(request: HttpRequest, translation: Translation, model: type[Any]) -> None:
    if translation.source.schema_out_of_date():
        messages.warning(
            request,
            _(
                "Fields of “%(type)s” have changed since its last sync. New ones are shown here "
                "after the next sync or publication of the source."
            )
            % {"type": capfirst(model._meta.verbose_name)},
        )
