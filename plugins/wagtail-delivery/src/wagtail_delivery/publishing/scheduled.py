"""Publishing and unpublishing on time: each thing in a transaction of its own.

A thing that fails changes nothing, keeps its schedule, and is tried again after 5 s, 15 s, up to an
hour. Others do not wait for it. Whoever scheduled it is told why, once for each reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, Error, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.models import OverdueSchedule
from wagtail_delivery.publishing.admin_errors import error_message
from wagtail_delivery.publishing.due_schedules import Due, StillDueError, carry_out, due_now
from wagtail_delivery.publishing.schedule_reports import Receiver, receiver_of
from wagtail_delivery.publishing.transaction import publishing
from wagtail_delivery.store.overdue import (
    begin,
    finish,
    forget,
    record_failure,
    record_told,
    waiting,
)

logger = logging.getLogger(__name__)

#: Errors whose words say all that there is to know.
REFUSALS = (EncodingError, PermissionDenied, StillDueError, ValidationError)
#: Seconds after which a worker looks after the documents that follow, before it goes on.
BATCH_SECONDS = 5.0
#: Attempts that ended with their process, or with the database, before somebody is told.
TOLD_AFTER = 3


def publish_due() -> bool:
    """Publish and unpublish what is due; returns whether it stopped with more to do.

    A worker or a thread calls it every 20 s or so, and at once while it returns true. Any number
    may do so at the same time: each thing is published once. Raises an error of the database only
    if that concerns more than one thing.
    """
    attempts = _Attempts()
    deadline = time.monotonic() + BATCH_SECONDS
    try:
        for begun, due in enumerate(_ready()):
            if begun and time.monotonic() > deadline:
                return True
            attempts.make(due)
    finally:
        attempts.tell()
    return False


def publish_all_due() -> list[str]:
    """Publish and unpublish all that is due, also what is to be tried later; returns failures."""
    attempts = _Attempts(at_once=True)
    for due in due_now():
        attempts.make(due)
    attempts.tell()
    return attempts.failures


def _ready() -> Iterable[Due]:
    """What is due and need not wait, first what was never tried."""
    # Read before what is due: a row that another scheduler adds in between is not forgotten.
    rows = waiting()
    due = due_now()
    now = timezone.now()
    schedules = {(one.source, one.at) for one in due}
    forget(row for row in rows.values() if (row.source, row.due_at) not in schedules)
    tried = {(row.source, row.due_at): row for row in rows.values()}
    found = [(tried.get((one.source, one.at)), one) for one in due]
    ready = [(row, one) for row, one in found if row is None or row.not_before <= now]
    return [one for row, one in sorted(ready, key=lambda pair: pair[0].attempts if pair[0] else 0)]


class _Attempts:
    """The attempts of one run, and who is to be told of those that failed."""

    def __init__(self, *, at_once: bool = False) -> None:
        #: Whether what waits for its next attempt is tried as well.
        self.at_once = at_once
        self.failures: list[str] = []
        self._untold: list[tuple[OverdueSchedule, Due, Receiver]] = []

    def make(self, due: Due) -> None:
        """Carry out `due`, or keep why that failed."""
        with transaction.atomic():
            row = begin(due.source, due.at, at_once=self.at_once)
        if row is None:
            return
        receiver = receiver_of(due)
        with translation.override(receiver.language):
            if row.attempts > TOLD_AFTER and not row.failure:
                # Told before the next attempt, which may end this process too.
                self._fail(row, due, receiver, _("Each attempt was interrupted."))
                self.tell()
            try:
                with publishing():
                    if finish(row):
                        carry_out(due)
            except Exception as error:
                if isinstance(error, Error) and not isinstance(error, DataError | IntegrityError):
                    raise  # of the database, for all that is due
                logger.error(
                    "The schedule of %s could not be carried out: %s",
                    due.source,
                    error,
                    exc_info=None if isinstance(error, REFUSALS) else error,
                )
                self.failures.append(f"{due.source}: {error}")
                self._fail(row, due, receiver, _sentence(_reason(error, due)))

    def tell(self) -> None:
        """Send the e-mails, outside of any transaction."""
        untold, self._untold = self._untold, []
        for row, due, receiver in untold:
            if receiver.tell(due, row.failure):
                record_told(row)

    def _fail(self, row: OverdueSchedule, due: Due, receiver: Receiver, reason: str) -> None:
        record_failure(row, reason)
        if row.told != reason:
            self._untold.append((row, due, receiver))


def _reason(error: Exception, due: Due) -> str:
    """Why an attempt failed, in the active language."""
    if isinstance(error, EncodingError):
        return error_message(error)
    if isinstance(error, ValidationError):
        return " ".join(_validation_messages(error, due))
    if isinstance(error, PermissionDenied | StillDueError) and str(error):
        return str(error)
    return _("An error of the server (%(error)s), whose log says more.") % {
        "error": type(error).__name__
    }


def _validation_messages(error: ValidationError, due: Due) -> Iterator[str]:
    """The messages of `error`, with the labels of their fields."""
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    item = due.item()
    fields = {field.name: field for field in item._meta.get_fields()} if item else {}
    for name, messages in error.message_dict.items():
        label = getattr(fields.get(name), "verbose_name", "")
        text = " ".join(messages)
        yield f"{capfirst(label)}: {text}" if label else text


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
