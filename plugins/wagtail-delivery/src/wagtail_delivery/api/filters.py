"""Filters of lists: how a parameter's text is parsed and which stored keys it matches.

A filter takes its type from a model field. Its value becomes the same key (see `sort_keys`) that
the compiler made from the field's value.
"""

from __future__ import annotations

import datetime
import decimal
import math
import re
import sys
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.dateparse import parse_duration
from wagtail.models import TranslatableMixin

from wagtail_delivery.api.query_strings import TEXT
from wagtail_delivery.encoding.scalars import flat_choices, is_enumerable
from wagtail_delivery.sort_keys import NOTHING, sort_key

#: Converts a parameter's text into a value; the message of its ValueError is public. It raises
#: OverflowError for a valid value that no document can have.
Parse = Callable[[str], Any]
JsonSchema = Mapping[str, Any]
#: Not the key of any value.
_OF_NO_DOCUMENT = NOTHING + b"\xff"

#: Decimal numbers and times of day as text, and ISO 8601 durations of days and less.
_DECIMAL = "^-?[0-9]{1,100}([.][0-9]{1,100})?$"
_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?$"
_SECONDS = "[0-9]{1,9}([.][0-9]{1,6})?S"
_MINUTES = f"([0-9]{{1,9}}M({_SECONDS})?|{_SECONDS})"
_HOURS = f"T([0-9]{{1,9}}H({_MINUTES})?|{_MINUTES})"
_DURATION = f"^-?P([0-9]{{1,8}}D({_HOURS})?|{_HOURS})$"


@dataclass(frozen=True)
class ValueType:
    """A type of filter value: its JSON schema and its parser."""

    schema: JsonSchema
    parse: Parse
    #: How values are compared, if that needs an explanation.
    comparison: str = ""


@dataclass(frozen=True)
class Filter:
    """A query parameter that filters a list."""

    parameter: str
    #: Name of the key in the store.
    key: str
    #: Several if types in one list have different fields with the same name.
    value_types: tuple[ValueType, ...]
    description: str
    #: Whether its values are stored as those of an order, and whether as those of filters only.
    #: Both if types in one list differ.
    in_orders: bool = False
    in_filters: bool = True

    @property
    def schema(self) -> JsonSchema:
        """The JSON schema of the parameter."""
        if len(self.value_types) == 1:
            return self.value_types[0].schema
        return {"anyOf": [dict(value_type.schema) for value_type in self.value_types]}

    def keys(self, text: str) -> tuple[bytes, ...]:
        """The keys that match `text`. Raises ValueError if no value type accepts it."""
        found: set[bytes] = set()
        error: Exception = ValueError("Must not be empty.")
        for value_type in self.value_types:
            try:
                found.add(sort_key(value_type.parse(text)))
            except OverflowError:
                found.add(_OF_NO_DOCUMENT)
            except ValueError as reason:
                error = reason
        if not found:
            raise ValueError(str(error))
        return tuple(sorted(found))


def text_value() -> ValueType:
    """Text, compared ignoring case and accents."""
    comparison = "Matches the whole text, ignoring case and accents."
    return ValueType({**TEXT, "minLength": 1}, _text, comparison)


def uuid_value() -> ValueType:
    return ValueType({"type": "string", "format": "uuid"}, _uuid)


def choice_value(values: Iterable[str | int]) -> ValueType:
    """One of `values`."""
    by_text: dict[str, Any] = {str(value): value for value in values}
    types = sorted({"integer" if isinstance(v, int) else "string" for v in by_text.values()})

    def parse(text: str) -> Any:
        try:
            return by_text[text]
        except KeyError:
            raise ValueError(f"Must be one of: {', '.join(by_text)}.") from None

    schema = {"type": types[0] if len(types) == 1 else types, "enum": list(by_text.values())}
    return ValueType(schema, parse)


def value_type_of(field: Any) -> ValueType:
    """The value type of the filter for a model field or relation."""
    target = getattr(field, "related_model", None)
    if target is not None:
        translatable = isinstance(target, type) and issubclass(target, TranslatableMixin)
        return uuid_value() if translatable else text_value()
    if not isinstance(field, models.BooleanField):
        choices = flat_choices(getattr(field, "flatchoices", None) or [])
        if is_enumerable(choices):
            return choice_value(value for value, _ in choices if value not in ("", None))
    for ancestor in type(field).__mro__:
        if value_type := VALUE_TYPES.get(ancestor):
            return value_type
    return text_value()


def _text(text: str) -> str:
    if not text:
        raise ValueError("Must not be empty.")
    return text


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("Must be true or false.")
    return text == "true"


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -(2**63) <= int(text) < 2**63:
        raise ValueError("Must be a 64-bit integer.")
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
        raise ValueError("Must be a number.")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("The number is too large.")
    return number


def _decimal(text: str) -> decimal.Decimal:
    if not re.fullmatch(_DECIMAL, text):
        raise ValueError("Must be a decimal number.")
    return decimal.Decimal(text)


def _uuid(text: str) -> uuid.UUID:
    if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        raise ValueError("Must be a UUID.")
    return uuid.UUID(text)


def _date(text: str) -> datetime.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("Must be a date such as 1969-04-02.")
    # Checked as in a year that has the same days and that Python can represent.
    day = datetime.date.fromisoformat(text.replace("0000-", "2000-", 1))
    if text.startswith("0000-"):
        raise OverflowError
    return day


def _moment(text: str) -> datetime.datetime:
    if not re.fullmatch(r"[0-9-]{10}[Tt][0-9:.]+([Zz]|[-+][0-9]{2}:[0-9]{2})?", text):
        raise ValueError("Must be a date and time such as 1969-04-02T08:00:00Z.")
    _date(text[:10])
    is_leap_second = text[16:19] == ":60"
    shown = f"{text[:17]}59{text[19:]}" if is_leap_second else text
    moment = datetime.datetime.fromisoformat(shown.upper())
    if is_leap_second:
        raise OverflowError
    return moment


def _time(text: str) -> datetime.time:
    if not re.fullmatch(_TIME, text):
        raise ValueError("Must be a time such as 08:30:00.")
    return datetime.time.fromisoformat(text)


def _duration(text: str) -> datetime.timedelta:
    duration = parse_duration(text) if re.fullmatch(_DURATION, text) else None
    if duration is None:
        raise ValueError("Must be a duration such as P1DT02H00M00S.")
    return duration


#: Value types by field class; the nearest ancestor of a field's class decides.
VALUE_TYPES: dict[type[Any], ValueType] = {
    models.BooleanField: ValueType({"type": "boolean"}, _boolean),
    models.IntegerField: ValueType({"type": "integer", "format": "int64"}, _integer),
    models.FloatField: ValueType(
        {"type": "number", "minimum": -sys.float_info.max, "maximum": sys.float_info.max}, _number
    ),
    models.DecimalField: ValueType({"type": "string", "pattern": _DECIMAL}, _decimal),
    models.DateTimeField: ValueType({"type": "string", "format": "date-time"}, _moment),
    models.DateField: ValueType({"type": "string", "format": "date"}, _date),
    models.TimeField: ValueType({"type": "string", "pattern": _TIME}, _time),
    models.DurationField: ValueType({"type": "string", "pattern": _DURATION}, _duration),
    models.UUIDField: uuid_value(),
}
