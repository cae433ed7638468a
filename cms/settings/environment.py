"""Every environment variable that PERKESO CMS reads, in one place.

Each variable is a `Variable` with its meaning and a safe default; README's table is made from
`VARIABLES`, so a variable that is not documented cannot be read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, the default as a string, and what it is for."""

    name: str
    default: str
    meaning: str

    def text(self) -> str:
        """The value, or the default where the variable is unset or empty."""
        return os.environ.get(self.name, "").strip() or self.default

    def flag(self) -> bool:
        """The value as yes or no; anything else stops the start-up with the variable's name."""
        value = self.text().lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise ImproperlyConfigured(f"{self.name} must be yes or no, not {self.text()!r}.")

    def number(self) -> int:
        """The value as a whole number; anything else stops the start-up with its name."""
        try:
            return int(self.text())
        except ValueError:
            raise ImproperlyConfigured(
                f"{self.name} must be a whole number, not {self.text()!r}."
            ) from None

    def items(self) -> list[str]:
        """The value split at commas, without empty parts."""
        return [part.strip() for part in self.text().split(",") if part.strip()]


VARIABLES: dict[str, Variable] = {}


def variable(name: str, default: str, meaning: str) -> Variable:
    """Declare a variable; a name is declared once."""
    if name in VARIABLES:
        raise ImproperlyConfigured(f"{name} is declared twice.")
    VARIABLES[name] = Variable(name, default, meaning)
    return VARIABLES[name]


DATABASE_URL = variable(
    "DATABASE_URL",
    "",
    "Database as a URL, e.g. postgres://user:password@host/name. Empty: SQLite in DATA_DIR.",
)
DATA_DIR = variable(
    "DATA_DIR", "var", "Folder for the embedded database, uploaded media and generated secrets."
)
SECRET_KEY = variable(
    "SECRET_KEY",
    "",
    "Django's secret key. Required in production; made once and kept in DATA_DIR otherwise.",
)
ALLOWED_HOSTS = variable(
    "ALLOWED_HOSTS", "", "Host names the admin answers to, separated by commas. Required in production."
)
BASE_URL = variable(
    "BASE_URL", "http://127.0.0.1:8000", "Public address of the admin, used in e-mails and media URLs."
)
CONTENT_LANGUAGES = variable(
    "CONTENT_LANGUAGES",
    "ms,en",
    "Languages of the content, source first: any of ms, en, zh-hans, ta.",
)
CORS_ORIGINS = variable(
    "CORS_ORIGINS",
    "",
    "Origins of front-ends that may call the API from a browser, separated by commas, or *.",
)
PORT = variable("PORT", "8000", "Port that `make run` serves on.")
HOST = variable("HOST", "127.0.0.1", "Address that `make run` serves on.")
