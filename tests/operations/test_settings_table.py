"""README's table of environment variables."""

from __future__ import annotations

import pytest

from cms.operations.settings_table import BEGIN, END, README, with_table
from cms.settings.environment import VARIABLES


def test_readme_matches_the_variables():
    text = README.read_text(encoding="utf-8")
    assert with_table(text) == text, "Run `make settings-table`."


def test_every_variable_is_in_the_table_once_with_a_meaning():
    text = README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in rows] == [one.name for one in VARIABLES.values()]
    assert all(len(line.split(" | ")[2].strip("| ")) > 20 for line in rows)


def test_the_text_around_the_table_stays():
    text = with_table(f"before\n{BEGIN}\nstale row\n{END}\nafter\n")
    assert text.startswith(f"before\n{BEGIN}\n\n| Variable |")
    assert text.endswith(f"{END}\nafter\n")
    assert "stale row" not in text


def test_a_missing_mark_is_an_error():
    with pytest.raises(ValueError, match="unpack"):
        with_table("no marks")
