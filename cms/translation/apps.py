from __future__ import annotations

from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "cms.translation"
    label = "cms_translation"
