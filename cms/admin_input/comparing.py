"""Versions with a picture or a group of fields that is empty or gone."""

from __future__ import annotations

import functools
from typing import Any

from wagtail.admin.compare import StructBlockComparison
from wagtail.images.blocks import ImageBlockComparison

_struct_value = StructBlockComparison.htmlvalue


@functools.wraps(_struct_value)
def struct_value(comparison: StructBlockComparison, value: Any) -> str:
    """A group of fields as HTML; empty if there is none."""
    return "" if value is None else str(_struct_value(comparison, value))


def image_value(comparison: ImageBlockComparison, value: Any) -> str:
    """A picture with its description as HTML, also where there is no picture."""
    if not isinstance(value, dict):
        value = comparison.block._image_to_struct_value(value)
    return str(_struct_value(comparison, value))
