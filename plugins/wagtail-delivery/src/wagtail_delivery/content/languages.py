"""The language and the time zone that documents are made in, whoever publishes and from where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone, translation


@contextmanager
def override_language(language: str) -> Iterator[None]:
    """While something is made in `language` ("": the project's), in the project's time zone.

    Wagtail's admin runs in the language and the time zone of whoever uses it.
    """
    with (
        translation.override(language or settings.LANGUAGE_CODE),
        timezone.override(timezone.get_default_timezone()),
    ):
        yield
