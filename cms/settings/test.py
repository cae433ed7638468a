"""Settings for the tests: in memory, with writes only to temporary folders."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cms.settings.base import *  # noqa: F403
from cms.settings.base import DATABASES, STORAGES, WAGTAIL_DELIVERY

DEBUG = False
# Tests call no service, whatever the environment names.
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = None
WAGTAIL_DELIVERY |= {"PURGE": {}, "METRICS": None}
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WAGTAILADMIN_BASE_URL = "http://testserver"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["NAME"] = ":memory:"
# A connection that outlives its request would prevent dropping the test database.
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Removed when the process ends.
_folder = tempfile.TemporaryDirectory(prefix="perkeso-cms-test-")
MEDIA_ROOT = Path(_folder.name) / "media"
STATIC_ROOT = Path(_folder.name) / "static"
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
