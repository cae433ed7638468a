"""The language of a request."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from cms.admin_language import remembered_language


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Django's, but the browser's `Accept-Language` says nothing.

    What a page's address says comes first, then what was chosen in this browser, then the default.
    `AccountLanguageMiddleware` puts the language of the account over the last two.
    """

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info)
        translation.activate(language or remembered_language(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Send an unknown address to one with a language; what a view has not found is nowhere."""
        if response.status_code == HTTPStatus.NOT_FOUND and request.resolver_match is not None:
            response.headers.setdefault("Content-Language", translation.get_language())
            return response
        return super().process_response(request, response)


class AccountLanguageMiddleware(MiddlewareMixin):
    """The language of an account's profile, where the address says none.

    The admin's own views take it, too; this is for what comes before and after them: error pages,
    forms that have expired, headers and files that are sent piece by piece. To stand behind
    `AuthenticationMiddleware`. Who is not logged in costs no query.
    """

    def process_request(self, request: HttpRequest) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if translation.get_language_from_path(request.path_info):
            return
        # The admin asks for the same object, and has it from here.
        profile = getattr(request.user, "wagtail_userprofile", None)
        if profile is not None:
            translation.activate(profile.get_preferred_language())
            request.LANGUAGE_CODE = translation.get_language()
