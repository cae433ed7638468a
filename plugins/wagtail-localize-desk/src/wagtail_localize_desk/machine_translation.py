"""Machine translation of the strings that nobody has translated, by wagtail-localize's connectors.

What a machine gives needs review, and is left out if it does not keep the pieces and facts of its
source. A service that fails, or answers something else, changes nothing.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation, get_edit_url
from wagtail_localize.strings import StringValue
from wagtail_localize.views.update_translations import (
    UpdateTranslationsForm,
    UpdateTranslationsView,
)

from wagtail_localize_desk.access import RefusedError, change_refusal, guarded, refused, target_of
from wagtail_localize_desk.models import Method, Reason, State, TranslatedString
from wagtail_localize_desk.quality.pairs import Pair
from wagtail_localize_desk.quality.running import findings
from wagtail_localize_desk.screen.left_out import LeftOut, left_out_message
from wagtail_localize_desk.screen.places import Places
from wagtail_localize_desk.screen.protected_pieces import to_tokens
from wagtail_localize_desk.screen.rows import Attempt, StringRow
from wagtail_localize_desk.screen.saving import SavingError, checked_words, row_of
from wagtail_localize_desk.string_rows import Changes
from wagtail_localize_desk.sync_publication import publish_synced
from wagtail_localize_desk.upstream_strings import with_upstream, write_upstream

logger = logging.getLogger(__name__)

#: What one request to a service may have: DeepL takes 50 texts, Google 30,720 characters.
MOST_TEXTS = 50
MOST_CHARACTERS = 20_000
#: The checks that a translation has to pass; the others are for the person who reviews it.
KEPT = frozenset({"links", "tags", "numbers", "amounts", "dates", "laws", "addresses"})


@dataclass
class MachineWork:
    """What a machine has translated, and what was left out."""

    name: str
    count: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    has_failed: bool = False


def translate_open(translation: Translation, translator: Any, user: Any) -> MachineWork:
    """Have the untranslated strings of a translation translated; they need review.

    Raises RefusedError if `user` may not change the translation, also if that has become so while
    the service worked. What came before stays.
    """
    work = MachineWork(str(translator.display_name))
    locales = translation.source.locale, translation.target_locale
    for batch in _batches(_untranslated(translation)):
        # No row is locked while the service works.
        answers = _ask(translator, locales, {string.source_words for string in batch})
        if answers is None:
            work.has_failed = True
            break
        _store(translation, [string.pk for string in batch], answers, user, work)
    return work


def _untranslated(translation: Translation) -> Iterable[TranslatedString]:
    return TranslatedString.objects.filter(
        object_key=translation.source.object_id,
        target_language=translation.target_locale.language_code,
        number__isnull=False,
        state=State.UNTRANSLATED,
        words="",
    ).order_by("pk")


def _batches(strings: Iterable[TranslatedString]) -> Iterator[list[TranslatedString]]:
    batch: list[TranslatedString] = []
    characters = 0
    for string in strings:
        size = len(string.source_words)
        if batch and (len(batch) == MOST_TEXTS or characters + size > MOST_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(string)
        characters += size
    if batch:
        yield batch


def _ask(translator: Any, locales: tuple[Any, Any], texts: set[str]) -> dict[str, str] | None:
    """The answers of the service by source words; None if it has failed."""
    values = [StringValue(text) for text in sorted(texts)]
    try:
        found = translator.translate(*locales, values)
        return {
            value.data: str(found[value].data)
            for value in values
            if found.get(value) is not None and found[value].data is not None
        }
    except Exception as error:
        # Each connector has errors of its own. Their texts may hold the key of the service.
        logger.warning("Machine translation has failed: %s", type(error).__name__)
        return None


def _store(
    translation: Translation,
    keys: list[int],
    answers: Mapping[str, str],
    user: Any,
    work: MachineWork,
) -> None:
    """Give strings that are still untranslated what the service has answered."""
    with transaction.atomic():
        target = target_of(translation)
        refusal = change_refusal(user, translation, target)
        if refusal is not None:
            raise RefusedError(refusal)
        places = Places(type(target))
        strings = TranslatedString.objects.select_for_update(of=("self",)).filter(
            pk__in=keys, state=State.UNTRANSLATED, words=""
        )
        changes, written = Changes(), []
        for string in with_upstream(strings.order_by("pk")):
            if string.upstream_string is None:
                continue
            row = row_of(string, places)
            try:
                words = _usable(row, answers)
            except SavingError as fault:
                work.left_out.append(LeftOut(row.place.full_name, fault.attempt.error))
                continue
            if words:
                entry = string.change(
                    State.NEEDS_REVIEW,
                    Reason.MACHINE,
                    method=Method.MACHINE,
                    user=user,
                    words=words,
                )
                changes.keep(string, entry)
                written.append(string)
        changes.save()
        write_upstream(written, user)
        work.count += len(written)


def _usable(row: StringRow, answers: Mapping[str, str]) -> str:
    """The answer for a string as wagtail-localize stores it; empty if there is none.

    Raises SavingError if it does not keep the pieces and facts of its source, or does not fit.
    """
    string = row.string
    answer = answers.get(string.source_words)
    if answer is None:
        return ""
    text = to_tokens(answer, row.pieces)
    words = checked_words(row, text)
    pair = Pair(string.source_words, words, string.source_language, string.target_language)
    lost = [found.message for found in findings(pair) if found.check in KEPT]
    if lost:
        raise SavingError(Attempt(text, " ".join(lost)))
    return words


# Views


@require_POST
@guarded
def machine_translate(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """Translate what is untranslated, and go back to the screen with a message."""
    translation = get_object_or_404(
        Translation.objects.select_related("source__locale", "target_locale"), pk=translation_id
    )
    translator = get_machine_translator()
    if translator is None or not _can_translate(translator, translation):
        raise Http404
    try:
        work = translate_open(translation, translator, request.user)
    except RefusedError as error:
        return refused(request, error.refusal)
    _tell(request, work)
    address = get_valid_next_url_from_request(request) or get_edit_url(target_of(translation))
    return redirect(address or "wagtailadmin_home")


@functools.wraps(publish_synced)
def sync(view: UpdateTranslationsView, form: UpdateTranslationsForm) -> HttpResponseBase:
    """Sync translations and, if the form says so, have a machine translate what is new.

    That comes last: what a machine gives is never published with the sync.
    """
    wants_machine = form.cleaned_data.get("use_machine_translation")
    form.cleaned_data["use_machine_translation"] = False
    response = publish_synced(view, form)
    translator = get_machine_translator() if wants_machine else None
    if translator is None:
        return response
    for translation in view.object.translations.filter(enabled=True).select_related(
        "source__locale", "target_locale"
    ):
        if _can_translate(translator, translation):
            try:
                _tell(view.request, translate_open(translation, translator, view.request.user))
            except RefusedError as error:
                messages.warning(view.request, error.refusal.reason)
    return response


def _can_translate(translator: Any, translation: Translation) -> bool:
    return bool(translator.can_translate(translation.source.locale, translation.target_locale))


def _tell(request: HttpRequest, work: MachineWork) -> None:
    if work.count:
        text = ngettext(
            "%(count)d string was translated by %(name)s, and needs review.",
            "%(count)d strings were translated by %(name)s, and need review.",
            work.count,
        )
        messages.success(request, text % {"count": work.count, "name": work.name})
    if work.left_out:
        messages.warning(request, left_out_message(work.left_out))
    if work.has_failed:
        text = _(
            "%(name)s could not be reached, or has not answered as expected. Nothing is lost: try "
            "again later, or translate by hand."
        )
        messages.error(request, text % {"name": work.name})
    elif not (work.count or work.left_out):
        messages.info(request, _("There was nothing that a machine could translate."))
