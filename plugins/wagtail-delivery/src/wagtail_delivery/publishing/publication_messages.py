"""The message after a publish: since when what is public, and which other documents follow."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from wagtail_delivery.compiler.sites import SITE_SOURCE
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.publishing.fault_reports import receiver
from wagtail_delivery.publishing.publication_state import (
    LocaleState,
    Progress,
    locale_states,
    progress_of,
)
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.store.documents import Outcome
from wagtail_delivery.store.sources import load_all

logger = logging.getLogger(__name__)

#: The part of an address that opens the status panel at what this plugin tells.
STATUS = "#publication-status"


def report_after_commit(outcomes: Mapping[str, Outcome], causes: Sequence[str]) -> None:
    """Tell whoever publishes what is public, once the transaction has been committed.

    `outcomes` says what became of the documents of what changed, by source.
    """
    request = receiver()
    if request is None:
        return
    # The commit may come after the view, and with it after the language of its user.
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def report() -> None:
        try:
            with translation.override(language), timezone.override(zone):
                _report(request, outcomes, causes)
        except Exception:  # the publish has been committed
            logger.exception("Whoever published cannot be told of it.")

    transaction.on_commit(report)


def _report(request: Any, outcomes: Mapping[str, Outcome], causes: Sequence[str]) -> None:
    changed = [
        source
        for source, outcome in outcomes.items()
        if outcome is not Outcome.UNCHANGED and not source.startswith(SITE_SOURCE)
    ]
    progress = progress_of(causes[0], request.user) if causes else Progress()
    if not changed and not progress.waiting and not progress.failed:
        return
    things = load_all(changed)
    sentences = [*_public_sentences(changed, things), *following_sentences(progress)]
    if sentences:
        is_done = not progress.waiting and not delivery_settings().FRONT_ENDS
        buttons = [] if is_done else _buttons(request, things)
        messages.success(request, " ".join(sentences), buttons=buttons)
    _warn(request, progress)


def _public_sentences(changed: Sequence[str], things: Mapping[str, models.Model]) -> list[str]:
    """What is public: one thing in each of its locales, or how many things."""
    resources = {(_collection(thing), identity_of(thing)) for thing in things.values()}
    if len(resources) == 1 and len(things) == len(changed):
        return [locale_sentence(state) for state in locale_states(next(iter(things.values())))]
    count = PublishedDocument.objects.filter(source__in=changed).count()
    if not count:
        return []
    text = ngettext(
        "%(count)d document is public in this version since %(at)s.",
        "%(count)d documents are public in this version since %(at)s.",
        count,
    )
    return [text % {"count": count, "at": formatted(timezone.now())}]


def _collection(thing: models.Model) -> str:
    content_type = content_types().of_instance(thing)
    return content_type.collection if content_type else ""


def locale_sentence(state: LocaleState) -> str:
    """What the public sees in a locale, as a sentence."""
    values = {"language": state.language, "at": formatted(state.since)}
    if state.is_public and state.since is None:
        text = _("Public.")
    elif state.is_public:
        text = _("Public since %(at)s.")
    elif state.is_hidden:
        text = _("Published, but not public: this, or a page above it, is private or unpublished.")
    else:
        text = _("Not public.")
    sentence = text % values
    return f"{state.language}: {sentence}" if state.language else sentence


def following_sentences(progress: Progress) -> list[str]:
    """How far the other documents are; empty if none follow."""
    if not progress.total:
        return []
    values = {"done": progress.done, "total": progress.total}
    if progress.done == progress.total:
        text = ngettext(
            "%(total)d other document that shows this has been updated.",
            "%(total)d other documents that show this have been updated.",
            progress.total,
        )
        return [text % values]
    text = ngettext(
        "%(done)d of %(total)d other document that shows this has been updated.",
        "%(done)d of %(total)d other documents that show this have been updated.",
        progress.total,
    )
    sentences = [text % values]
    if progress.waiting:
        sentences.append(
            ngettext(
                "%(count)d follows in the background.",
                "%(count)d follow in the background.",
                progress.waiting,
            )
            % {"count": progress.waiting}
        )
    return sentences


def _buttons(request: Any, things: Mapping[str, models.Model]) -> list[Any]:
    """A button to the status panel of what was published, if it is one thing."""
    if len(things) != 1:
        return []
    url = AdminURLFinder(request.user).get_edit_url(next(iter(things.values())))
    return [messages.button(f"{url}{STATUS}", _("Follow in the status panel"))] if url else []


def _warn(request: Any, progress: Progress) -> None:
    text = _(
        "“%(title)s” shows this and could not be updated: %(reason)s. It is tried again by itself."
    )
    for failed in progress.failures:
        buttons = [messages.button(failed.edit_url, _("Edit it"))] if failed.edit_url else []
        values = {"title": failed.title, "reason": failed.reason}
        messages.warning(request, text % values, buttons=buttons)
    if progress.unlisted > 0:
        more = unlisted_sentence(progress.unlisted)
        messages.warning(request, more)


def unlisted_sentence(count: int) -> str:
    """How many failed documents are not named."""
    text = ngettext(
        "%(count)d more document shows this and could not be updated.",
        "%(count)d more documents show this and could not be updated.",
        count,
    )
    return text % {"count": count}


def formatted(moment: datetime | None) -> str:
    """A moment in the reader's time zone and form; empty without one."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
