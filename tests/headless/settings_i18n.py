"""The same project with two locales, by Wagtail's own means."""

from __future__ import annotations

from tests.headless.settings import *  # noqa: F403
from tests.headless.settings import DATABASES

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("ms", "Malay")]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
if "postgresql" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_headless_i18n"}
ROOT_URLCONF = "tests.headless.urls_i18n"
