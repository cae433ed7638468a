"""`make bench`: our API beside Wagtail's API v2, on the same database, in one run.

Each side of a case is served by a server of its own with two workers, so that memory and processor
time can be told apart; wrk asks them in turns, so that what else the machine does befalls both.
Needs wrk on the path. DATABASE_URL chooses the database; without it, a new SQLite database is made.
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
    """Measure, print the table, and tell whether the goals were reached (exit code 1: no)."""
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
        # Looked for by the middleware that serves what `collectstatic` has collected.
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
