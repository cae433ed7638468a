"""Settings for `make run`: everything embedded, nothing to set."""

from __future__ import annotations

from cms.settings.base import *  # noqa: F403
from cms.settings.base import DATA_DIR, environment
from cms.settings.secret_key import kept_secret_key

DEBUG = False
SECRET_KEY = environment.SECRET_KEY.text() or kept_secret_key(DATA_DIR)
ALLOWED_HOSTS = environment.ALLOWED_HOSTS.items() or ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEMO_ACCOUNTS = True
