"""Dispatches requests to operations and adds the headers that all responses share."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.core.signals import setting_changed
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, get_script_prefix, reverse
from pydantic import ValidationError

from wagtail_delivery.api.answer_facts import ContentResponse, facts_of
from wagtail_delivery.api.cors import METHODS, Cors
from wagtail_delivery.api.operation import Operation, PathParameter
from wagtail_delivery.api.operations import api_operations
from wagtail_delivery.api.parameters import ContentParameters, Parameters
from wagtail_delivery.api.problems import (
    ProblemError,
    bad_parameters,
    not_found,
    problem_response,
    unavailable,
)
from wagtail_delivery.api.queries.connection import reading
from wagtail_delivery.api.query_strings import LONGEST_NAME, parse_query_string, text_fault
from wagtail_delivery.api.responses import cache_control, is_unchanged
from wagtail_delivery.api.waiting import require_sequence
from wagtail_delivery.conf import DeliverySettings, delivery_settings
from wagtail_delivery.metrics.recorder import recorder

logger = logging.getLogger(__name__)


class Call:
    """An operation with its parameter names looked up once."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.query = operation.query or Parameters
        described = operation.description
        #: Its name in the metrics.
        self.name = described.operation_id if described else operation.path.strip("/")
        self.known = frozenset(item.alias or name for name, item in self.query.model_fields.items())

    def __call__(self, request: HttpRequest, name: str) -> HttpResponse:
        """Return the operation's response; `name` is the path parameter's value.

        Raises ProblemError for bad parameters and for anything that the view cannot find."""
        arguments: list[Any] = [request]
        if self.operation.path_parameter is not None:
            arguments.append(self._checked(name, self.operation.path_parameter))
        query = self._read_query(request.META.get("QUERY_STRING", ""))
        if self.operation.query is not None:
            arguments.append(query)
        if isinstance(query, ContentParameters) and query.at_least is not None:
            require_sequence(query.at_least)
        return self.operation.view(*arguments)

    def _checked(self, name: str, parameter: PathParameter) -> str:
        if fault := text_fault(name, LONGEST_NAME):
            raise bad_parameters((parameter.name, fault))
        return name

    def _read_query(self, query_string: str) -> Parameters:
        values = parse_query_string(query_string, self.known) if query_string else {}
        try:
            return self.query.model_validate(values)
        except ValidationError as error:
            raise bad_parameters(
                *(
                    (str(item["loc"][0]) if item["loc"] else "", _reason(item))
                    for item in error.errors(include_url=False, include_input=False)
                )
            ) from None


def _reason(error: Mapping[str, Any]) -> str:
    """The message of a validation error, from one of our own validators or from Pydantic."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return f"{error['msg']}."


@dataclass
class Dispatcher:
    """Responds to every request below the API's prefix."""

    operations: Sequence[Operation]
    settings: DeliverySettings
    #: Calls by their full path, and calls by the path before their path parameter.
    whole: dict[str, Call] = field(default_factory=dict)
    named: dict[str, Call] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for operation in self.operations:
            path, _, name = operation.path.strip("/").partition("/{")
            (self.named if name else self.whole)[path] = Call(operation)
        self.cors = Cors(self.settings.CORS_ORIGINS)
        self.recorder = recorder()
        self.cache_control = cache_control(self.settings)

    def respond(self, request: HttpRequest, path: str) -> HttpResponse:
        """Return the response to `request` for `path`, the part after the API's prefix.

        Never raises: an unexpected exception is logged and becomes a problem without details.
        """
        with reading() as read:
            try:
                response = self._respond(request, path)
                if read.sequence is not None:
                    response.headers["X-Content-Sequence"] = str(read.sequence)
                    self._tell(request, path, read.sequence, response)
            except ProblemError as problem:
                response = problem_response(problem)
            except (OperationalError, InterfaceError):
                logger.exception("Database error while responding to %r.", request.path)
                if (facts := facts_of(request)) is not None:
                    facts.database_failed = True
                response = problem_response(unavailable("The content is temporarily unavailable."))
            except Exception:
                logger.exception("Unexpected error while responding to %r.", request.path)
                response = problem_response(
                    ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "An unexpected error occurred.")
                )
        response = self._finish(request, response)
        if self.recorder is not None:
            operation = self._operation_at(path)
            self.recorder.request(operation, request.method or "", response.status_code)
        return response

    def _tell(self, request: HttpRequest, path: str, sequence: int, response: HttpResponse) -> None:
        """Fill in the facts of a response with content, if they are asked for."""
        facts = facts_of(request)
        if facts is not None and isinstance(response, ContentResponse):
            facts.operation = self._operation_at(path)
            facts.sequence = sequence
            facts.expires_at = response.expires_at

    def _operation_at(self, path: str) -> str:
        call = self.whole.get(path) or self.named.get(path.partition("/")[0])
        return call.name if call is not None else "unknown"

    def refuse(self, request: HttpRequest, problem: ProblemError) -> HttpResponse:
        """Return the response to a request that the server refused before the project saw it."""
        response = self._finish(request, problem_response(problem))
        if self.recorder is not None:
            self.recorder.request("refused", request.method or "", response.status_code)
        return response

    def _respond(self, request: HttpRequest, path: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": METHODS})
        if request.method not in ("GET", "HEAD"):
            raise ProblemError(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "This API is read-only: use GET, HEAD or OPTIONS.",
                headers={"Allow": METHODS},
            )
        call = self.whole.get(path)
        if call is not None:
            return call(request, "")
        collection, _, name = path.partition("/")
        call = self.named.get(collection)
        if call is None or not name:
            raise not_found("No operation has this path.")
        return call(request, name)

    def _finish(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the shared headers, and drop the body for conditional and HEAD requests."""
        headers = response.headers
        headers.setdefault("Cache-Control", self.cache_control)
        headers["X-Content-Type-Options"] = "nosniff"
        self.cors.add_headers(request, response)
        if is_unchanged(request, response):
            response.status_code = HTTPStatus.NOT_MODIFIED.value
            response.content = b""
            del headers["Content-Type"]
        elif response.status_code == HTTPStatus.NO_CONTENT:
            del headers["Content-Type"]
        else:
            headers["Content-Length"] = str(len(response.content))
            if request.method == "HEAD":
                response.content = b""
        return response


@lru_cache(maxsize=1)
def dispatcher() -> Dispatcher:
    """The dispatcher of this process, made at its first use."""
    return Dispatcher(api_operations(), delivery_settings())


def api_prefix() -> str:
    """The path prefix of the API's URLs; empty if the project does not include them."""
    try:
        address = reverse("wagtail_delivery:root")
    except NoReverseMatch:
        return ""
    return address[len(get_script_prefix()) - 1 :]


#: Settings that the operations depend on.
_SETTINGS = frozenset(
    {
        "WAGTAIL_DELIVERY",
        "LANGUAGES",
        "LANGUAGE_CODE",
        "WAGTAIL_CONTENT_LANGUAGES",
        "WAGTAIL_I18N_ENABLED",
    }
)


@receiver(setting_changed)
def _forget(*, setting: str, **_: Any) -> None:
    """Drop the dispatcher when a test changes one of these settings."""
    if setting in _SETTINGS:
        dispatcher.cache_clear()
