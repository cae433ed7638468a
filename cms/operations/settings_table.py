"""README's tables of settings, generated from the code that reads the settings.

python -m cms.operations.settings_table    (or: make settings-table)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

from cms.settings.environment import VARIABLES
from wagtail_delivery.conf import DeliverySettings, default_of

README = Path(__file__).resolve().parents[2] / "README.md"


class Setting(NamedTuple):
    """One row of a table."""

    name: str
    default: str
    meaning: str


class SettingsTable(NamedTuple):
    """A table and the markers around it in README."""

    first_column: str
    rows: Callable[[], Iterator[Setting]]
    begin: str
    end: str

    def markdown(self) -> str:
        lines = [f"| {self.first_column} | Default | Meaning |", "| --- | --- | --- |"]
        for row in self.rows():
            default = f"`{row.default}`" if row.default else ""
            lines.append(f"| `{row.name}` | {default} | {row.meaning} |")
        return "\n".join(lines)

    def insert_into(self, text: str) -> str:
        """`text` with the table between its markers; raises ValueError if one is missing."""
        before, rest = text.split(self.begin)
        _old, after = rest.split(self.end)
        return f"{before}{self.begin}\n\n{self.markdown()}\n\n{self.end}{after}"


def _variables() -> Iterator[Setting]:
    for variable in VARIABLES.values():
        yield Setting(variable.name, variable.default, variable.meaning)


def _delivery() -> Iterator[Setting]:
    for item in fields(DeliverySettings):
        default = default_of(item)
        shown = list(default) if isinstance(default, tuple) else default
        yield Setting(item.name, repr(shown).replace("'", '"'), item.metadata["meaning"])


TABLES = (
    SettingsTable(
        "Key",
        _delivery,
        "<!-- settings of WAGTAIL_DELIVERY: made by `make settings-table` -->",
        "<!-- end of settings of WAGTAIL_DELIVERY -->",
    ),
    SettingsTable(
        "Variable",
        _variables,
        "<!-- settings: made by `make settings-table` -->",
        "<!-- end of settings -->",
    ),
)


def with_tables(text: str) -> str:
    """`text` with all tables up to date."""
    for table in TABLES:
        text = table.insert_into(text)
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
