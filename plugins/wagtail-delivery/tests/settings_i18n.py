"""The same project with two locales, using only Wagtail's own translation."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("ms", "Malay")]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
if "postgresql" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_delivery_i18n"}
ROOT_URLCONF = "tests.urls_i18n"
