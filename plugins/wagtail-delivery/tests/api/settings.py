"""A Wagtail project with a small library, for the tests of the delivery API.

Run with `pytest plugins/wagtail-delivery/tests/api --ds=tests.api.settings`.
"""

from __future__ import annotations

import os

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
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_delivery_api"}
INSTALLED_APPS = [
    "tests.api.library",
    "wagtail_delivery",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelsearch",
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
# The API reads only its own tables; other apps create theirs without migrations.
MIGRATION_MODULES = {
    name.rpartition(".")[2]: None
    for name in (*INSTALLED_APPS, "wagtail.wagtailcore")
    if name != "wagtail_delivery"
} | {
    f"wagtail{name}": None
    for name in ("core", "admin", "users", "images", "docs", "search", "snippets")
}
MIDDLEWARE = [
    "wagtail_delivery.middleware.DeliveryMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
ROOT_URLCONF = "tests.api.urls"
ALLOWED_HOSTS = ["testserver"]
STATIC_URL = "/static/"
LANGUAGE_CODE = "ms"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("ms", "Malay"), ("en", "English"), ("ta", "Tamil")]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
WAGTAIL_SITE_NAME = "Library"
WAGTAILADMIN_BASE_URL = "http://testserver"

WAGTAIL_DELIVERY = {
    "TITLE": "Library API",
    "CORS_ORIGINS": ["https://front.example", "https://kiosk.example:8443"],
    "CACHE_MAX_AGE": 7,
    "CACHE_STALE_WHILE_REVALIDATE": 8,
    "CACHE_STALE_IF_ERROR": 9,
    # Tests that wait say so.
    "WAITING_REQUESTS": 0,
}
