"""README's table of environment variables, generated from the module that reads them.

python -m cms.operations.settings_table    (or: make settings-table)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cms.settings.environment import VARIABLES

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN = "<!-- settings: made by `make settings-table` -->"
END = "<!-- end of settings -->"


def table() -> str:
    """The variables as a Markdown table."""
    return "\n".join(["| Variable | Default | Meaning |", "| --- | --- | --- |", *_rows()])


def with_table(text: str) -> str:
    """`text` with the current table between its marks. Raises ValueError if a mark is missing."""
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _rows() -> Iterator[str]:
    for variable in VARIABLES.values():
        default = f"`{variable.default}`" if variable.default else ""
        yield f"| `{variable.name}` | {default} | {variable.meaning} |"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
