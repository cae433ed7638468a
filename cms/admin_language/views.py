"""Views to choose the admin's language and to serve its JavaScript catalogue."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response
from wagtail.users.models import UserProfile

from cms.admin_language.languages import admin_languages

#: The language cookie's lifetime in seconds: a year.
COOKIE_AGE = 365 * 24 * 60 * 60

_catalogue = JavaScriptCatalog.as_view()


def javascript_catalogue(request: HttpRequest) -> HttpResponse:
    """The JavaScript messages of Wagtail and all plugins, in the user's language.

    Replaces the views of Wagtail and its plugins, which read only their own packages' catalogues.
    """
    response: HttpResponse = get_localized_response(_catalogue, request)
    return response


@require_POST
def choose_language(request: HttpRequest, language: str) -> HttpResponse:
    """Switch the admin to `language` and redirect to the page the user came from.

    The choice is kept in the account's profile and in a cookie, which anonymous users rely on.
    Responds with 400 if the admin is not available in `language`.
    """
    if language not in admin_languages():
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        profile = UserProfile.get_for_user(request.user)
        profile.preferred_language = language
        profile.save(update_fields=["preferred_language"])
    response = HttpResponseRedirect(_return_url(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _return_url(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(referer, hosts, require_https=request.is_secure()):
        return referer
    return reverse("wagtailadmin_home")
