"""Links to a place in an editing form, in the way in which Wagtail links to a field.

The ids of panels are made of their headings, so they differ between the languages of the admin.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import InlinePanel

#: The attribute by which the form finds a place.
CONTENT_PATH = "data-contentpath"


def fragment(content_path: str) -> str:
    """The end of an address that opens the form at `content_path`."""
    return f"#:w:contentpath={content_path}"


def rows_panel(relation_name: str, **options: Any) -> InlinePanel:
    """The panel of the rows that belong to an entry, which a link can lead to."""
    return InlinePanel(relation_name, attrs={CONTENT_PATH: relation_name}, **options)
