"""Sets up the product for a measurement, in a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def set_up(**variables: str) -> Iterator[None]:
    """Set Django up with `benchmarks.settings` and these environment variables.

    DATABASE_URL selects the database; the default is a new SQLite database.
    """
    with tempfile.TemporaryDirectory(prefix="perkeso-cms-bench-") as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "DATA_DIR": folder}
        os.environ |= variables
        # The middleware for static files expects the folder of `collectstatic`.
        (Path(folder) / "static").mkdir()
        import django

        django.setup()
        yield
