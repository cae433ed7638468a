"""Blocks whose value is the same in every language."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import CharBlock, URLBlock
from wagtail.documents.blocks import DocumentChooserBlock


class SynchronizedMixin:
    """Leaves a block out of translation: its value is copied from the source unchanged.

    wagtail-localize would offer it for translation. It looks for these two methods first.
    """

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return []

    def restore_translated_segments(self, value: Any, segments: list[Any]) -> Any:
        return value


class SynchronizedCharBlock(SynchronizedMixin, CharBlock):
    """A short text that is no words of a language, such as a number."""


class SynchronizedURLBlock(SynchronizedMixin, URLBlock):
    """A web address."""


class SynchronizedDocumentBlock(SynchronizedMixin, DocumentChooserBlock):
    """A document of the library."""
