"""Tell whoever publishes which pictures the published documents do not show, and why."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from wagtail_delivery.encoding.image_faults import ImageFault

logger = logging.getLogger(__name__)

#: Titles that one message lists.
LISTED = 5
#: The request in which this thread publishes.
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def reporting_to(request: HttpRequest) -> Iterator[None]:
    """Show the reports of this block to the user of `request`, as messages of Wagtail's admin."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def report_faults(faults: Sequence[ImageFault]) -> None:
    """Log each fault, and show one message for each picture."""
    by_picture: dict[tuple[type, object], list[ImageFault]] = {}
    for fault in faults:
        by_picture.setdefault((type(fault.image), fault.image.pk), []).append(fault)
    for group in by_picture.values():
        first = group[0]
        shown_in = [fault.document_of for fault in group if fault.document_of is not None]
        with translation.override(None):  # The log is in English.
            logger.warning(
                "The documents of %s do not show image %s (%s): %s.",
                ", ".join(f"{one._meta.label_lower}:{one.pk}" for one in shown_in),
                first.image.pk,
                first.image.file.name,
                first.reason,
            )
        _show(first, shown_in)


def _show(fault: ImageFault, shown_in: Sequence[models.Model]) -> None:
    request = _request.get()
    if request is None or not hasattr(request, "_messages") or not hasattr(request, "user"):
        return
    titles = [f"“{one}”" for one in shown_in[:LISTED]]
    more = len(shown_in) - len(titles)
    if more > 0:
        titles.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    text = _(
        "Published without the picture “%(picture)s”: %(reason)s. It is missing in %(titles)s."
    ) % {
        "picture": fault.image.title,
        "reason": fault.reason,
        "titles": ", ".join(titles),
    }
    address = AdminURLFinder(request.user).get_edit_url(fault.image)
    buttons = [messages.button(address, _("Edit the picture"))] if address else []
    messages.warning(request, text, buttons=buttons)
