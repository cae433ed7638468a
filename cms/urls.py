"""The composition root's addresses: the only place that knows every part."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.views.account import LoginView
from wagtail.documents import urls as wagtaildocs_urls

from cms.login.shared_passwords import CollectionPasswordView, PagePasswordView
from cms.operations.uploaded_media import media_of_editors

urlpatterns = [
    path("api/v1/", include("wagtail_delivery.urls")),
    path("admin/", include("cms.admin_language.urls")),
    path("admin/", include("cms.login.urls")),
    path("admin/", include(wagtailadmin_urls)),
    # In place of Wagtail's two views for shared passwords, which count no wrong ones.
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        CollectionPasswordView.as_view(),
    ),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:name>", media_of_editors),
    *i18n_patterns(
        # In place of Wagtail's page of its own: there is one log-in, the editors'.
        path("_util/login/", LoginView.as_view()),
        path(
            "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
            PagePasswordView.as_view(),
        ),
        path("", include(wagtail_urls)),
    ),
]
