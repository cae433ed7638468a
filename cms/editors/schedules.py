"""Schedules in editors: what has passed is cleared, and an impossible one is told where one looks.

Wagtail refuses to save content whose expiry has passed until its dates are emptied by hand, and
shows the reason in a dialog that is closed. A date is one that has passed, and not one that
somebody has just typed, if any version of the content has it: an earlier version may be restored,
and a form stays open while it is saved by itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminDraftStateFormMixin, WagtailAdminModelForm

DATES = ("go_live_at", "expire_at")
#: The attribute of a form that names the dates which `clean` has cleared.
CLEARED = "_cleared_dates"

_clean = WagtailAdminDraftStateFormMixin.clean
_field_updates = WagtailAdminModelForm.get_field_updates_for_resave


@functools.wraps(_clean)
def clean(form: Any) -> dict[str, Any]:
    """Check the schedule of a form; dates of a schedule that has passed are cleared."""
    cleared = [
        name
        for name in DATES
        if _has_passed(form.cleaned_data.get(name)) and not _is_new(form, name)
    ]
    form.cleaned_data.update(dict.fromkeys(cleared))
    setattr(form, CLEARED, cleared)
    cleaned: dict[str, Any] = _clean(form)
    for reason in dict.fromkeys(reason for name in DATES for reason in form.errors.get(name, ())):
        form.add_error(None, _("Schedule: %(reason)s") % {"reason": reason})
    return cleaned


def clear_passed_expiry(content: Any) -> None:
    """Let what a person publishes now stay public, although an earlier version has expired."""
    if _has_passed(content.expire_at):
        content.expire_at = None


def _has_passed(moment: Any) -> bool:
    return moment is not None and moment < timezone.now()


def _is_new(form: Any, name: str) -> bool:
    """Whether somebody typed this date now. Forms show moments without their seconds."""
    typed = _to_the_minute(form.cleaned_data[name])
    return all(_to_the_minute(moment) != typed for moment in _dates(form.instance, name))


def _dates(content: Any, name: str) -> Iterator[datetime]:
    """The dates that the form's version, the public one and all others have."""
    if getattr(content, name):
        yield getattr(content, name)
    if content.pk:
        public = type(content)._base_manager.filter(pk=content.pk)
        yield from public.exclude(**{name: None}).values_list(name, flat=True)
        for text in content.revisions.values_list(f"content__{name}", flat=True).distinct():
            moment = parse_datetime(text) if text else None
            if moment is not None:
                yield moment


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@functools.wraps(_field_updates)
def get_field_updates(form: Any) -> list[tuple[str, str]]:
    """What an automatic save changes in the open form: also the dates that were cleared."""
    updates: list[tuple[str, str]] = _field_updates(form)
    return updates + [(form.add_prefix(name), "") for name in getattr(form, CLEARED, ())]
