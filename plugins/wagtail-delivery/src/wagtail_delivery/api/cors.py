"""CORS headers (see the Fetch standard): which browser origins may read responses, never with
credentials."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

METHODS = "GET, HEAD, OPTIONS"
#: Seconds for which browsers cache a preflight response; none of them caches it longer.
REMEMBERED = "86400"


class Cors:
    """The origins that the project allows: none, a list, or ["*"] for all."""

    def __init__(self, origins: Sequence[str]) -> None:
        self.anyone = "*" in origins
        self.origins = frozenset(origins)

    def add_headers(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Add the headers that allow the calling origin to read `response`."""
        if not self.origins:
            return
        headers = response.headers
        if self.anyone:
            allowed = "*"
        else:
            patch_vary_headers(response, ["Origin"])
            allowed = request.META.get("HTTP_ORIGIN", "")
            if allowed not in self.origins:
                return
        headers["Access-Control-Allow-Origin"] = allowed
        headers["Access-Control-Expose-Headers"] = "ETag, Content-Language, X-Content-Sequence"
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = METHODS
            headers["Access-Control-Allow-Headers"] = "*"
            headers["Access-Control-Max-Age"] = REMEMBERED
