"""Tell whoever publishes which pictures the published documents do not show, or not as they are."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from wagtail_delivery.encoding.image_faults import FileWork, ImageFault, StillImage

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


def report_faults(work: FileWork) -> None:
    """Log what documents do not show, or not as it is, and show one message for each picture."""
    for faults, shown_in in _by_picture(work.faults):
        fault = faults[0]
        with translation.override(None):  # The log is in English.
            logger.warning(
                "The documents of %s do not show image %s (%s): %s.",
                _labels(shown_in),
                fault.image.pk,
                fault.image.file.name,
                fault.reason,
            )
        text = _(
            "Published without the picture “%(picture)s”: %(reason)s. It is missing in %(titles)s."
        )
        _show(fault.image, shown_in, text, reason=fault.reason)
    for stills, shown_in in _by_picture(work.stills):
        image = stills[0].image
        logger.warning(
            "The documents of %s show the animated image %s (%s) as a still one.",
            _labels(shown_in),
            image.pk,
            image.file.name,
        )
        text = _(
            "The animated picture “%(picture)s” is a still one in %(titles)s, where it is shown in "
            "another size or format."
        )
        _show(image, shown_in, text)


Shown = TypeVar("Shown", ImageFault, StillImage)


def _by_picture(found: Iterable[Shown]) -> Iterator[tuple[list[Shown], list[models.Model]]]:
    """What was found of each picture, and the instances whose documents show it."""
    groups: dict[tuple[type, object], list[Shown]] = {}
    for one in found:
        groups.setdefault((type(one.image), one.image.pk), []).append(one)
    for group in groups.values():
        yield group, [one.document_of for one in group if one.document_of is not None]


def _labels(instances: Iterable[models.Model]) -> str:
    return ", ".join(f"{one._meta.label_lower}:{one.pk}" for one in instances)


def receiver() -> Any:
    """The request whose user reads the reports; None outside Wagtail's admin."""
    request = _request.get()
    can_read = hasattr(request, "_messages") and hasattr(request, "user")
    return request if can_read else None


def _show(image: Any, shown_in: Sequence[models.Model], text: str, **values: object) -> None:
    request = receiver()
    if request is None:
        return
    titles = [f"“{one}”" for one in shown_in[:LISTED]]
    more = len(shown_in) - len(titles)
    if more > 0:
        titles.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    address = AdminURLFinder(request.user).get_edit_url(image)
    buttons = [messages.button(address, _("Edit the picture"))] if address else []
    filled = text % {"picture": image.title, "titles": ", ".join(titles), **values}
    messages.warning(request, filled, buttons=buttons)
