"""Who may call the API from a browser (CORS, see the Fetch standard); never with credentials."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

METHODS = "GET, HEAD, OPTIONS"
#: Seconds that a browser may remember the answer to a preflight; no browser keeps it longer.
REMEMBERED = "86400"


class Cors:
    """The project's origins: none, a list, or ["*"] for all."""

    def __init__(self, origins: Sequence[str]) -> None:
        self.anyone = "*" in origins
        self.origins = frozenset(origins)

    def add_headers(self, request: HttpRequest, response: HttpResponse) -> None:
        """Tell the browser whether the page that called may read `response`."""
        if not self.origins:
            return
        headers = response.headers
        if self.anyone:
            allowed = "*"
        else:
            headers["Vary"] = "Origin"
            allowed = request.META.get("HTTP_ORIGIN", "")
            if allowed not in self.origins:
                return
        headers["Access-Control-Allow-Origin"] = allowed
        headers["Access-Control-Expose-Headers"] = "ETag, Content-Language"
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = METHODS
            headers["Access-Control-Allow-Headers"] = "*"
            headers["Access-Control-Max-Age"] = REMEMBERED
