"""What the tests of the pages share with those of the snippets."""

from __future__ import annotations

from tests.snippets.conftest import admin, english, malay

__all__ = ["admin", "english", "malay"]
