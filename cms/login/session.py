"""What a page of the admin asks of its session: whether it has ended, and a fresh token."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cms.core.admin_addresses import is_in_admin

#: In every answer of the admin to somebody who is not logged in.
HEADER = "X-Session"
ENDED = "ended"


class SessionStateMiddleware:
    """Marks the admin's answers to requests without a session, and refuses those of scripts.

    A script would follow a redirect to the log-in page, and from there to any other page if the
    person has logged in meanwhile. Must come after `AuthenticationMiddleware`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not is_in_admin(request) or editor_name(request) is not None:
            return response
        if response.status_code == HTTPStatus.FOUND and is_by_script(request):
            response = ended_response()
        # The pages of a log-in are shown in a dialog of the admin.
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers[HEADER] = ENDED
        return response


@xframe_options_sameorigin
@never_cache
@require_safe
def session_state(request: HttpRequest) -> JsonResponse:
    """Who is logged in, for a page that was opened before.

    Answers everybody with `{"user": string or null, "csrf_token": string}`: the name of the
    account if it may use the admin, and a token for the forms of the page. Asking does not prolong
    the session.
    """
    return JsonResponse({"user": editor_name(request), "csrf_token": get_token(request)})


def is_by_script(request: HttpRequest) -> bool:
    """Whether the answer is read by a script, not shown as a page; all current browsers say so."""
    return request.headers.get("Sec-Fetch-Dest") == "empty"


def ended_response() -> JsonResponse:
    """A refusal in the form of Wagtail's automatic saves."""
    message = gettext("Your session has ended. Log in again.")
    answer = {"success": False, "error_code": "session_ended", "error_message": message}
    return JsonResponse(answer, status=HTTPStatus.FORBIDDEN)


def editor_name(request: HttpRequest) -> str | None:
    """The name of the account that uses the admin; None if there is none."""
    user = request.user
    if not user.is_authenticated or not user.has_perm("wagtailadmin.access_admin"):
        return None
    return user.get_username()
