"""The table of settings in docs/settings.md, made from the model that reads them.

From the plugin's folder: python -m tests.table_of_settings
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from wagtail_delivery.conf import DeliverySettings

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
BEGIN = "<!-- settings: made by `python -m tests.table_of_settings` -->"
END = "<!-- end of settings -->"


def table() -> str:
    """The settings as a Markdown table, in the order of the model."""
    return "\n".join(["| Key | Default | Meaning |", "| --- | --- | --- |", *_rows()])


def with_table(text: str) -> str:
    """`text` with the current table between its marks. Raises ValueError if a mark is missing."""
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _rows() -> Iterator[str]:
    for name, field in DeliverySettings.model_fields.items():
        default = "None" if field.default is None else json.dumps(field.default)
        yield f"| `{name}` | `{default}` | {field.description} |"


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
