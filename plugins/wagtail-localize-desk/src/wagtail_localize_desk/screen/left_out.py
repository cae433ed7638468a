"""Places that were left alone when several were to be filled in, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: The most places that a message names.
MOST_NAMED = 5


@dataclass(frozen=True)
class LeftOut:
    """A place that was not filled in: its name, and a sentence for people."""

    name: str
    reason: str


def left_out_message(places: Sequence[LeftOut]) -> str:
    """The first of the places with their reasons; an empty text without any."""
    if not places:
        return ""
    named = [f"{place.name} ({place.reason})" for place in places[:MOST_NAMED]]
    if len(places) > MOST_NAMED:
        named.append(_("and others"))
    return _("Left out: %(places)s") % {"places": "; ".join(named)}
