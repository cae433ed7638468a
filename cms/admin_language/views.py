"""Choosing the language of the admin, and the catalogue of what its JavaScript says."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response
from wagtail.users.models import UserProfile

from cms.admin_language import admin_languages

#: Seconds that a browser remembers the language of who is not logged in: a year.
REMEMBERED = 365 * 24 * 60 * 60

_catalogue = JavaScriptCatalog.as_view()


def javascript_catalogue(request: HttpRequest) -> HttpResponse:
    """All that JavaScript says, of Wagtail and every plugin, in the user's language.

    In the place of the views of Wagtail and its plugins, which know only the catalogues that lie
    within their own packages.
    """
    response: HttpResponse = get_localized_response(_catalogue, request)
    return response


@require_POST
def choose_language(request: HttpRequest, language: str) -> HttpResponse:
    """Have the admin in `language` from now on, and go back to where one was.

    For an account it is stored in the profile, and for who is not logged in, in a cookie. 400: the
    admin is not in that language.
    """
    if language not in admin_languages():
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        profile = UserProfile.get_for_user(request.user)
        profile.preferred_language = language
        profile.save(update_fields=["preferred_language"])
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=REMEMBERED,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(came_from, hosts, require_https=request.is_secure()):
        return came_from
    return reverse("wagtailadmin_home")
