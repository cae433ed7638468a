"""Which addresses are the admin's."""

from __future__ import annotations

from django.http import HttpRequest


def is_in_admin(request: HttpRequest) -> bool:
    """Whether the request was routed to an address of the admin; False before it was routed."""
    match = request.resolver_match
    return match is not None and match.route.startswith("admin/")
