"""What people type into fields for dates and times, in Malay or English, whichever the admin is in.

`formats` has the orders of numbers. Here names of months become numbers and halves of the day
become hours, before Django reads them. Each field shows the wanted form.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from django.forms.fields import BaseTemporalField
from django.utils.text import capfirst
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.telepath import register
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput
from wagtail.blocks import DateBlock, DateTimeBlock, FieldBlock
from wagtail.blocks.field_block import FieldBlockAdapter

#: The beginnings of the months' names, Malay and English; "Mac", "Ogos" and "Dis" are Malay.
MONTHS = (
    ("jan",),
    ("feb",),
    ("mac", "mar"),
    ("apr",),
    ("mei", "may"),
    ("jun",),
    ("jul",),
    ("ogo", "aug"),
    ("sep",),
    ("okt", "oct"),
    ("nov",),
    ("dis", "dec"),
)
#: Every way to write a month: its full or short name.
MONTH_NAMES = """
    januari january februari february mac march april mei may jun june julai july ogos august
    september oktober october november disember december
    jan feb mar apr jul ogo aug sep sept okt oct nov dis dec
"""
MONTH = {
    name: number
    for name in MONTH_NAMES.split()
    for number, beginnings in enumerate(MONTHS, 1)
    if name.startswith(beginnings)
}
NAMED_DATE = re.compile(r"^(\d{1,2})[\s.-]+([a-z]+)\.?,?[\s.-]+(\d{4})\b,?")
BEFORE_NOON = ("am", "a.m", "pg", "pagi")
AFTER_NOON = ("pm", "p.m", "ptg", "petang")
HALF_OF_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:[:.](\d{{2}}))?\s*({'|'.join(map(re.escape, BEFORE_NOON + AFTER_NOON))})\.?$"
)

MESSAGES: dict[str, dict[str, Any]] = {
    "date": {"invalid": _("Enter a date as day/month/year, such as 31/12/2024.")},
    "time": {"invalid": _("Enter a time of 24 hours, such as 14:30.")},
    "datetime": {
        "invalid": _("Enter a date and a time as day/month/year hour:minute: 31/12/2024 14:30.")
    },
}
HINT_TEMPLATES = {
    "date": "admin_language/widgets/date_input.html",
    "datetime": "admin_language/widgets/datetime_input.html",
}

_to_python = BaseTemporalField.to_python


def as_numbers(text: str) -> str:
    """A typed date or time with numbers alone: "1 Februari 2024, 2:30 ptg" is "1/2/2024 14:30"."""
    text = " ".join(text.lower().split())
    named = NAMED_DATE.match(text)
    if named and (month := MONTH.get(named[2])):
        text = f"{named[1]}/{month}/{named[3]}{text[named.end() :]}"
    half = HALF_OF_DAY.search(text)
    if half and 1 <= int(half[1]) <= 12:
        hour = int(half[1]) % 12 + (12 if half[3] in AFTER_NOON else 0)
        text = f"{text[: half.start()]}{hour}:{half[2] or '00'}"
    return text


@wraps(_to_python)
def to_python(field: BaseTemporalField, value: str) -> Any:
    """Replaces `BaseTemporalField.to_python`; raises ValidationError for what is no date."""
    return _to_python(field, as_numbers(value))


def keeping_what_is_typed(get_config: Any) -> Any:
    """Wrap a widget's `get_config`: its calendar replaces what it cannot read by today's date."""

    @wraps(get_config)
    def get_config_keeping_what_is_typed(widget: Any) -> dict[str, Any]:
        return {**get_config(widget), "validateOnBlur": False}

    return get_config_keeping_what_is_typed


def wanted_form(*, with_time: bool) -> str:
    """The form in which a date, or a moment with its time zone, is typed."""
    if not with_time:
        return gettext("day/month/year, such as 31/12/2024")
    hint = gettext(
        "day/month/year hour:minute, such as 31/12/2024 14:30 (%(zone)s time, %(offset)s)"
    )
    city = str(get_current_timezone()).rpartition("/")[2].replace("_", " ")
    return hint % {"zone": city, "offset": _offset()}


def _offset() -> str:
    """The distance of the user's time zone from UTC, as people write it: UTC+8, UTC+5:30."""
    distance = localtime().strftime("%z")
    sign, hours, minutes = distance[0], int(distance[1:3]), distance[3:5]
    return f"UTC{sign}{hours}" + ("" if minutes == "00" else f":{minutes}")


class DateBlockAdapter(FieldBlockAdapter):
    """Shows the wanted form in the help of a block; its field is made by a script."""

    def js_args(self, block: FieldBlock) -> list[Any]:
        arguments: list[Any] = super().js_args(block)
        meta = arguments[2]
        form = wanted_form(with_time=isinstance(block, DateTimeBlock))
        meta["helpText"] = " ".join([str(meta.get("helpText", "")), f"{capfirst(form)}."]).strip()
        return arguments


def showing_the_form(get_context: Any) -> Any:
    """Wrap a widget's `get_context`: it names the wanted form, and the time zone of a moment."""

    @wraps(get_context)
    def get_context_showing_the_form(widget: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = get_context(widget, *args, **kwargs)
        with_time = isinstance(widget, AdminDateTimeInput)
        context["widget"]["wanted_form"] = wanted_form(with_time=with_time)
        return context

    return get_context_showing_the_form


PICKERS = (AdminDateInput, AdminDateTimeInput, AdminTimeInput)


def register_block_adapters() -> None:
    """Use the adapter for the blocks of dates; called once from `ready()`."""
    for block in (DateBlock, DateTimeBlock):
        register(DateBlockAdapter(), block)
