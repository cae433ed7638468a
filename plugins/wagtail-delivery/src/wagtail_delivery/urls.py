"""The API's URLs: `path("api/v1/", include("wagtail_delivery.urls"))`."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from wagtail_delivery.api.dispatch import dispatcher


# In a transaction (ATOMIC_REQUESTS), a waiting request would keep its connection.
@transaction.non_atomic_requests
@csrf_exempt
def respond(request: HttpRequest, path: str = "") -> HttpResponse:
    """Respond to an API request if the middleware is not installed."""
    # LocaleMiddleware then finds no language prefix in use, and does not redirect a 404.
    request.urlconf = __name__
    return dispatcher().respond(request, path)


app_name = "wagtail_delivery"
urlpatterns = [
    path("", respond, name="root"),
    re_path(r"^(?P<path>[\s\S]+)\Z", respond, name="call"),
]
