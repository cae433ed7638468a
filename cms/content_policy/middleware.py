"""Adds the content security policy to pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cms.content_policy.nonces import begin, current_nonce
from cms.core.admin_addresses import is_in_admin

#: What any page may do: use what this server sends, and nothing of others.
DIRECTIVES = {
    "default-src": "'self'",
    # Wagtail and our own pages have style attributes and elements.
    "style-src": "'self' 'unsafe-inline'",
    # A preview of a file before its upload is a blob.
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
HEADER = "Content-Security-Policy"


class ContentPolicyMiddleware:
    """Gives each page the policy, unless its view has set one of its own.

    Must come after `AuthenticationMiddleware`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begin(request)
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            directives = DIRECTIVES | {"script-src": f"'self'{_nonce_source(request)}"}
            policy = "; ".join(f"{name} {value}" for name, value in directives.items())
            response.headers.setdefault(HEADER, policy)
        return response


def _nonce_source(request: HttpRequest) -> str:
    """The nonce, for pages of the admin; elsewhere no inline script is needed."""
    return f" 'nonce-{current_nonce()}'" if is_in_admin(request) else ""
