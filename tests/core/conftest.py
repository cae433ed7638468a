"""Fixtures of the snippets' tests, shared with the tests of `cms.core`."""

from __future__ import annotations

from tests.snippets.conftest import admin, english, malay

__all__ = ["admin", "english", "malay"]
