from __future__ import annotations

from django.apps import AppConfig


class TextSearchConfig(AppConfig):
    name = "cms.text_search"
    label = "text_search"

    def ready(self) -> None:
        from cms.text_search import indexing

        indexing.register_signal_handlers()
