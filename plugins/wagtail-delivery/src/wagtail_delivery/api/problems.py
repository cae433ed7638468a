"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from pydantic import Field

from wagtail_delivery.encoding.base import Schema

CONTENT_TYPE = "application/problem+json"
#: Maximum length of a parameter name that an error repeats.
REPEATED = 100


class ParameterProblem(Schema):
    """One parameter with an invalid value or name."""

    parameter: str = Field(description="Name of the parameter.")
    detail: str = Field(description="What is wrong with it, for developers.")


class Problem(Schema):
    """A problem document (RFC 9457)."""

    type: str = Field(
        description="Problem type; `about:blank` if it is no more than the HTTP status.",
        json_schema_extra={"format": "uri-reference"},
    )
    title: str = Field(description="Short summary of the problem type.")
    status: int = Field(description="The HTTP status code.", ge=400, le=599)
    detail: str = Field(description="What went wrong with this request, for developers.")
    errors: list[ParameterProblem] = Field(
        description="The parameters that caused the problem; may be empty."
    )


class ChangesProblem(Problem):
    """A problem with a cursor of the change log, and where to go on."""

    next: str = Field(
        description="Cursor to go on from, after reading everything again: the present end."
    )


class ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[ParameterProblem] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
        document_type: type[Problem] = Problem,
    ) -> None:
        """`more` are the members that `document_type` has beyond those of every problem."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}
        self.more = more or {}
        self.document_type = document_type


def bad_parameters(*errors: tuple[str, str]) -> ProblemError:
    """400; `errors` are names of parameters, each with what is wrong with it."""
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        "The request has invalid parameters.",
        [ParameterProblem(parameter=name[:REPEATED], detail=detail) for name, detail in errors],
    )


def not_found(detail: str, *errors: tuple[str, str]) -> ProblemError:
    """404: nothing public is here."""
    return ProblemError(
        HTTPStatus.NOT_FOUND,
        detail,
        [ParameterProblem(parameter=name, detail=text) for name, text in errors],
    )


def unavailable(detail: str) -> ProblemError:
    """503: a retry after a few seconds may succeed."""
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "5"})


def problem_document(problem: ProblemError) -> dict[str, Any]:
    """The body of the response for `problem`."""
    return {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        "errors": [error.model_dump() for error in problem.errors],
        **problem.more,
    }


def problem_response(problem: ProblemError) -> HttpResponse:
    """`problem` as a response, never cached: missing content may be published at any moment."""
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
