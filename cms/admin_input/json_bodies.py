"""JSON that programs send to the admin: what cannot be read or stored is refused, or cleaned."""

from __future__ import annotations

import functools
import json
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from wagtail.admin.views.dismissibles import DismissiblesView

from cms.admin_input.text import clean_json

_parse = JSONParser.parse
_dismiss = DismissiblesView.patch


@functools.wraps(_parse)
def parse(parser: JSONParser, *args: Any, **kwargs: Any) -> Any:
    """A body with its text cleaned; raises ParseError also for one that is nested too deeply."""
    try:
        return clean_json(_parse(parser, *args, **kwargs))
    except RecursionError as error:
        raise ParseError("JSON is nested too deeply.") from error


@functools.wraps(_dismiss)
def dismiss(
    view: DismissiblesView, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """Store which notices were dismissed; raises BadRequest for anything but short answers."""
    try:
        updates = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is no JSON.") from error
    if not isinstance(updates, dict) or clean_json(updates) != updates:
        raise BadRequest("The body must be an object.")
    if any(
        not isinstance(value, bool | str) or len(str(value)) > 100 for value in updates.values()
    ):
        raise BadRequest("Each value must be true, false or a short text.")
    response: HttpResponseBase = _dismiss(view, request, *args, **kwargs)
    return response
