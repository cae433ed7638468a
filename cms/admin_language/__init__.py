"""The admin in Malay unless the user chooses another language; imports no part of the product."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def admin_languages() -> dict[str, str]:
    """The languages that the admin can be in, with their own names; the default comes first."""
    return dict(settings.WAGTAILADMIN_PERMITTED_LANGUAGES)


def default_language() -> str:
    """The language of who has not chosen one."""
    return next(iter(admin_languages()))


def remembered_language(request: HttpRequest) -> str:
    """What was chosen in this browser, or the default; the browser's own wishes do not count."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in admin_languages() else default_language()
