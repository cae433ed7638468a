"""The product's settings plus Wagtail's own APIs, on the same database."""

from __future__ import annotations

import os

from cms.settings.base import *  # noqa: F403
from cms.settings.base import INSTALLED_APPS, MIDDLEWARE, STORAGES, WAGTAIL_DELIVERY

DEBUG = False
SECRET_KEY = "only-for-benchmarks"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
ROOT_URLCONF = "benchmarks.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.api.v2", "wagtail.api.v3"]
WAGTAILAPI_LIMIT_MAX = 100
SCHEDULER = False
if kept := os.environ.get("BENCHMARK_KEPT_MB"):
    WAGTAIL_DELIVERY |= {"KEPT_ANSWERS_MB": int(kept)}
# Neither side has a cache: the comparison is about the work per response.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Without collected files the log-in page has no addresses of its styles.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["none"]},
}
if os.environ.get("BENCHMARK_WITHOUT_LOGIN_GATE"):
    # The other side of benchmarks.logins.
    MIDDLEWARE = [path for path in MIDDLEWARE if path != "cms.login.gate.LoginGateMiddleware"]
