"""The table of settings in docs/settings.md."""

from __future__ import annotations

import pytest

from tests.table_of_settings import BEGIN, DOCUMENT, END, with_table
from wagtail_delivery.conf import DeliverySettings, remedy_of


def test_the_table_matches_the_settings() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_table(text) == text, "Run `python -m tests.table_of_settings`."


def test_every_setting_is_in_the_table_once_with_a_meaning() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in rows] == list(DeliverySettings.model_fields)
    assert all(len(line.split(" | ")[2].strip("| ")) > 20 for line in rows)


def test_every_setting_has_a_remedy() -> None:
    assert all(remedy_of(name).endswith(".") for name in DeliverySettings.model_fields)


def test_the_text_around_the_table_stays() -> None:
    text = with_table(f"before\n{BEGIN}\nstale row\n{END}\nafter\n")
    assert text.startswith(f"before\n{BEGIN}\n\n| Key |")
    assert text.endswith(f"{END}\nafter\n")
    assert "stale row" not in text


def test_a_missing_mark_is_an_error() -> None:
    with pytest.raises(ValueError, match="unpack"):
        with_table("no marks")
