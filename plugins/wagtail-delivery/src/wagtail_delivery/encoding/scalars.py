"""Encoders of single values: text, numbers, dates, choices and plain JSON."""

from __future__ import annotations

import base64
import datetime
import decimal
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Literal, cast

from django.utils.duration import duration_iso_string
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import Field, TypeAdapter
from typing_extensions import TypeAliasType

from wagtail_delivery.encoding.base import (
    Compilation,
    Encoder,
    EncodingError,
    Json,
    Location,
    located,
)

#: Any JSON, as a named type: for values whose type is unknown.
JsonValue = TypeAliasType(
    "JsonValue",
    Annotated[
        "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None",
        Field(description="Any JSON value; the content model does not define its type."),
    ],
)
#: A decimal number as text, so no digit is lost.
DecimalString = Annotated[
    str, Field(pattern=r"^-?\d+(\.\d+)?$", json_schema_extra={"format": "decimal"})
]
Uri = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
Base64 = Annotated[str, Field(json_schema_extra={"contentEncoding": "base64"})]
Html = Annotated[str, Field(json_schema_extra={"contentMediaType": "text/html"})]

#: A choice's stored values and their labels.
Choices = Sequence[tuple[Any, Any]]


class ScalarEncoder(Encoder):
    """A single value that `convert` turns into JSON; null stays null."""

    def __init__(
        self,
        annotation: Any,
        convert: Callable[[Any], Json] = lambda value: value,
        *,
        nullable: bool = False,
        untyped: str = "",
    ) -> None:
        super().__init__(annotation | None if nullable else annotation, untyped=untyped)
        self.convert = convert

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        if value is None:
            return None
        with located(location):
            return self.convert(value)


class TextEncoder(ScalarEncoder):
    """Text for readers, which may be translated; None becomes "" unless it is nullable."""

    def __init__(self, annotation: Any = str, *, nullable: bool = False) -> None:
        super().__init__(annotation, str, nullable=nullable)
        self.nullable = nullable

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        if value:
            compilation.mark_text(location)
        # A block added to a struct later has no value in content written before.
        missing = value is None and not self.nullable
        return "" if missing else super().encode(value, location, compilation)


class ChoiceEncoder(Encoder):
    """One of a field's choices, as an enum; an empty value is null."""

    def __init__(self, choices: Choices, *, nullable: bool) -> None:
        self.values = [value for value, _ in choices if value not in ("", None)]
        enum = Literal[tuple(self.values)]  # type: ignore[valid-type]
        super().__init__(enum | None if nullable else enum)
        self.nullable = nullable
        self.explanation = "; ".join(
            f"`{value}`: {label}" for value, label in choices if value not in ("", None)
        )

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        if value in self.values:
            return value
        if self.nullable and value in ("", None):
            return None
        raise EncodingError(
            location,
            format_lazy(
                _("“{value}” is not one of the choices: {choices}."),
                value=value,
                choices=", ".join(map(str, self.values)),
            ),
        )


class ListEncoder(Encoder):
    """A list of values of one type."""

    def __init__(self, item: Encoder) -> None:
        super().__init__(list[item.annotation], untyped=item.untyped)  # type: ignore[name-defined]
        self.item = item
        self.explanation = item.explanation

    def encode(
        self, value: Iterable[Any] | None, location: Location, compilation: Compilation
    ) -> Json:
        return [
            self.item.encode(part, location.member(index), compilation)
            for index, part in enumerate(value or [])
        ]


def is_enumerable(choices: Choices) -> bool:
    """Whether `choices` can be an enum in JSON: every value is text or an integer."""
    values = [value for value, _ in choices if value not in ("", None)]
    return bool(values) and all(isinstance(value, str | int) for value in values)


def flat_choices(choices: Iterable[tuple[Any, Any]]) -> Choices:
    """Choices without their groups."""
    flat: list[tuple[Any, Any]] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            flat.extend(flat_choices(cast("Choices", label)))
        else:
            flat.append((value, label))
    return flat


def utc(moment: datetime.datetime) -> str:
    """A point in time in UTC with second precision or better, in RFC 3339 format."""
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def text() -> TextEncoder:
    return TextEncoder()


def integer(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(int, int, nullable=nullable)


def number(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(float, float, nullable=nullable)


def boolean(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(bool, bool, nullable=nullable)


def decimal_number(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(
        DecimalString, lambda value: format(decimal.Decimal(str(value)), "f"), nullable=nullable
    )


def date(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(datetime.date, lambda value: value.isoformat(), nullable=nullable)


def moment(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(datetime.datetime, utc, nullable=nullable)


def time(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(datetime.time, lambda value: value.isoformat(), nullable=nullable)


def duration(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(datetime.timedelta, duration_iso_string, nullable=nullable)


def identifier(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(uuid.UUID, str, nullable=nullable)


def uri(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(Uri, str, nullable=nullable)


def binary(*, nullable: bool = False) -> ScalarEncoder:
    return ScalarEncoder(
        Base64, lambda value: base64.b64encode(bytes(value)).decode("ascii"), nullable=nullable
    )


def _text_of_promise(value: Any) -> str:
    """The text of a lazy translation; anything else is not JSON."""
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"of {type(value)}")


class JsonEncoder(Encoder):
    """A value that is only known to be JSON."""

    _adapter: TypeAdapter[Any] = TypeAdapter(Any)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        try:
            return self._adapter.dump_python(value, mode="json", fallback=_text_of_promise)
        except (TypeError, ValueError) as error:
            raise EncodingError(location, f"The value is not valid JSON: {error}") from error


def plain_json(remedy: str) -> JsonEncoder:
    """A value that is only known to be JSON; `remedy` shows developers how to type it."""
    return JsonEncoder(JsonValue, untyped=remedy)
