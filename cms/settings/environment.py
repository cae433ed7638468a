"""Every environment variable that PERKESO CMS reads, in one place.

Each is a `Variable` with its default and its meaning. README's table is generated from `VARIABLES`,
and a test fails if the two differ, so no variable is undocumented.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class EnvironmentSettingError(ImproperlyConfigured):
    """A setting is missing or malformed; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, its default as a string, and its meaning.

    Each method reads the value in one form and raises `EnvironmentSettingError` with the variable's
    name if it has another form.
    """

    name: str
    default: str
    meaning: str

    def text(self) -> str:
        """The value, or the default if the variable is unset or empty."""
        return os.environ.get(self.name, "").strip() or self.default

    def required(self) -> str:
        """The value, for variables without a safe default."""
        if value := self.text():
            return value
        raise EnvironmentSettingError(f"{self.name} must be set: {self.meaning}")

    def flag(self, *, default: bool = False) -> bool:
        """The value as a boolean; `default` if it is empty."""
        value = self.text().lower()
        if not value:
            return default
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise EnvironmentSettingError(f"{self.name} must be yes or no, not {self.text()!r}.")

    def number(self, *, least: int, most: int) -> int:
        """The value as a whole number between `least` and `most`."""
        value = self.text()
        # Check the length first: int() raises for numbers of thousands of digits.
        if value.isascii() and value.isdigit() and len(value) < 20 and least <= int(value) <= most:
            return int(value)
        raise EnvironmentSettingError(
            f"{self.name} must be a whole number from {least} to {most}, not {value!r}."
        )

    def items(self) -> list[str]:
        """The value split at commas, without empty parts."""
        return [part.strip() for part in self.text().split(",") if part.strip()]

    def one_of(self, *choices: str, default: str = "") -> str:
        """The value in lower case, which must be one of `choices`; `default` if it is empty."""
        value = self.text().lower() or default
        if value in choices:
            return value
        raise EnvironmentSettingError(
            f"{self.name} must be one of {', '.join(choices)}, not {value!r}."
        )

    def subset_of(self, *choices: str) -> list[str]:
        """The values in lower case: at least one, none twice, each one of `choices`."""
        values = [value.lower() for value in self.items()]
        for value in values:
            if value not in choices:
                raise EnvironmentSettingError(
                    f"{self.name} must hold only {', '.join(choices)}, not {value!r}."
                )
        if not values or len(set(values)) != len(values):
            raise EnvironmentSettingError(
                f"{self.name} must name at least one of its values, and none twice."
            )
        return values

    def hosts(self) -> list[str]:
        """The values as host names; a leading dot matches all subdomains."""
        for value in self.items():
            parts = split(f"//{value}")
            if parts is None or parts.netloc != value or "@" in value or parts.port is not None:
                raise EnvironmentSettingError(
                    f"{self.name} must hold host names such as cms.example.org, not {value!r}."
                )
        return self.items()

    def origin(self) -> str:
        """The value as scheme and host without a path, or the empty string."""
        return self._origin(self.text()) if self.text() else ""

    def path_prefix(self) -> str:
        """The value as a path without a slash at its end, or the empty string."""
        value = self.text().rstrip("/")
        if value and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
            raise EnvironmentSettingError(
                f"{self.name} must be a path such as /cms, not {self.text()!r}."
            )
        return value

    def address(self) -> str:
        """The value as scheme, host and perhaps a path, without a slash at its end; or empty."""
        return self._address(self.text().rstrip("/")) if self.text() else ""

    def addresses(self) -> list[str]:
        """The values as `address` gives one."""
        return [self._address(value.rstrip("/")) for value in self.items()]

    def _address(self, value: str) -> str:
        parts = split(value)
        path = parts.path if parts else ""
        return f"{self._origin(value.removesuffix(path))}{path}"

    def origins(self) -> list[str]:
        """The values as origins, or `*` for every origin."""
        return [value if value == "*" else self._origin(value) for value in self.items()]

    def _origin(self, value: str) -> str:
        parts = split(value)
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise EnvironmentSettingError(
                f"{self.name} must hold addresses such as https://example.org, not {value!r}."
            )
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
            raise EnvironmentSettingError(
                f"{self.name} must hold a scheme and a host without a path, not {value!r}."
            )
        return f"{parts.scheme}://{parts.netloc.lower()}"


def split(url: str) -> SplitResult | None:
    """The parts of `url`, or None if it is malformed (bad brackets, a non-numeric port)."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading the port validates it
    except ValueError:
        return None
    return parts


VARIABLES: dict[str, Variable] = {}


def variable(name: str, default: str, meaning: str) -> Variable:
    """Declare a variable; raises `ImproperlyConfigured` if the name is taken."""
    if name in VARIABLES:
        raise ImproperlyConfigured(f"{name} is declared twice.")
    VARIABLES[name] = Variable(name, default, meaning)
    return VARIABLES[name]


