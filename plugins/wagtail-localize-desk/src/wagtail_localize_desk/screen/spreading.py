"""The same source words in other places, and filling in there what was translated here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail_localize.models import Translation

from wagtail_localize_desk.access import CONFLICT, Refusal, RefusedError, change_refusal
from wagtail_localize_desk.models import Method, Reason, State, TranslatedString
from wagtail_localize_desk.screen.left_out import LeftOut, left_out_message
from wagtail_localize_desk.screen.origins import targets_of
from wagtail_localize_desk.screen.own_strings import own_strings
from wagtail_localize_desk.screen.places import Places
from wagtail_localize_desk.screen.rows import StringRow
from wagtail_localize_desk.screen.saving import SavingError, checked_words, model_of, row_of
from wagtail_localize_desk.string_rows import Changes
from wagtail_localize_desk.upstream_strings import with_upstream, write_upstream

#: The most places of one request, which holds them locked.
MOST = 200
FINISHED = (State.TRANSLATED, State.APPROVED)


@dataclass(frozen=True)
class Spread:
    """What became of the places with the same words."""

    filled: list[Any] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def message(self) -> str:
        count = len(self.filled)
        told = ngettext(
            "The translation was filled in at %(count)d other place, and needs review there.",
            "The translation was filled in at %(count)d other places, and needs review there.",
            count,
        ) % {"count": count}
        return f"{told} {left_out_message(self.left_out)}".rstrip()


def same_words(string: TranslatedString, user: Any) -> QuerySet[TranslatedString]:
    """The untranslated strings with the source words of `string` that `user` may translate.

    There are none if its own translation is not finished.
    """
    if string.state not in FINISHED or not string.is_current:
        return TranslatedString.objects.none()
    return (
        own_strings(user, [string.target_language])
        .filter(
            source_hash=string.source_hash,
            source_language=string.source_language,
            state=State.UNTRANSLATED,
            words="",
        )
        .exclude(pk=string.pk)
    )


def elsewhere_message(count: int) -> str:
    """That the same words stand in `count` other places."""
    return ngettext(
        "The same words stand untranslated in %(count)d other place.",
        "The same words stand untranslated in %(count)d other places.",
        count,
    ) % {"count": count}


def places_of(string: TranslatedString, user: Any) -> Iterator[StringRow]:
    """The rows of those strings, each with the title and address of its page or snippet."""
    twins = list(with_upstream(same_words(string, user).order_by("pk"))[:MOST])
    for row, target in _with_targets(twins, targets_of(twins)):
        row.object_title = str(target)
        yield row


def spread(row: StringRow, user: Any) -> Spread:
    """Fill in the translation of `row` where its source words stand untranslated, for review.

    All in one transaction. What is locked, does not fit, or is being changed by somebody else is
    left out. Raises RefusedError if the string is not translated.
    """
    if row.string.state not in FINISHED or not row.string.is_current:
        raise RefusedError(Refusal(CONFLICT, _("Translate this string first.")))
    result = Spread()
    with transaction.atomic():
        found = same_words(row.string, user)
        all_twins = list(with_upstream(found.order_by("pk"))[:MOST])
        # Who waits for one place while holding others could block whoever publishes its source.
        locked = found.filter(pk__in=[twin.pk for twin in all_twins]).order_by("pk")
        locked = locked.select_for_update(skip_locked=True, of=("self",))
        free = {twin.pk: twin for twin in with_upstream(locked)}
        # As they are since they are locked; the others are only named.
        all_twins = [free.get(twin.pk, twin) for twin in all_twins]
        changes = Changes()
        refusals: dict[tuple[Any, int], Refusal | None] = {}
        for place, target in _with_targets(all_twins, targets_of(all_twins)):
            place.object_title = str(target)
            reason = _obstacle(place, target, user, refusals, is_free=place.string.pk in free)
            words = ""
            if not reason:
                try:
                    words = checked_words(place, row.saved_text)
                except SavingError as fault:
                    reason = fault.attempt.error
            if reason:
                result.left_out.append(LeftOut(_name(place), reason))
                continue
            entry = place.string.change(
                State.NEEDS_REVIEW, Reason.MEMORY, method=Method.MEMORY, user=user, words=words
            )
            changes.keep(place.string, entry)
            result.filled.append(place.string)
        changes.save()
        write_upstream(result.filled, user)
    return result


def _with_targets(
    twins: list[Any], targets: dict[tuple[Any, int], Any]
) -> Iterator[tuple[StringRow, Any]]:
    places: dict[type[Any], Places] = {}
    for twin in twins:
        target = targets.get((twin.object_key, twin.target_locale_id))
        model = model_of(twin) if target is not None and twin.upstream_string else None
        if model is None:
            continue
        if model not in places:
            places[model] = Places(model)
        yield row_of(twin, places[model]), target


def _obstacle(
    place: StringRow,
    target: Any,
    user: Any,
    refusals: dict[tuple[Any, int], Refusal | None],
    *,
    is_free: bool,
) -> str:
    """Why `user` may not fill in a place now; an empty text if they may."""
    string = place.string
    key = string.object_key, string.target_locale_id
    if key not in refusals:
        known = Translation(pk=string.translation_id, enabled=string.is_enabled)
        refusals[key] = change_refusal(user, known, target)
    refusal = refusals[key]
    if refusal is not None:
        return refusal.reason
    return "" if is_free else _("Somebody else is changing it.")


def _name(place: StringRow) -> str:
    return f"{place.object_title}, {place.place.full_name}"
