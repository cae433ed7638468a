from __future__ import annotations

from django.apps import AppConfig


class ContentFilesConfig(AppConfig):
    name = "cms.content_files"
    label = "content_files"
