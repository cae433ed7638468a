"""The calls of one string: saving, reviewing, its history, and bringing a version back."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from wagtail_localize_desk.access import CONFLICT, Refusal, RefusedError
from wagtail_localize_desk.findings import accept_finding
from wagtail_localize_desk.models import Method, StringChange, StringComment
from wagtail_localize_desk.quality.running import NAMES
from wagtail_localize_desk.review import approve, comment_on, resolve, send_back
from wagtail_localize_desk.screen import translation_view
from wagtail_localize_desk.screen.protected_pieces import pieces_of, to_tokens
from wagtail_localize_desk.screen.remembering import is_remembered
from wagtail_localize_desk.screen.saving import (
    SavingError,
    editable_row,
    remove_text,
    require_version,
    save_text,
)
from wagtail_localize_desk.screen.spreading import places_of, spread
from wagtail_localize_desk.screen.string_calls import StringCall, string_call
from wagtail_localize_desk.versions import restore_version

SPREAD_PAGE = "wagtail_localize_desk/screen/spread_page.html"
HISTORY = "wagtail_localize_desk/screen/history.html"
HISTORY_PAGE = "wagtail_localize_desk/screen/history_page.html"


@require_POST
@string_call
def save_string(call: StringCall) -> HttpResponseBase:
    """Save or remove the text of a string; the answer is its row, or the screen without scripts."""
    call.require_change()
    data = call.request.POST
    text, version = data.get("text", ""), data.get("version", "")
    outcome = "saved"
    try:
        if data.get("action") == "remove":
            remove_text(call.row, version, call.user)
        elif not _save(call, text.replace("\r\n", "\n"), version):
            outcome = "unchanged"
    except SavingError as fault:
        return _not_saved(call, fault)
    return _done(call, outcome, _("The string was saved."))


def _save(call: StringCall, text: str, version: str) -> bool:
    """Save a text; the history tells if it is as the memory has offered it."""
    offer = call.request.POST.get("offer", "")
    is_offered = bool(offer) and is_remembered(call.row, text, offer, call.user)
    method = Method.MEMORY if is_offered else Method.HAND
    return save_text(call.row, text, version, call.user, method)


def _not_saved(call: StringCall, fault: SavingError) -> HttpResponseBase:
    call.row.attempt = fault.attempt
    if call.is_script:
        return call.answer(fault.outcome, fault.status)
    messages.error(call.request, fault.attempt.error)
    return translation_view.show(
        call.request,
        call.translation,
        call.target,
        attempts={call.row.string.pk: fault.attempt},
        status=fault.status,
    )


def _done(call: StringCall, outcome: str, message: str) -> HttpResponseBase:
    if call.is_script:
        return call.answer(outcome)
    messages.success(call.request, message)
    elsewhere = call.elsewhere()
    if elsewhere:
        address = reverse("wagtail_localize_desk:spread_string", args=[call.row.string.pk])
        address += f"?{urlencode({'next': call.address})}"
        show = messages.button(address, _("Show the places"))
        messages.info(call.request, elsewhere, buttons=[show])
    return redirect(call.address)


def _read_again(call: StringCall, outcome: str, message: str) -> HttpResponseBase:
    """Answer with the string as it is after other code has changed it."""
    row = editable_row(call.row.string.pk)
    if row is not None:
        row.number = call.row.number
        call.row = row
    return _done(call, outcome, message)


# Review


@require_POST
@string_call
def approve_string(call: StringCall) -> HttpResponseBase:
    """Approve a string with the words that the reviewer has seen."""
    if call.review_refusal is not None:
        raise RefusedError(call.review_refusal)
    require_version(call.row, call.request.POST.get("version", ""))
    review = approve([call.row.string], call.user)
    for _string, reason in review.refused:
        raise RefusedError(Refusal(CONFLICT, reason))
    return _read_again(call, "approved", _("The string was approved."))


@require_POST
@string_call
def accept_check(call: StringCall) -> HttpResponseBase:
    """Accept what a check finds in a string, with a reason; reviewers may."""
    if call.review_refusal is not None:
        raise RefusedError(call.review_refusal)
    require_version(call.row, call.request.POST.get("version", ""))
    check, reason = (call.request.POST.get(name, "") for name in ("check", "reason"))
    if check not in NAMES or not reason.strip():
        raise RefusedError(Refusal(CONFLICT, _("Say why the text is right.")))
    accept_finding(call.row.string, check, reason, call.user)
    return _read_again(call, "accepted", _("The warning was accepted."))


@require_POST
@string_call
def comment_string(call: StringCall) -> HttpResponseBase:
    """Comment on a string; with the action `send_back`, return it to its translator."""
    call.require_sight()
    text = call.request.POST.get("comment", "")
    if call.request.POST.get("action") == "send_back":
        send_back(call.row.string, call.user, text)
        return _read_again(call, "sentBack", _("The string was sent back."))
    comment_on(call.row.string, call.user, text)
    return _read_again(call, "commented", _("The comment was added."))


@require_POST
@string_call
def resolve_comment(call: StringCall, comment_id: int) -> HttpResponseBase:
    """Mark a comment as done."""
    resolve(get_object_or_404(StringComment, pk=comment_id, string=call.row.string.pk), call.user)
    return _read_again(call, "resolved", _("The comment was marked as done."))


# The same words elsewhere


@require_http_methods(["GET", "HEAD", "POST"])
@string_call
def spread_string(call: StringCall) -> HttpResponseBase:
    """Show where the same source words stand untranslated, and fill in the translation there."""
    call.require_sight()
    if call.request.method != "POST":
        places = list(places_of(call.row.string, call.user))
        context = {"row": call.row, "places": places, "back": call.address}
        return render(call.request, SPREAD_PAGE, context)
    require_version(call.row, call.request.POST.get("version", ""))
    result = spread(call.row, call.user)
    if call.is_script:
        keys = [string.pk for string in result.filled]
        return call.answer("spread", reason=result.message, filled=keys)
    messages.success(call.request, result.message)
    return redirect(call.address)


# History


@require_GET
@string_call
def string_history(call: StringCall) -> HttpResponseBase:
    """All versions of a string, the latest first."""
    call.require_sight()
    changes = StringChange.objects.filter(string=call.row.string.pk).order_by("-pk")
    versions = [
        {
            "change": change,
            "text": to_tokens(change.words_after, pieces_of(change.source_words)),
            "source": to_tokens(change.source_words, pieces_of(change.source_words)),
            "is_now": change.words_after == call.row.string.words,
        }
        for change in changes
    ]
    context = {**call.context(), "versions": versions, "back": call.address}
    return render(call.request, HISTORY if call.is_script else HISTORY_PAGE, context)


@require_POST
@string_call
def restore_string(call: StringCall, change_id: int) -> HttpResponseBase:
    """Bring the words back that the string had after a change."""
    call.require_change()
    change = get_object_or_404(StringChange, pk=change_id, string=call.row.string.pk)
    restore_version(change, call.user)
    return _read_again(call, "saved", _("The earlier version was brought back."))
