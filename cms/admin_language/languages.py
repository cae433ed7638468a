"""The languages of the admin, and the one remembered in a browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def admin_languages() -> dict[str, str]:
    """The admin's languages: code to the language's own name, the default first."""
    return dict(settings.WAGTAILADMIN_PERMITTED_LANGUAGES)


def default_language() -> str:
    """The language used until a user chooses another."""
    return next(iter(admin_languages()))


def remembered_language(request: HttpRequest) -> str:
    """The language in the browser's cookie, or the default; `Accept-Language` is ignored."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in admin_languages() else default_language()
