"""The product in production as it stands behind the proxies, with shorter lives in caches."""

from __future__ import annotations

from cms.settings.production import *  # noqa: F403
from cms.settings.production import STORAGES, WAGTAIL_DELIVERY
from tests.deploy.lives import AGE, REVALIDATE

WAGTAIL_DELIVERY |= {
    "CACHE_MAX_AGE": AGE,
    "CACHE_STALE_WHILE_REVALIDATE": REVALIDATE,
}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
