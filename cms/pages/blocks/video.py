"""Videos of known providers, by address.

Nothing here asks the provider: saving and publishing would wait for a foreign server, and the
editor's machine would be known there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import CharBlock, StructBlock

from cms.pages.blocks.rich_text import BodyTextBlock
from cms.pages.blocks.synchronized import SynchronizedURLBlock

_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_VIMEO_ID = re.compile(r"\d{5,12}", re.ASCII)


@dataclass(frozen=True)
class Video:
    """A video by the identifier that its provider gave it."""

    provider: str
    id: str

    @property
    def url(self) -> str:
        """The provider's page of the video, without anything that tells where it was linked."""
        host = "www.youtube.com/watch?v=" if self.provider == "youtube" else "vimeo.com/"
        return f"https://{host}{self.id}"


def video_at(url: str) -> Video | None:
    """The video at an address of YouTube or Vimeo; None for any other address."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    steps = [step for step in parts.path.split("/") if step]
    if host in ("youtube.com", "youtube-nocookie.com"):
        if steps == ["watch"]:
            return _youtube(*parse_qs(parts.query).get("v", [""])[:1])
        if len(steps) == 2 and steps[0] in ("embed", "live", "shorts", "v"):
            return _youtube(steps[1])
    elif host == "youtu.be" and len(steps) == 1:
        return _youtube(steps[0])
    elif host in ("vimeo.com", "player.vimeo.com"):
        found = next((step for step in steps if _VIMEO_ID.fullmatch(step)), "")
        return Video("vimeo", found) if found else None
    return None


def _youtube(identity: str) -> Video | None:
    return Video("youtube", identity) if _YOUTUBE_ID.fullmatch(identity) else None


class VideoAddressBlock(SynchronizedURLBlock):
    """The address of a video of a known provider."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned and video_at(cleaned) is None:
            raise ValidationError(
                _(
                    "This is not the address of a video on YouTube or Vimeo. Open the video there "
                    "and copy its address."
                )
            )
        return cleaned


class VideoBlock(StructBlock):
    """A video and what is said in it."""

    title = CharBlock(
        label=gettext_lazy("Title"),
        max_length=255,
        help_text=gettext_lazy("What the video is about, in a few words."),
    )
    video = VideoAddressBlock(
        label=gettext_lazy("Address of the video"),
        help_text=gettext_lazy(
            "Its address on YouTube or Vimeo, such as https://www.youtube.com/watch?v=…"
        ),
    )
    transcript = BodyTextBlock(
        label=gettext_lazy("Transcript"),
        help_text=gettext_lazy(
            "What is said and shown, for readers who cannot hear or see it, or have little data."
        ),
    )

    class Meta:
        template = "pages/blocks/video.html"
        label = gettext_lazy("Video")
        label_format = "{title}"
        icon = "media"
