"""How the delivery API encodes the product's own blocks."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from cms.pages.blocks.table import TableRowsBlock
from cms.pages.blocks.table_rows import TableRows
from cms.pages.blocks.video import VideoAddressBlock, video_at
from wagtail_delivery.extending import (
    Compilation,
    Encoder,
    Json,
    Location,
    Schema,
    Uri,
    register_block,
)


class TableRowsEncoder(Encoder):
    """The texts of the cells, row by row, each in its own place of translation."""

    def __init__(self, *_: Any) -> None:
        super().__init__(list[list[str | None]])
        self.explanation = (
            "Rows from top to bottom, each with the texts of its cells from left to right. All "
            "rows have the same number of cells; an empty cell is null."
        )

    def encode(self, value: TableRows | None, location: Location, compilation: Compilation) -> Json:
        encoded = []
        for row_number, row in enumerate(value or ()):
            row_location = location.member(row_number)
            for column_number, cell in enumerate(row):
                cell_location = row_location.member(column_number, cell.id)
                if cell.needs_translation:
                    compilation.mark_text(cell_location)
                else:
                    compilation.shows_text(cell_location)
            encoded.append([cell.text or None for cell in row])
        return encoded


class VideoReference(Schema):
    """A video at its provider. Nothing is loaded from there until a reader wants to see it."""

    provider: Literal["youtube", "vimeo"] = Field(description="Where the video is.")
    id: str = Field(description="The provider's identifier of the video, for its player.")
    url: Uri = Field(description="The provider's page of the video.")


class VideoAddressEncoder(Encoder):
    """A video by provider and identifier; null without an address."""

    def __init__(self, *_: Any) -> None:
        super().__init__(VideoReference | None)

    def encode(self, value: str | None, location: Location, compilation: Compilation) -> Json:
        video = video_at(value or "")
        if video is None:
            return None
        return {"provider": video.provider, "id": video.id, "url": video.url}


def register() -> None:
    """Register the encoders; called once from `ready()`."""
    register_block(TableRowsBlock, TableRowsEncoder)
    register_block(VideoAddressBlock, VideoAddressEncoder)
