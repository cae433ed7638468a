"""Include these where the API is to be: `path("api/v1/", include("wagtail_delivery.urls"))`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from wagtail_delivery.api.dispatch import dispatcher


@csrf_exempt
def answer(request: HttpRequest, path: str = "") -> HttpResponse:
    """Whatever is asked of the API, also where its middleware is not installed."""
    # Other middleware then looks here, and takes no 404 for a path that lacks a language code.
    request.urlconf = __name__
    return dispatcher().respond(request, path)


app_name = "wagtail_delivery"
urlpatterns = [
    path("", answer, name="root"),
    re_path(r"^(?P<path>[\s\S]+)\Z", answer, name="call"),
]
