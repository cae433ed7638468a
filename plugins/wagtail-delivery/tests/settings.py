"""A Wagtail project with wagtail_delivery, no translation and none of PERKESO's apps."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import dj_database_url

SECRET_KEY = "only-for-tests"
USE_TZ = True
TIME_ZONE = "Asia/Kuala_Lumpur"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": dj_database_url.parse(os.environ.get("DATABASE_URL") or "sqlite://:memory:"),
}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    # Distinct from the test databases of the repository's other projects.
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_delivery"}
INSTALLED_APPS = [
    # First: a transactional test restores its rows before the rows that point at them.
    "django.contrib.contenttypes",
    "tests.testapp",
    "tests.secondapp",
    "wagtail_delivery",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "django_tasks",
    "taggit",
    "modelcluster",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "wagtail_delivery.middleware.DeliveryMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "tests.urls"
ALLOWED_HOSTS = ["*"]
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
# Removed when the process ends.
_media = tempfile.TemporaryDirectory(prefix="delivery-test-media-")
MEDIA_ROOT = Path(_media.name)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

LANGUAGE_CODE = "en"
USE_I18N = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_SITE_NAME = "Test project"
WAGTAILADMIN_BASE_URL = "http://testserver"
# The only embed finder needs no network.
WAGTAILEMBEDS_FINDERS = [{"class": "tests.testapp.embeds.OfflineFinder"}]
# No test uses the search of the admin; its index would be updated at every save.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

WAGTAIL_DELIVERY = {
    "TITLE": "Test project",
    # Both apps have a model called Notice.
    "SITE_SNIPPET": "testapp.Notice",
    "TYPE_NAMES": {"secondapp.Notice": "second_notice"},
    "PLURAL_NAMES": {
        "testapp.AllChoices": "all_choices",
        "testapp.AllFields": "all_fields",
        "testapp.AllOptionalFields": "all_optional_fields",
    },
    # Few and small, for speed.
    "IMAGE_WIDTHS": [8, 16],
    "IMAGE_FORMATS": ["webp", "jpeg"],
}
