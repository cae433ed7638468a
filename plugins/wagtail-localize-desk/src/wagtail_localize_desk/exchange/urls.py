"""The addresses of translation files, below the admin's."""

from __future__ import annotations

from django.urls import path

from wagtail_localize_desk.exchange import views

urlpatterns = [
    path(
        "translations/<int:translation_id>/export/<str:format_key>/", views.download, name="export"
    ),
    path("translations/<int:translation_id>/upload/", views.upload, name="upload"),
    path("imports/<uuid:upload_id>/", views.import_upload, name="import"),
]
