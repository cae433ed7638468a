"""Settings for production: secure throughout, with no default for secrets."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cms.settings import environment, services
from cms.settings.base import *  # noqa: F403
from cms.settings.environment import EnvironmentSettingError

DEBUG = False
SECRET_KEY = environment.SECRET_KEY.required()
environment.ALLOWED_HOSTS.required()
ALLOWED_HOSTS = environment.ALLOWED_HOSTS.hosts()
if "*" in ALLOWED_HOSTS:
    raise EnvironmentSettingError("ALLOWED_HOSTS must name the hosts in production, not *.")

HTTPS = environment.HTTPS.flag()
WAGTAILADMIN_BASE_URL = (
    environment.BASE_URL.origin()
    or f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].removeprefix('.')}"
)
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Health checks and Prometheus reach this server directly, without the proxy that terminates TLS.
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health/"]
if environment.METRICS_PATH.text():
    _metrics = re.escape(environment.METRICS_PATH.path_prefix().lstrip("/"))
    SECURE_REDIRECT_EXEMPT.append(f"^{_metrics}$")
if HTTPS:
    SECURE_HSTS_SECONDS = environment.HSTS_SECONDS.number(least=0, most=2 * 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = environment.HSTS_PRELOAD.flag()
    if not SECURE_HSTS_PRELOAD:
        # Preloading binds the whole domain for years; only its owner can consent.
        SILENCED_SYSTEM_CHECKS = ["security.W021"]
if environment.BEHIND_TLS_PROXY.flag():
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    TRUSTED_PROXIES = environment.TRUSTED_PROXIES.number(least=1, most=10)

REQUIRE_SECOND_FACTOR = environment.REQUIRE_SECOND_FACTOR.one_of(
    *environment.SECOND_FACTOR_CHOICES, default="administrators"
)

globals().update(services.mail(environment.EMAIL_URL, otherwise="dummy"))
DEFAULT_FROM_EMAIL = (
    environment.EMAIL_FROM.text() or f"cms@{urlsplit(WAGTAILADMIN_BASE_URL).hostname}"
)
WAGTAIL_PASSWORD_RESET_ENABLED = bool(environment.EMAIL_URL.text())
