"""README's tables of settings."""

from __future__ import annotations

from dataclasses import fields

import pytest

from cms.operations.settings_table import README, TABLES, SettingsTable, with_tables
from cms.settings.environment import VARIABLES
from wagtail_delivery.conf import DeliverySettings

NAMES = {
    "Key": [item.name for item in fields(DeliverySettings)],
    "Variable": [variable.name for variable in VARIABLES.values()],
}


@pytest.fixture(params=TABLES, ids=lambda table: table.first_column)
def table(request) -> SettingsTable:
    return request.param


def test_readme_is_up_to_date():
    text = README.read_text(encoding="utf-8")
    assert with_tables(text) == text, "Run `make settings-table`."


def test_every_setting_is_listed_once_with_its_meaning(table: SettingsTable):
    text = README.read_text(encoding="utf-8").split(table.begin)[1].split(table.end)[0]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in rows] == NAMES[table.first_column]
    assert all(len(line.split(" | ")[2].strip("| ")) > 20 for line in rows)


def test_the_text_around_a_table_is_kept(table: SettingsTable):
    text = table.insert_into(f"before\n{table.begin}\nstale row\n{table.end}\nafter\n")
    assert text.startswith(f"before\n{table.begin}\n\n| {table.first_column} |")
    assert text.endswith(f"{table.end}\nafter\n")
    assert "stale row" not in text


def test_a_missing_marker_is_an_error(table: SettingsTable):
    with pytest.raises(ValueError, match="unpack"):
        table.insert_into("no markers")
