"""One operation of the API: its path, parameters, view and description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from wagtail_delivery.api.parameters import Parameters
from wagtail_delivery.api.problems import ProblemError

Json = Any
#: Called with the request, the path parameter's value if the operation has one, and the query
#: parameters if it has any.
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class PathParameter:
    """The last segment of an operation's path, in braces."""

    name: str
    description: str


@dataclass(frozen=True)
class Description:
    """The OpenAPI document's entry for an operation."""

    operation_id: str
    #: The type of a successful response, as a Pydantic annotation.
    response_type: Any
    tag: str
    summary: str
    text: str
    #: Headers of every successful response, and those of only some.
    headers: Sequence[str]
    some_headers: Sequence[str] = ()
    #: A real response; None if the project has none.
    example: Json = None
    #: An example of each problem that the operation responds with, by status.
    problems: Mapping[int, ProblemError] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One `GET` of the API."""

    #: Below the API's prefix, such as `/acts/{id_or_slug}`.
    path: str
    view: View
    #: None if it takes no query parameters.
    query: type[Parameters] | None = None
    path_parameter: PathParameter | None = None
    #: None keeps it out of the OpenAPI document.
    description: Description | None = None
