"""Health checks: whether this process responds, and whether it can serve content."""

from __future__ import annotations

import logging
import pkgutil
from functools import lru_cache
from importlib import import_module
from typing import Literal

from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from pydantic import Field

from wagtail_delivery.api.problems import unavailable
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.responses import JSON
from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.json_bytes import to_json

logger = logging.getLogger(__name__)
APP_LABEL = "wagtail_delivery"


class HealthStatus(Schema):
    """The check passed."""

    status: Literal["ok"] = Field(
        description="Always `ok`; a failed check responds with a problem."
    )


def check_live(request: HttpRequest) -> HttpResponse:
    """Whether the process responds; no query, because a restart would not cure the database."""
    return _passed()


def check_ready(request: HttpRequest) -> HttpResponse:
    """Whether the database responds and all migrations of this app are applied."""
    try:
        missing = needed_migrations() - _applied_migrations()
    except DatabaseError as error:
        logger.warning("The database does not respond.", exc_info=True)
        raise unavailable("The database does not respond.") from error
    if missing:
        raise unavailable("The database has unapplied migrations.")
    return _passed()


@lru_cache(maxsize=1)
def needed_migrations() -> frozenset[str]:
    """The names of this app's migrations; none if the project has disabled them."""
    module_name, _ = MigrationLoader.migrations_module(APP_LABEL)
    if module_name is None:
        return frozenset()
    paths = import_module(module_name).__path__
    return frozenset(
        module.name for module in pkgutil.iter_modules(paths) if module.name[0] not in "_~"
    )


def _applied_migrations() -> set[str]:
    found = queries.rows("SELECT name FROM django_migrations WHERE app = %s", [APP_LABEL])
    return {name for (name,) in found}


def _passed() -> HttpResponse:
    body = to_json(HealthStatus(status="ok").model_dump())
    return HttpResponse(body, headers={"Content-Type": JSON, "Cache-Control": "no-store"})
