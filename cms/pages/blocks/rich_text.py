"""The formatting that rich text may have."""

from __future__ import annotations

from wagtail.blocks import RichTextBlock

# Sections have h2 headings, so headings inside them start at h3.
RICH_TEXT_FEATURES = [
    "h3",
    "h4",
    "bold",
    "italic",
    "superscript",
    "subscript",
    "ol",
    "ul",
    "link",
    "document-link",
    "act-reference",
    "paste-from-word",
]


class BodyTextBlock(RichTextBlock):
    """Running text with formatting that every front-end can render."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)
