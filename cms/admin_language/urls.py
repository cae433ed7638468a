"""URLs to include at the prefix of Wagtail's admin, before the admin's own."""

from __future__ import annotations

from django.urls import path

from cms.admin_language.views import choose_language, javascript_catalogue

urlpatterns = [
    path("language/<str:language>/", choose_language, name="choose_admin_language"),
    path("jsi18n/", javascript_catalogue),
    path("localize/jsi18n/", javascript_catalogue),
]
