"""The same project with two locales, by Wagtail's own means."""

from __future__ import annotations

from tests.headless.settings import *  # noqa: F403
from tests.headless.settings import DATABASES

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("ms", "Malay")]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
if DATABASES["default"]["TEST"]["NAME"]:
    DATABASES["default"]["TEST"] = {"NAME": "test_headless_i18n"}
ROOT_URLCONF = "tests.headless.urls_i18n"
