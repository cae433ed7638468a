"""The plugin's settings: one dictionary, `HEADLESS`, read in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class HeadlessSettings:
    """What a project may say in `HEADLESS`; every part has a default."""

    #: Name of the API in the OpenAPI document and the service document.
    TITLE: str = "Delivery API"
    #: Origins that may call the API from a browser; ["*"] for all.
    CORS_ORIGINS: Sequence[str] = ()
    #: API type names of models, where the snake_case model name is taken: {"app.Model": "name"}.
    TYPE_NAMES: Mapping[str, str] = field(default_factory=dict)
    #: Plural (URL) names of snippet models: {"app.Model": "names"}.
    PLURAL_NAMES: Mapping[str, str] = field(default_factory=dict)
    #: Snippet model whose one instance in each locale describes the organisation in `/site`.
    SITE_SNIPPET: str | None = None
    #: Dotted path of `instance -> TranslationStatus`; without it every document is its own source.
    TRANSLATION_STATUS: str | None = None
    #: Widths in pixels that image sources are made in.
    IMAGE_WIDTHS: Sequence[int] = (320, 640, 1280, 1920)
    #: Formats of image sources, best first; the last one is the fallback for every browser.
    IMAGE_FORMATS: Sequence[str] = ("avif", "webp", "jpeg")
    #: Seconds a shared cache may keep an answer, serve it while it asks again, and serve it while
    #: the origin is down.
    CACHE_MAX_AGE: int = 60
    CACHE_STALE_WHILE_REVALIDATE: int = 600
    CACHE_STALE_IF_ERROR: int = 86400


def headless_settings() -> HeadlessSettings:
    """The settings as they are now; an unknown name is an error that says so."""
    given: dict[str, Any] = getattr(settings, "HEADLESS", {})
    known = {item.name for item in fields(HeadlessSettings)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ImproperlyConfigured(
            f"HEADLESS has unknown settings: {', '.join(unknown)}. "
            f"Known: {', '.join(sorted(known))}."
        )
    return HeadlessSettings(**given)
