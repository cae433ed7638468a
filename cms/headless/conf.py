"""The plugin's settings: one dictionary, `HEADLESS`, read in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: The formats that image sources can be made in, as Wagtail and as Pillow call them.
PILLOW_NAMES = {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG", "png": "PNG", "gif": "GIF"}


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

    def __post_init__(self) -> None:
        """Raise ImproperlyConfigured for a value that cannot be, naming it."""
        for name in ("IMAGE_WIDTHS", "IMAGE_FORMATS", "CORS_ORIGINS"):
            values = getattr(self, name)
            if isinstance(values, str) or not isinstance(values, Sequence):
                raise ImproperlyConfigured(f"HEADLESS[{name!r}] must be a list.")
            if not values and name != "CORS_ORIGINS":
                raise ImproperlyConfigured(f"HEADLESS[{name!r}] must have at least one value.")
        _refuse("IMAGE_WIDTHS", self.IMAGE_WIDTHS, _is_width, "whole numbers of pixels, from 1")
        formats = ", ".join(PILLOW_NAMES)
        _refuse("IMAGE_FORMATS", self.IMAGE_FORMATS, PILLOW_NAMES.__contains__, formats)
        _refuse("CORS_ORIGINS", self.CORS_ORIGINS, _is_origin, '"*" or https://www.example.org')
        for name in ("CACHE_MAX_AGE", "CACHE_STALE_WHILE_REVALIDATE", "CACHE_STALE_IF_ERROR"):
            _refuse(name, [getattr(self, name)], _is_seconds, "whole numbers of seconds, from 0")


def _refuse(
    name: str, values: Sequence[Any], is_possible: Callable[[Any], bool], possible: str
) -> None:
    wrong = [value for value in values if not is_possible(value)]
    if wrong:
        told = ", ".join(repr(value) for value in wrong)
        raise ImproperlyConfigured(f"HEADLESS[{name!r}] has {told}. Possible: {possible}.")


def _is_width(value: Any) -> bool:
    return isinstance(value, int) and value > 0


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _is_origin(value: Any) -> bool:
    # As a browser says it: without path, query or last slash.
    return isinstance(value, str) and (
        value == "*" or bool(re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/?#\s@]+", value))
    )


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
