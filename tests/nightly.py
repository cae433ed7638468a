"""Long searches run with NIGHTLY=1; every other run takes a sample of them."""

from __future__ import annotations

import os

NIGHTLY = os.environ.get("NIGHTLY") == "1"
