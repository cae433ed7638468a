"""An embed finder that needs no network."""

from __future__ import annotations

from typing import Any

from wagtail.embeds.exceptions import EmbedNotFoundException
from wagtail.embeds.finders.base import EmbedFinder

VIDEO = "https://video.example/watch?v=1&t=2"
MISSING = "https://video.example/missing"


class OfflineFinder(EmbedFinder):
    """Finds every address at video.example but one."""

    def accept(self, url: str) -> bool:
        return url.startswith("https://video.example/")

    def find_embed(self, url: str, max_width: int | None = None, **_: Any) -> dict[str, Any]:
        if url == MISSING:
            raise EmbedNotFoundException
        return {
            "title": "Film & more",
            "author_name": "Studio",
            "provider_name": "Video",
            "type": "video",
            "thumbnail_url": "https://video.example/1.jpg",
            "width": 640,
            "height": 360,
            "html": '<iframe src="https://video.example/embed/1"></iframe>',
        }
