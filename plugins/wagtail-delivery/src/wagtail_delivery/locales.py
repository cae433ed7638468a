"""The locales of the content, from the project's settings; no database query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info
from wagtail.coreutils import get_content_languages, get_supported_content_language_variant


@dataclass(frozen=True)
class ContentLocales:
    """The default language code, and the names of all languages in the settings' order."""

    default: str
    names: Mapping[str, str]

    @property
    def codes(self) -> list[str]:
        return list(self.names)


def content_locales() -> ContentLocales:
    """The locales of this project; only the default one without WAGTAIL_I18N_ENABLED."""
    languages: dict[str, str] = get_content_languages()
    default: str = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        languages = {default: languages[default]}
    return ContentLocales(
        default, {code: _own_name(code, str(name)) for code, name in languages.items()}
    )


def _own_name(code: str, name: str) -> str:
    """The language's name in that language; `name` if Django does not know it."""
    try:
        own: str = get_language_info(code)["name_local"]
    except KeyError:
        return name
    return own


def first_language() -> str:
    """The project's language, in whose tree the editors arrange the pages."""
    return str(get_supported_content_language_variant(settings.LANGUAGE_CODE))
