"""README's table of settings, made from the one place that reads them.

python -m cms.operations.settings_table    (or: make settings-table)
"""

from __future__ import annotations

from pathlib import Path

from cms.settings.environment import VARIABLES

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN = "<!-- settings: made by `make settings-table` -->"
END = "<!-- end of settings -->"


def table() -> str:
    """The table in Markdown."""
    rows = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for variable in VARIABLES.values():
        default = f"`{variable.default}`" if variable.default else ""
        rows.append(f"| `{variable.name}` | {default} | {variable.meaning} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """`text` with the table between its two marks; raises ValueError where a mark is missing."""
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
