"""The pictures in the handbooks, made by the walks through an officer's and a translator's day.

A walk always names them, so that a test knows whether its handbook shows what the walk makes.
Files are written only for `make handbook`, which sets HANDBOOK: a picture has the day's date in it
and would change with every run.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome

DOCS = Path(__file__).parents[2] / "docs"
#: The most bytes of one picture; each reader of the handbook loads them all.
MOST_BYTES = 60_000
COLOURS = 64


def pictures(book: str) -> list[str]:
    """The names of a handbook's pictures that are kept."""
    return [file.stem for file in (DOCS / book).glob("*.png")]


class HandbookPictures:
    """Takes the pictures of one walk."""

    def __init__(self, browser: Chrome, book: str) -> None:
        self.browser = browser
        self.folder = DOCS / book
        self.names: list[str] = []

    def take(self, name: str) -> None:
        """Picture the window as it is now."""
        self.names.append(name)
        if os.environ.get("HANDBOOK"):
            self.folder.mkdir(exist_ok=True)
            (self.folder / f"{name}.png").write_bytes(small(self.browser.get_screenshot_as_png()))


def small(png: bytes) -> bytes:
    """The picture with a palette of few colours, which is a third of the bytes."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    result = BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(result, "PNG", optimize=True)
    assert result.tell() <= MOST_BYTES, f"{result.tell()} bytes"
    return result.getvalue()
