"""Which marks a rich text of ours may carry."""

from __future__ import annotations

from wagtail.blocks import RichTextBlock

# The headings of a page are those of its sections; what stands inside one begins below them.
RICH_TEXT_FEATURES = [
    "h3",
    "h4",
    "bold",
    "italic",
    "ol",
    "ul",
    "link",
    "document-link",
    "act-reference",
]


class BodyTextBlock(RichTextBlock):
    """Running text with the marks that every front-end can show."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)
