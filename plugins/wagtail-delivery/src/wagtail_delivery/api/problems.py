"""What went wrong, as RFC 9457 problem documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from pydantic import Field

from wagtail_delivery.encoding.base import Schema

CONTENT_TYPE = "application/problem+json"
#: Longest name or value of a caller's that an error repeats.
REPEATED = 100


class ParameterProblem(Schema):
    """One parameter that cannot be used as it is."""

    parameter: str = Field(description="Name of the parameter.")
    detail: str = Field(description="What is wrong with it, for a developer.")


class Problem(Schema):
    """A problem (RFC 9457)."""

    type: str = Field(
        description="Kind of problem; `about:blank`: `title` says it all.",
        json_schema_extra={"format": "uri-reference"},
    )
    title: str = Field(description="Name of the kind of problem.")
    status: int = Field(description="The HTTP status code.", ge=400, le=599)
    detail: str = Field(description="What went wrong this time, for a developer.")
    errors: list[ParameterProblem] = Field(
        description="The parameters that are to blame; empty where none is."
    )


class ProblemError(Exception):
    """Ends the work on a request with a problem document."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[ParameterProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def bad_parameters(*errors: tuple[str, str]) -> ProblemError:
    """400: `errors` are names of parameters and what is wrong with each."""
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        "The request has parameters that cannot be used.",
        [ParameterProblem(parameter=name[:REPEATED], detail=detail) for name, detail in errors],
    )


def not_found(detail: str, *errors: tuple[str, str]) -> ProblemError:
    """404: there is nothing to be had here, or nobody may have it."""
    return ProblemError(
        HTTPStatus.NOT_FOUND,
        detail,
        [ParameterProblem(parameter=name, detail=text) for name, text in errors],
    )


def unavailable(detail: str) -> ProblemError:
    """503: it is worth asking again in a few seconds."""
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "5"})


def problem_document(problem: ProblemError) -> dict[str, Any]:
    """What a caller is told of `problem`."""
    return {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        "errors": [error.model_dump() for error in problem.errors],
    }


def problem_response(problem: ProblemError) -> HttpResponse:
    """`problem` as a response. It is not to be kept: what is missing now may come any moment."""
    return HttpResponse(
        json.dumps(problem_document(problem), ensure_ascii=False).encode("utf-8", "replace"),
        status=problem.status.value,
        headers={
            "Content-Type": CONTENT_TYPE,
            "Content-Language": "en",
            "Cache-Control": "no-store",
            **problem.headers,
        },
    )
