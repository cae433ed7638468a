"""The language and time zone that documents are compiled in, independent of the user's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone, translation


@contextmanager
def override_language(language: str) -> Iterator[None]:
    """Activate `language` ("": the project's) and the project's time zone within this block.

    Wagtail's admin runs in the language and the time zone of its user.
    """
    with (
        translation.override(language or settings.LANGUAGE_CODE),
        timezone.override(timezone.get_default_timezone()),
    ):
        yield
