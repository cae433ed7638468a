"""Who is told that something could not be published or unpublished on time, and how."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url, get_user_display_name
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

from wagtail_delivery.publishing.due_schedules import Due
from wagtail_delivery.publishing.publication_messages import formatted

logger = logging.getLogger(__name__)

ACCESS = "wagtailadmin.access_admin"
#: Entries in Wagtail's log that name who chose the dates of a revision.
CHOICES = ("wagtail.publish.schedule", "wagtail.publish")


@dataclass(frozen=True)
class Receiver:
    """Whoever is told of the failures of a schedule; without a user, only the log is."""

    user: Any = None

    @property
    def language(self) -> str:
        """The language of the user's admin."""
        profile = getattr(self.user, "wagtail_userprofile", None)
        return str(profile.get_preferred_language() if profile else settings.LANGUAGE_CODE)

    @property
    def time_zone(self) -> str:
        """The time zone of the user's admin."""
        profile = getattr(self.user, "wagtail_userprofile", None)
        return str(profile.get_current_time_zone() if profile else settings.TIME_ZONE)

    def tell(self, due: Due, reason: str) -> bool:
        """Send an e-mail with `reason`; returns whether nothing is left to be sent."""
        if self.user is None:
            return True
        with translation.override(self.language), timezone.override(self.time_zone):
            subject, text = self._message(due, reason)
        address = getattr(self.user, self.user.get_email_field_name())
        try:
            send_mail(subject, text, [address])
        except Exception:  # each mail backend raises errors of its own
            logger.exception("User %s could not be told about %s.", self.user.pk, due.source)
            return False
        return True

    def _message(self, due: Due, reason: str) -> tuple[str, str]:
        item = due.item()
        title = _title(due, item)
        # Of Python's zone and not of its abbreviation, which is "+08" in Malaysia.
        moment = f"{formatted(due.at)} ({timezone.get_current_timezone_name()})"
        if due.is_expiry:
            subject = _("“%(title)s” could not be unpublished on time")
            begin = _("“%(title)s” was to be unpublished on %(moment)s. That failed:")
            remedy = ""
        else:
            subject = _("“%(title)s” could not be published on time")
            begin = _("“%(title)s” was to be published on %(moment)s. That failed:")
            remedy = _(
                "Nobody can edit it until its schedule is cancelled, in its editor or its history."
            )
        again = _("It is tried again by itself. If the reason changes, you get another e-mail.")
        parts = [
            _("Hello %(name)s,") % {"name": get_user_display_name(self.user)},
            begin % {"title": title, "moment": moment},
            reason,
            " ".join(filter(None, [again, remedy])),
            self._address(item),
        ]
        # The title may have line breaks, which a subject must not have.
        one_line = " ".join((subject % {"title": title}).split())
        return one_line, "\n\n".join(filter(None, parts)) + "\n"

    def _address(self, item: Any) -> str:
        found = AdminURLFinder(self.user).get_edit_url(item) if item is not None else None
        return f"{(get_admin_base_url() or '').rstrip('/')}{found}" if found else ""


def receiver_of(due: Due) -> Receiver:
    """Whoever scheduled `due`, or saved that version, or owns the page, and can be reached."""
    for user in _candidates(due):
        if user is not None and _can_be_told(user):
            return Receiver(user)
    return Receiver()


def _can_be_told(user: Any) -> bool:
    has_address = bool(getattr(user, user.get_email_field_name()))
    return user.is_active and has_address and bool(user.has_perm(ACCESS))


def _candidates(due: Due) -> Iterator[Any]:
    item, revision = due.item(), due.revision()
    if item is not None and revision is not None:
        yield _chooser(item, revision)
    yield revision.user if revision is not None else None
    yield getattr(item, "owner", None)


def _chooser(item: Any, revision: Revision) -> Any:
    """The user who chose the dates of `revision`."""
    entries = log_registry.get_logs_for_instance(item).filter(
        action__in=CHOICES, revision=revision, user__isnull=False
    )
    entry = entries.select_related("user").order_by("-timestamp", "-pk").first()
    return entry.user if entry else None


def _title(due: Due, item: Any) -> str:
    revision = None if due.is_expiry else due.revision()
    return str(revision.object_str if revision else item)
