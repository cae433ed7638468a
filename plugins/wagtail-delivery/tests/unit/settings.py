"""The minimal Wagtail project that the plugin needs, in two locales and without own content."""

from __future__ import annotations

import tempfile
from pathlib import Path

SECRET_KEY = "only-for-tests"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What a value is encoded as does not depend on the database.
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "wagtail_delivery",
    "wagtail.contrib.redirects",
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
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = []
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
ROOT_URLCONF = "tests.unit.urls"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
# Removed when the process ends.
_media = tempfile.TemporaryDirectory(prefix="delivery-unit-test-media-")
MEDIA_ROOT = Path(_media.name)

USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "ms"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("ms", "Bahasa Melayu"), ("en", "English")]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_SITE_NAME = "Test project"
WAGTAILADMIN_BASE_URL = "http://testserver"
# No test searches as editors do; the index would be brought up to date at every save.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
