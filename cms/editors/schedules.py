"""Schedules in editors: what has passed is cleared, and an impossible one is told where one looks.

Wagtail refuses to save content whose expiry has passed until its dates are emptied by hand, and
shows the reason in a dialog that is closed.
"""

from __future__ import annotations

import functools
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminDraftStateFormMixin

DATES = ("go_live_at", "expire_at")

_clean = WagtailAdminDraftStateFormMixin.clean


@functools.wraps(_clean)
def clean(form: Any) -> dict[str, Any]:
    """Check the schedule of a form; dates of a schedule that has passed are cleared."""
    for name in DATES:
        if _has_passed(form.cleaned_data.get(name)) and not _is_new(form, name):
            form.cleaned_data[name] = None
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
    before = getattr(form.instance, name)
    return before is None or before.replace(second=0, microsecond=0) != form.cleaned_data[name]
