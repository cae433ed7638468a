"""Settings for `make run`: everything embedded, nothing to set."""

from __future__ import annotations

from cms.settings import environment, services
from cms.settings.base import *  # noqa: F403
from cms.settings.base import DATA_DIR, LOG_LEVELS, LOGGING
from cms.settings.secret_key import kept_secret_key

_host = environment.HOST.text()
_port = environment.PORT.number(least=1, most=65535)
_url_host = f"[{_host}]" if ":" in _host else _host

DEBUG = environment.DEBUG.flag()
SECRET_KEY = environment.SECRET_KEY.text() or kept_secret_key(DATA_DIR)
ALLOWED_HOSTS = environment.ALLOWED_HOSTS.hosts() or ["127.0.0.1", "localhost", "[::1]", _url_host]
WAGTAILADMIN_BASE_URL = environment.BASE_URL.origin() or f"http://{_url_host}:{_port}"
globals().update(services.mail(environment.EMAIL_URL, otherwise="console"))
DEFAULT_FROM_EMAIL = environment.EMAIL_FROM.text() or "cms@localhost"
# Set-up prints its own progress, so the log need not.
LOGGING["root"]["level"] = environment.LOG_LEVEL.one_of(*LOG_LEVELS, default="warning").upper()
DEMO_ACCOUNTS = True
CONTENT_AT_SET_UP = True
SCHEDULER = environment.SCHEDULER.flag(default=True)
