"""One operation of the API: where it is, how it is called, and how it is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from wagtail_delivery.api.parameters import Parameters
from wagtail_delivery.api.problems import ProblemError

Json = Any
#: A view takes the request, then the value of the path parameter if the operation has one, then
#: the query parameters if it has any.
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class PathParameter:
    """The last segment of an operation's path, in braces."""

    name: str
    description: str


@dataclass(frozen=True)
class Description:
    """What the OpenAPI document says about an operation."""

    operation_id: str
    #: The type of a successful response, as Pydantic takes it.
    answer: Any
    tag: str
    summary: str
    #: Headers of every successful response, and those of only some.
    headers: Sequence[str]
    some_headers: Sequence[str] = ()
    text: str = ""
    #: A real response; None where the project has none.
    example: Json = None
    #: An example of each problem that it can answer with, by status.
    problems: Mapping[int, ProblemError] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """A `GET` that the API answers."""

    #: Below the API's prefix, such as `/acts/{id_or_slug}`.
    path: str
    view: View
    #: Its query parameters; None where it takes none.
    query: type[Parameters] | None = None
    path_parameter: PathParameter | None = None
    #: None keeps it out of the OpenAPI document.
    description: Description | None = None
