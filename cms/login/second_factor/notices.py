"""Mails and log entries that tell of a changed second factor."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.log_actions import log
from wagtail.users.models import UserProfile

logger = logging.getLogger("cms.login")

SET_UP = "cms.second_factor.set_up"
TURN_OFF = "cms.second_factor.turn_off"
RESET = "cms.second_factor.reset"
RECOVERY_CODES = "cms.second_factor.recovery_codes"
RECOVERY_CODE_USED = "cms.second_factor.recovery_code_used"

#: What is logged: the action, and what has happened.
ACTIONS = {
    SET_UP: (gettext_lazy("Set up second factor"), gettext_lazy("Second factor set up")),
    TURN_OFF: (gettext_lazy("Turn off second factor"), gettext_lazy("Second factor turned off")),
    RESET: (gettext_lazy("Reset second factor"), gettext_lazy("Second factor reset")),
    RECOVERY_CODES: (
        gettext_lazy("Make new recovery codes"),
        gettext_lazy("New recovery codes made"),
    ),
    RECOVERY_CODE_USED: (
        gettext_lazy("Use a recovery code"),
        gettext_lazy("Recovery code used"),
    ),
}
#: What the person reads in a mail.
MAILS = {
    SET_UP: gettext_lazy("A second factor was set up for your account %(name)s."),
    TURN_OFF: gettext_lazy("The second factor of your account %(name)s was turned off."),
    RESET: gettext_lazy(
        "An administrator has reset the second factor of your account %(name)s. "
        "All its sessions were ended."
    ),
    RECOVERY_CODES: gettext_lazy(
        "New recovery codes were made for your account %(name)s. The old ones are void."
    ),
    RECOVERY_CODE_USED: gettext_lazy(
        "A recovery code was used to log in to your account %(name)s."
    ),
}


def record(action: str, person: Any, *, by: Any) -> None:
    """Log that `by` did this to the second factor of `person`, and tell the person by mail."""
    log(instance=person, action=action, user=by)
    if person.email:
        with override(UserProfile.get_for_user(person).get_preferred_language()):
            _send(action, person)


def _send(action: str, person: Any) -> None:
    lines = [
        MAILS[action] % {"name": person.get_username()},
        _("If you did not expect this, change your password and tell an administrator at once."),
        f"{settings.WAGTAILADMIN_BASE_URL}",
    ]
    subject = _("The second factor of your account")
    try:
        send_mail(subject, "\n\n".join(lines), None, [person.email])
    except (OSError, SMTPException):
        # What was changed stays so, and the log of the CMS has it.
        logger.exception("Account %s could not be told by mail.", person.pk)
