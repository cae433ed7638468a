"""Services: database, cache and mail, by one URL each, and machine translation.

A malformed value raises `EnvironmentSettingError`. No message repeats a key, or a URL that may hold
a password.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote

import dj_database_url

from cms.settings.environment import (
    MACHINE_TRANSLATORS,
    EnvironmentSettingError,
    Variable,
    split,
)

# Seconds for which a thread keeps its database connection open.
CONNECTION_AGE = 600


def database(variable: Variable, default: Path) -> dict[str, Any]:
    """The default entry of Django's DATABASES; SQLite in the file `default` if unset."""
    parts = _parts(variable, "postgres://user:password@host/name or sqlite:////path/to/file")
    if parts is None:
        return _sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)})
    if parts.scheme not in {"postgres", "postgresql", "sqlite"}:
        raise EnvironmentSettingError(
            f"{variable.name} must begin with postgres:// or sqlite://, not {parts.scheme}://."
        )
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(variable.text()))
    except ValueError as problem:
        raise EnvironmentSettingError(
            f"{variable.name} is not the address of a database."
        ) from problem
    if not settings["NAME"]:
        raise EnvironmentSettingError(f"{variable.name} has no database name after the host.")
    if parts.scheme == "sqlite":
        return _sqlite(settings)
    options = settings.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 10)
    return settings | {"CONN_MAX_AGE": CONNECTION_AGE, "CONN_HEALTH_CHECKS": True}


def _sqlite(settings: dict[str, Any]) -> dict[str, Any]:
    # A write transaction takes its lock at the start, so concurrent publishes wait for each other
    # instead of failing halfway. WAL never blocks readers.
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    return settings | {
        "CONN_MAX_AGE": CONNECTION_AGE,
        "OPTIONS": options | settings.get("OPTIONS", {}),
    }


def cache(variable: Variable) -> dict[str, Any]:
    """The default entry of Django's CACHES."""
    parts = _parts(variable, "redis://host:6379/0")
    if parts is None:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise EnvironmentSettingError(
            f"{variable.name} must be an address such as redis://host:6379/0."
        )
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": variable.text(),
        "KEY_PREFIX": "perkeso-cms",
    }


def mail(variable: Variable, *, otherwise: str) -> dict[str, Any]:
    """Django's EMAIL_ settings; the backend `otherwise` if unset."""
    parts = _parts(variable, "smtp://host:25")
    if parts is None:
        return {"EMAIL_BACKEND": f"django.core.mail.backends.{otherwise}.EmailBackend"}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise EnvironmentSettingError(
            f"{variable.name} must be console: or an address such as smtp+tls://user:password@host."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def purge_targets(by_key: Variable, by_url: Variable, api: Variable) -> dict[str, Any]:
    """The delivery plugin's setting PURGE, by the names under which it keeps their positions."""
    targets: dict[str, Any] = {
        f"varnish {address}": {"ADDRESS": address} for address in by_key.addresses()
    }
    if by_url.text():
        targets["urls"] = {"FRONTEND_CACHE": ["default"], "API_ADDRESSES": api.addresses()}
    return targets


def frontend_cache(by_url: Variable) -> dict[str, Any]:
    """Wagtail's setting WAGTAILFRONTENDCACHE: the cache that is purged by URL."""
    if not by_url.text():
        return {}
    backend = "wagtail.contrib.frontend_cache.backends.HTTPBackend"
    return {"default": {"BACKEND": backend, "LOCATION": by_url.address()}}


def metrics(path: Variable, token: Variable, folder: Path) -> dict[str, Any] | None:
    """The delivery plugin's setting METRICS; None if they are off."""
    if not path.text():
        return None
    return {"PATH": path.path_prefix(), "TOKEN": token.text(), "FOLDER": str(folder)}


def machine_translation(
    name: Variable, key: Variable, url: Variable, project: Variable
) -> dict[str, Any] | None:
    """wagtail-localize's setting for the service that `name` names; None if it names none."""
    if not name.text():
        return None
    service = name.one_of(*MACHINE_TRANSLATORS)
    module = f"wagtail_localize.machine_translators.{service}"
    if service == "deepl":
        return {"CLASS": f"{module}.DeepLTranslator", "OPTIONS": {"AUTH_KEY": key.required()}}
    if service == "libretranslate":
        url.required()
        options = {"LIBRETRANSLATE_URL": url.address(), "API_KEY": key.text()}
        return {"CLASS": f"{module}.LibreTranslator", "OPTIONS": options}
    if service == "google":
        options = {"PROJECT_ID": project.required(), "CREDENTIALS_PATH": key.required()}
        _require_google(name)
        return {"CLASS": f"{module}.GoogleCloudTranslator", "OPTIONS": options}
    return {"CLASS": f"{module}.DummyTranslator"}


def _require_google(name: Variable) -> None:
    try:
        is_there = find_spec("google.cloud.translate") is not None
    except ModuleNotFoundError:
        is_there = False
    if not is_there:
        raise EnvironmentSettingError(
            f"{name.name} is google, which needs the package google-cloud-translate. Install it."
        )


def _parts(variable: Variable, example: str) -> SplitResult | None:
    """The parts of the variable's URL, or None if it is empty."""
    if not variable.text():
        return None
    parts = split(variable.text())
    if parts is None or not parts.scheme:
        raise EnvironmentSettingError(f"{variable.name} must be an address such as {example}.")
    return parts
