"""Properties and methods in `api_fields`, typed by their return annotations."""

from __future__ import annotations

import collections.abc
import inspect
import re
import types
import typing
from collections.abc import Collection, Iterable
from typing import Any, get_args, get_origin

from django.apps import apps
from django.db import models
from django.utils.functional import Promise, cached_property
from pydantic import TypeAdapter
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

from wagtail_delivery.encoding.base import (
    Compilation,
    Encoder,
    EncodingError,
    Json,
    Location,
)
from wagtail_delivery.encoding.broken_images import make_with_whole_images
from wagtail_delivery.encoding.made_addresses import with_known_addresses
from wagtail_delivery.encoding.query_tracking import tracking_reads
from wagtail_delivery.encoding.read_texts import mark_read_texts
from wagtail_delivery.encoding.scalars import plain_json

MANY = (list, tuple, set, frozenset, Collection, Iterable, typing.Sequence, models.QuerySet)


class PythonValueEncoder(Encoder):
    """A computed value, validated against the type that its code declares."""

    def __init__(self, annotation: Any) -> None:
        super().__init__(annotation)
        self._adapter: TypeAdapter[Any] = TypeAdapter(annotation)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        try:
            checked = self._adapter.validate_python(_plain(value), from_attributes=True)
            dumped = self._adapter.dump_python(checked, mode="json", by_alias=True)
        except ValueError as error:
            raise EncodingError(
                location, f"The value does not match its annotation: {error}"
            ) from error
        # The order of a set differs between processes.
        return sorted(dumped, key=repr) if isinstance(checked, set | frozenset) else dumped


def _plain(value: Any) -> Any:
    """`value`, with a lazy translation as text."""
    return str(value) if isinstance(value, Promise) else value


class ComputedEncoder(Encoder):
    """The result of code that records no dependencies: tracks the queries of `read(instance)`."""

    def __init__(self, read: Any, inner: Encoder) -> None:
        super().__init__(inner.annotation, untyped=inner.untyped)
        self.read = read
        self.inner = inner

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        def make(source: Any) -> Json:
            return self.inner.encode(self.read(source), location, compilation)

        with tracking_reads(compilation, value) as read:
            result, value = make_with_whole_images(make, value)
            if not self.relational:  # Cards mark their own texts.
                compilation.mark_computed(location, result, make, value)
                mark_read_texts(compilation, location, result, make, value, read)
                result = with_known_addresses(result, location, compilation, value, read)
            return result


class ComputedRelationEncoder(ComputedEncoder):
    """The result of code that returns other content, shown as cards."""

    relational = True


#: `QuerySet[Act]` in an annotation: at run time Django drops the part in brackets.
_QUERYSET = re.compile(r"[\w.]*QuerySet\[")


def return_annotation(function: Any) -> Any:
    """The return annotation of a property, method or function; None without a usable one.

    A name imported only for type checkers is looked up in `typing`, in `collections.abc` and among
    the project's models; those of its own app take precedence.
    """
    if isinstance(function, property):
        function = function.fget
    elif isinstance(function, cached_property):
        function = function.func
    function = inspect.unwrap(function) if callable(function) else function
    written = getattr(function, "__annotations__", {}).get("return")
    if isinstance(written, str):
        written = _QUERYSET.sub("Iterable[", written)
    names = _names_for_type_checkers(getattr(function, "__module__", None) or "")
    names |= getattr(function, "__globals__", {})
    names.setdefault("Iterable", Iterable)
    holder = types.SimpleNamespace(__annotations__={"return": written} if written else {})
    try:
        return typing.get_type_hints(holder, globalns=names, include_extras=True).get("return")
    except (AttributeError, NameError, SyntaxError, TypeError):
        return None


def _names_for_type_checkers(module: str) -> dict[str, Any]:
    own_app = apps.get_containing_app_config(module)
    found = sorted(apps.get_models(), key=lambda model: model._meta.app_config is own_app)
    return {
        **vars(typing),
        **vars(collections.abc),
        **{model.__name__: model for model in found},
    }


def model_in(annotation: Any) -> tuple[type[models.Model], bool, bool] | None:
    """The model in an annotation, whether it is many of them, and whether it may be None."""
    optional = False
    if get_origin(annotation) in (typing.Union, types.UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        optional = len(rest) < len(get_args(annotation))
        if len(rest) != 1:
            return None
        annotation = rest[0]
    if isinstance(annotation, type) and issubclass(annotation, models.Model):
        return annotation, False, optional
    if get_origin(annotation) in MANY or (
        isinstance(get_origin(annotation), type) and issubclass(get_origin(annotation), Iterable)
    ):
        arguments = [part for part in get_args(annotation) if part is not Ellipsis]
        if arguments and isinstance(arguments[0], type) and issubclass(arguments[0], models.Model):
            return arguments[0], True, optional
    return None


def typed_value(annotation: Any, remedy: str) -> Encoder:
    """The encoder of a value of type `annotation`; plain JSON if Pydantic does not support it."""
    if annotation is None or annotation is Any:
        return plain_json(remedy)
    try:
        return PythonValueEncoder(annotation)
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        return plain_json(f"{remedy} Pydantic reports: {error.message.partition('. ')[0]}")
