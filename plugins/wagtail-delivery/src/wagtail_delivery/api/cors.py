"""CORS headers (see the Fetch standard): which browser origins may read responses, never with
credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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

    def origin_of(self, environ: Mapping[str, Any]) -> str:
        """The origin that the response names; empty if it is the same for all origins."""
        if self.anyone or not self.origins:
            return ""
        origin: str = environ.get("HTTP_ORIGIN", "")
        return origin if origin in self.origins else ""

    def add_headers(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Add the headers that allow the calling origin to read `response`."""
        if not self.origins:
            return
        headers = response.headers
        if self.anyone:
            allowed = "*"
        else:
            patch_vary_headers(response, ["Origin"])
            allowed = self.origin_of(request.META)
            if not allowed:
                return
        headers["Access-Control-Allow-Origin"] = allowed
        headers["Access-Control-Expose-Headers"] = "ETag, Content-Language, X-Content-Sequence"
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = METHODS
            headers["Access-Control-Allow-Headers"] = "*"
            headers["Access-Control-Max-Age"] = REMEMBERED
