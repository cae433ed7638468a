"""Middleware that activates the language of a request."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from cms.admin_language.languages import remembered_language


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Django's `LocaleMiddleware`, but it ignores `Accept-Language`.

    The language in the URL comes first, then the browser's cookie, then the default.
    `AccountLanguageMiddleware` overrides the last two with the account's language.
    """

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info)
        translation.activate(language or remembered_language(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Redirect an unknown URL to one with a language prefix, but not a view's own 404."""
        if response.status_code == HTTPStatus.NOT_FOUND and request.resolver_match is not None:
            response.headers.setdefault("Content-Language", translation.get_language())
            return response
        response = super().process_response(request, response)
        if "Vary" in response.headers:
            # Django's middleware names the header that this one ignores; the cookie decides.
            response.headers["Vary"] = response.headers["Vary"].replace("Accept-Language", "Cookie")
        return response


class AccountLanguageMiddleware(MiddlewareMixin):
    """Activates the language of the account's profile, unless the URL has one.

    Wagtail does so inside its own views only. This covers the rest of the request: error pages,
    expired forms, headers and streamed files. Must come after `AuthenticationMiddleware`. An
    anonymous request costs no query.
    """

    def process_request(self, request: HttpRequest) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if translation.get_language_from_path(request.path_info):
            return
        # Cached on the user, so the admin does not query it again.
        profile = getattr(request.user, "wagtail_userprofile", None)
        if profile is not None:
            translation.activate(profile.get_preferred_language())
            request.LANGUAGE_CODE = translation.get_language()
