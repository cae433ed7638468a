"""What translators' work costs with the desk and without: make bench-translation

Two processes have the same content and settings. One has the desk, and one has wagtail-localize
alone ("stock"), with the settings that the desk needs left out.

Queries are counted with Django's test client, as a superuser, after a round that fills the caches,
without the statements of transactions.

The effort is measured in headless Chromium and not modelled. A translator takes the shortest way
through each editor; every key, click and page that loads is counted. A combination of keys is one
keystroke. The letters of texts are counted apart, and scrolling is not. Each visit starts on the
first page of the admin. "By keys" saves with the keyboard, into English; "by pointer" uses the
buttons, into Tamil, so that no memory helps with it. The strings are those of PERKESO's profile in
`content/`, in a page of the desk's test project; a translation has no word of its source. Each
change of the source replaces a word and is published before the visit.

The goal is for keystrokes and clicks together, and for page loads. What is a key on one side may be
a click on the other: stock's translator opens each string with a click and saves it with a key, and
the desk's needs the key alone.

Options: --strings 20,200 --changes 20 --without-browser. DATABASE_URL selects the database server,
on which each side makes a database of its own; the default is SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.translation import report

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "plugins/wagtail-localize-desk"
SIDES = ("desk", "stock")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the tables; returns 1 if the goal for the effort was missed.

    Raises `subprocess.CalledProcessError` if a side failed; it has then said why.
    """
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks translation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--strings", default="20,200")
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--without-browser", action="store_true")
    options = parser.parse_args(arguments)
    sizes = [int(part) for part in options.strings.split(",")]
    changes = 0 if options.without_browser else options.changes
    with ThreadPoolExecutor(len(SIDES)) as pool:
        desk, stock = pool.map(lambda side: measure(side, sizes, changes), SIDES)
    print("\n".join(report.queries(desk["queries"], stock["queries"])))
    if not changes:
        return 0
    print()
    lines, is_met = report.effort(desk["effort"], stock["effort"])
    print("\n".join(lines))
    return 0 if is_met else 1


def measure(side: str, sizes: Sequence[int], changes: int) -> dict[str, Any]:
    """What the process of one side has measured; no effort without changes."""
    command = [sys.executable, "-m", "benchmarks.translation.side", side, str(changes)]
    # The test project's package and that of the repository's own tests have the same name.
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, *map(str, sizes)], cwd=PROJECT, env=variables, check=True, stdout=subprocess.PIPE
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
