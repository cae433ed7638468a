"""Text that no database can store, and queries that no list can answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDictKeyError

from cms.core.admin_addresses import is_in_admin

#: NUL, which PostgreSQL refuses, and halves of characters, which have no form in UTF-8. They come
#: from programs and from text that was cut within an emoji.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: SQLite compares with patterns of up to 50,000 bytes.
LONGEST_PARAMETER = 5_000


#: What Python and Django say of text that they cannot read as a number, with the text as written in
#: Python. Python shortens it to 200 characters.
NO_NUMBER = re.compile(
    r"(?:invalid literal for int\(\) with base 10: |could not convert string to float: "
    r"|Field '\w+' expected a number but got )(.*?)\.?$",
    re.DOTALL,
)
LONGEST_QUOTE = 200


class CleanTextMiddleware:
    """Removes characters that cannot be stored from the admin's forms and queries.

    Refuses with 400 a query with a value of over 5,000 characters, a form that lacks a field, and
    text where a view reads a number without checking.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Replace `request.GET` and `request.POST` where they hold such characters."""
        if not is_in_admin(request):
            return
        if any(len(value) > LONGEST_PARAMETER for _name, value in _pairs(request.GET)):
            raise BadRequest(f"A query's value has over {LONGEST_PARAMETER} characters.")
        if _has_unstorable(request.GET):
            request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and _has_unstorable(request.POST):
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Refuse what the view failed on: a field that is missing, a value that is no number.

        Raises BadRequest for it. Faults in values that were not sent stay server errors.
        """
        if not is_in_admin(request):
            return
        if isinstance(exception, MultiValueDictKeyError):
            raise BadRequest("A field of the form is missing.") from exception
        if isinstance(exception, ValueError) and _is_in(request, NO_NUMBER.match(str(exception))):
            raise BadRequest("A value is not a number. Send digits only.") from exception


def clean_text(text: str) -> str:
    """`text` without characters that cannot be stored; halves that belong together are joined."""
    if not UNSTORABLE.search(text):
        return text
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return UNSTORABLE.sub("", joined)


def clean_json(value: Any) -> Any:
    """A value as JSON has it, with all its text cleaned."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(name): clean_json(item) for name, item in value.items()}
    return value


def _is_in(request: HttpRequest, quoted: re.Match[str] | None) -> bool:
    """Whether the text that an error quotes was sent, alone or in a list with commas."""
    if quoted is None:
        return False
    sent = [value for data in (request.GET, request.POST) for _name, value in _pairs(data)]
    parts = [part for value in sent for part in (value, *value.split(","))]
    return any(repr(part)[:LONGEST_QUOTE] == quoted[1][:LONGEST_QUOTE] for part in parts)


def _pairs(data: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, values in data.lists() for value in values]


def _has_unstorable(data: QueryDict) -> bool:
    return any(UNSTORABLE.search(text) for pair in _pairs(data) for text in pair)


def _cleaned(data: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=data.encoding)
    for name, value in _pairs(data):
        clean.appendlist(clean_text(name), clean_text(value))
    clean._mutable = False
    return clean
