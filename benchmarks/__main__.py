"""`make bench`: compares our API with Wagtail's API v2, on the same database, in one run.

Each side of a case has its own server with two workers, so memory and processor time are measured
separately. wrk alternates between them, so other load on the machine affects both. Requires wrk on
the path. DATABASE_URL selects the database; the default is a new SQLite database.
Options: --seconds N (per run, 5), --connections 16,64.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Measure and print the table; returns 1 if a goal was missed, 2 without wrk."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", default="16,64")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed; on Debian: apt-get install wrk", file=sys.stderr)
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    with tempfile.TemporaryDirectory(prefix="perkeso-cms-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        # The middleware for static files expects the folder of `collectstatic`.
        (Path(folder) / "static").mkdir()
        import django

        django.setup()
        from benchmarks.cases import cases
        from benchmarks.report import report

        return report(
            cases(),
            [int(part) for part in options.connections.split(",")],
            options.seconds,
        )


if __name__ == "__main__":
    sys.exit(main())
