"""README's table of settings."""

from __future__ import annotations

import pytest

from cms.operations.settings_table import BEGIN, END, README, with_table
from cms.settings.environment import VARIABLES


def test_readme_is_in_step_with_the_settings():
    text = README.read_text(encoding="utf-8")
    assert with_table(text) == text, "Run `make settings-table`."


def test_every_variable_is_in_it_once_with_a_meaning():
    table = README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    for variable in VARIABLES.values():
        assert variable.meaning
        assert table.count(f"| `{variable.name}` |") == 1


def test_what_stands_around_it_stays():
    text = with_table(f"before\n{BEGIN}\nstale row\n{END}\nafter\n")
    assert text.startswith(f"before\n{BEGIN}\n\n| Variable |")
    assert text.endswith(f"{END}\nafter\n")
    assert "stale row" not in text


def test_a_missing_mark_is_not_overlooked():
    with pytest.raises(ValueError, match="unpack"):
        with_table("no marks")
