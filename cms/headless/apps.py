from __future__ import annotations

from django.apps import AppConfig


class HeadlessConfig(AppConfig):
    name = "cms.headless"
    label = "headless"
