"""What a view reads of a request, so that nothing is tried in vain and nothing overlooked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict


@dataclass
class Reading:
    """The names that were looked up in a query or form, and whether the body was read."""

    names: set[str] = field(default_factory=set)
    body: bool = False


@contextmanager
def noting() -> Iterator[Reading]:
    """Note what is read of requests in this block."""
    found = Reading()

    def noting_name(original: Any) -> Any:
        def read(data: MultiValueDict[str, Any], name: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(data, QueryDict):
                found.names.add(str(name))
            return original(data, name, *args, **kwargs)

        return read

    body = HttpRequest.body

    def noting_body(request: HttpRequest) -> bytes:
        found.body = True
        return body.fget(request)

    with (
        mock.patch.object(MultiValueDict, "__getitem__", noting_name(MultiValueDict.__getitem__)),
        mock.patch.object(MultiValueDict, "_getlist", noting_name(MultiValueDict._getlist)),
        mock.patch.object(
            MultiValueDict, "__contains__", noting_name(dict.__contains__), create=True
        ),
        mock.patch.object(HttpRequest, "body", property(noting_body)),
        mock.patch.object(HttpRequest, "read", _noting_stream(found, HttpRequest.read)),
    ):
        yield found


def _noting_stream(found: Reading, read: Any) -> Any:
    def noting_read(request: HttpRequest, *args: Any, **kwargs: Any) -> bytes:
        found.body = True
        return read(request, *args, **kwargs)

    return noting_read
