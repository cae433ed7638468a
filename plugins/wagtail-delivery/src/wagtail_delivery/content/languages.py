"""The languages that have documents, and the one that a document is compiled in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone, translation
from wagtail.models import Locale

from wagtail_delivery.locales import content_locales


def enabled_languages() -> list[str]:
    """The language codes of the locales that the API serves, in the order of their creation.

    A locale whose language is not among the project's content languages may have content, from
    before or for later. The API does not know it, so nothing of it is public.
    """
    enabled = Locale.objects.filter(language_code__in=content_locales().codes)
    return list(enabled.order_by("pk").values_list("language_code", flat=True))


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