# Read by Django itself, through manage.py and cms/wsgi.py.
variable(
    "DJANGO_SETTINGS_MODULE",
    "",
    "Settings module: `cms.settings.production` in production. Empty: `manage.py` and `make "
    "run` use `cms.settings.development`, `cms.wsgi` uses `cms.settings.production`.",
)
DATA_DIR = variable(
    "DATA_DIR",
    "var",
    "Folder for the embedded database, uploaded media, collected static files and the generated "
    "secret key. A relative path is taken from the project's folder.",
)
DATABASE_URL = variable(
    "DATABASE_URL",
    "",
    "Database, e.g. `postgres://user:password@host:5432/name`. Empty: SQLite in `DATA_DIR`.",
)
SECRET_KEY = variable(
    "SECRET_KEY",
    "",
    "Key that signs sessions and links: 50 random characters or more. Required in production; "
    "in development generated once and kept in `DATA_DIR`.",
)
ALLOWED_HOSTS = variable(
    "ALLOWED_HOSTS",
    "",
    "Host names that the server answers to, separated by commas. Required in production; in "
    "development this machine.",
)
BASE_URL = variable(
    "BASE_URL",
    "",
    "Public address of this server, used in e-mails. Empty: `https://` and the "
    "first of `ALLOWED_HOSTS` in production, `HOST` and `PORT` in development.",
)
PATH_PREFIX = variable(
    "PATH_PREFIX",
    "",
    "Path below which a proxy offers this server, such as `/cms`. The proxy removes it from the "
    "requests that it passes on.",
)
MEDIA_BASE_URL = variable(
    "MEDIA_BASE_URL",
    "",
    "Address in front of `/media/` and `/documents/` in the API's documents, such as "
    "`https://media.example.org`. Empty: they begin with `/`, after `PATH_PREFIX`. After a change, "
    "run `manage.py delivery_rebuild`.",
)
CONTENT_LANGUAGES = variable(
    "CONTENT_LANGUAGES",
    "ms,en",
    "Languages of the content, source first: any of `ms`, `en`, `zh-hans`, `ta`. Nothing in any "
    "other language is public. After a change, run `manage.py delivery_rebuild`.",
)
FRONT_END = variable(
    "FRONT_END",
    "",
    "Address of the front-end, such as `https://www.example.org`. After a publish the server asks "
    "it for the page, until it names the new version, and tells the editor (docs/running.md). "
    "Empty: nothing is asked.",
)
CORS_ORIGINS = variable(
    "CORS_ORIGINS",
    "",
    "Origins of front-ends that may call the API from a browser, separated by commas, or `*`.",
)
HOST = variable("HOST", "127.0.0.1", "Address that `make run` and `manage.py serve` listen on.")
PORT = variable("PORT", "8000", "Port that `make run` and `manage.py serve` listen on.")
WORKERS = variable("WORKERS", "1", "Server processes. More than one needs PostgreSQL.")
THREADS = variable("THREADS", "8", "Requests that one server process works on at a time.")
KEPT_ANSWERS_MB = variable(
    "KEPT_ANSWERS_MB",
    "48",
    "Megabytes of answers of the delivery API that each process keeps in memory. 0: none.",
)
LOGIN_FAILURES = variable(
    "LOGIN_FAILURES", "10", "Failed log-ins after which an account is refused for a while."
)
LOGIN_FAILURES_PER_ADDRESS = variable(
    "LOGIN_FAILURES_PER_ADDRESS",
    "50",
    "Failed log-ins after which an address is refused for a while; an office may share one.",
)
LOGIN_WAIT_MINUTES = variable(
    "LOGIN_WAIT_MINUTES", "15", "Minutes for which a failed log-in counts, and the longest wait."
)
SECOND_FACTOR_CHOICES = ("none", "administrators", "all")
REQUIRE_SECOND_FACTOR = variable(
    "REQUIRE_SECOND_FACTOR",
    "",
    "Whose account must have a second factor: `none`, `administrators` (superusers, and whoever "
    "may add or change users or groups) or `all`. Everybody may have one. Empty: `administrators` "
    "in production, `none` in development.",
)
SCHEDULER = variable(
    "SCHEDULER",
    "",
    "Whether the server itself publishes and unpublishes what is due, compiles what follows a "
    "publish, purges caches, makes the files of uploaded pictures, submits many pages for "
    "translation, and removes old entries of the change log. Empty: yes in development; no in "
    "production, where `manage.py delivery_worker` does the first three, and cron runs `manage.py "
    "delivery_images`, `manage.py submit_translations` and `manage.py delivery_prune`.",
)
PURGE_VARNISH = variable(
    "PURGE_VARNISH",
    "",
    "Addresses of caches that are purged by surrogate keys, such as Varnish's "
    "`http://127.0.0.1:6081`, separated by commas.",
)
PURGE_URLS = variable(
    "PURGE_URLS",
    "",
    "Address of a cache that is purged by URL through Wagtail's `HTTPBackend`, such as "
    "`http://127.0.0.1:8080`.",
)
PURGE_API_ADDRESSES = variable(
    "PURGE_API_ADDRESSES",
    "",
    "With `PURGE_URLS` only: addresses under which that cache has the API, such as "
    "`https://api.example.org/api/v1`. Empty: only the front-end's pages.",
)
METRICS_PATH = variable(
    "METRICS_PATH",
    "",
    "Path at which the server tells Prometheus its metrics, such as `/metrics`. Empty: off.",
)
METRICS_TOKEN = variable(
    "METRICS_TOKEN",
    "",
    "With `METRICS_PATH` only: the bearer token that Prometheus must send. Empty: anybody who "
    "reaches the server may ask, so keep the path inside.",
)
TRANSLATION_DIGEST_HOUR = variable(
    "TRANSLATION_DIGEST_HOUR",
    "7",
    "Hour from which the server itself sends the daily e-mail about translations (`SCHEDULER`), "
    "local time; 24 for never. In production cron runs `manage.py translation_digest`.",
)
PUBLISH_TOGETHER = variable(
    "PUBLISH_TOGETHER",
    "",
    "Types whose texts usually wait for their translations and go public together with them, e.g. "
    "`pages.ProfilePage,snippets.Act`. Editors can choose otherwise for each publication.",
)
REVIEW_BY_SECOND_PERSON = variable(
    "REVIEW_BY_SECOND_PERSON",
    "yes",
    "Whether who wrote a change to a page or an entry needs a second person to publish it, and who "
    "wrote a translation one to approve it. Holders of the right to publish alone, which "
    "administrators have, may publish without; each use of it is logged.",
)
MACHINE_TRANSLATORS = ("deepl", "google", "libretranslate", "dummy")
MACHINE_TRANSLATION = variable(
    "MACHINE_TRANSLATION",
    "",
    "Service that translators may ask to translate what is untranslated: `deepl`, `google`, "
    "`libretranslate`, or `dummy`, which turns the words round, for trying. Texts that are not "
    "public yet are sent to it. Empty: none.",
)
MACHINE_TRANSLATION_KEY = variable(
    "MACHINE_TRANSLATION_KEY",
    "",
    "Key for that service. Required for `deepl`; with `libretranslate`, if its server asks for "
    "one; with `google`, the path of the file with the key of a service account.",
)
MACHINE_TRANSLATION_URL = variable(
    "MACHINE_TRANSLATION_URL",
    "",
    "With `libretranslate` only: the address of its server, such as `http://127.0.0.1:5000`.",
)
MACHINE_TRANSLATION_PROJECT = variable(
    "MACHINE_TRANSLATION_PROJECT", "", "With `google` only: the id of the project there."
)
CACHE_URL = variable(
    "CACHE_URL",
    "",
    "Shared cache, e.g. `redis://host:6379/0`. Empty: each process has its own in memory.",
)
EMAIL_URL = variable(
    "EMAIL_URL",
    "",
    "Mail server: `smtp://host:25`, `smtp+tls://user:password@host:587` (STARTTLS), "
    "`smtps://user:password@host:465` or `console:`. Empty: in development mail is printed, in "
    "production none is sent and passwords cannot be reset by mail.",
)
EMAIL_FROM = variable("EMAIL_FROM", "", "Sender of mails. Empty: `cms@` and `BASE_URL`'s host.")
LOG_LEVEL = variable(
    "LOG_LEVEL",
    "",
    "Lowest level that is logged: `debug`, `info`, `warning` or `error`. Empty: `warning` in "
    "development, `info` in production.",
)
ACCESS_LOG = variable("ACCESS_LOG", "no", "Whether each request is logged.")
HTTPS = variable(
    "HTTPS",
    "yes",
    "Production only: redirect to HTTPS, mark cookies secure and send HSTS. `no` only where the "
    "admin is reached through a private tunnel.",
)
BEHIND_TLS_PROXY = variable(
    "BEHIND_TLS_PROXY",
    "no",
    "Production only: a proxy in front ends TLS and always sets `X-Forwarded-Proto` itself, "
    "replacing what a client sent; without such a proxy, `yes` would let clients pretend HTTPS.",
)
TRUSTED_PROXIES = variable(
    "TRUSTED_PROXIES",
    "1",
    "With `BEHIND_TLS_PROXY` only: how many proxies stand in a row in front, each of which appends "
    "the address that called it to `X-Forwarded-For`. Failed log-ins are counted by the client's "
    "address there.",
)
HSTS_SECONDS = variable(
    "HSTS_SECONDS", "31536000", "Production only: how long browsers insist on HTTPS."
)
HSTS_PRELOAD = variable(
    "HSTS_PRELOAD",
    "no",
    "Production only: consent to being built into browsers' HTTPS lists. For the domain's owner to "
    "decide.",
)
DEBUG = variable(
    "DEBUG", "no", "Development only: Django's debug pages, with `manage.py runserver`."
)
