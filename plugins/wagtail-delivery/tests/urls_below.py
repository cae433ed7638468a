"""URLs of a project whose pages all have a language prefix."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("api/v1/", include("wagtail_delivery.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("en/", include(wagtail_urls)),
]
