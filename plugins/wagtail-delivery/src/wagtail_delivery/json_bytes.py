"""How values become the JSON that the write side stores and the delivery API sends."""

from __future__ import annotations

import json
from typing import Any


def to_json(value: Any) -> bytes:
    """JSON in UTF-8 without insignificant whitespace."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
