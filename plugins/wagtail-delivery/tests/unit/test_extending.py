"""The public face: documented, complete and in step with its page."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from wagtail_delivery import extending

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"
#: Annotations and aliases, which cannot have a docstring; the page has them.
ALIASES = {"DecimalString", "Factory", "Html", "Json", "JsonValue", "Status", "Uri"}


def documented_names() -> set[str]:
    """The names in the page's table of contents."""
    contents = PAGE.read_text(encoding="utf-8").partition("## Encode a field")[0]
    rows = [line for line in contents.splitlines() if line.startswith("| [")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_the_page_documents_what_is_exported() -> None:
    assert documented_names() == set(extending.__all__)


def test_all_that_is_exported_is_there() -> None:
    for name in extending.__all__:
        assert hasattr(extending, name)


@pytest.mark.parametrize("name", sorted(set(extending.__all__) - ALIASES))
def test_each_name_has_a_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(extending, name))


def test_the_examples_import_only_what_is_exported() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"from (wagtail_delivery[\w.]*) import", text)) == {
        "wagtail_delivery.extending"
    }
    for names in re.findall(r"from wagtail_delivery.extending import (.+)", text):
        assert set(names.split(", ")) <= set(extending.__all__)
