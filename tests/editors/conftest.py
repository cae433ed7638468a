"""Fixtures of the snippets' tests that the tests of the editors use too."""

from __future__ import annotations

from tests.snippets.conftest import admin, english, malay

__all__ = ["admin", "english", "malay"]
