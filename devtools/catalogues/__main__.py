"""`make messages-check` and `make messages-update`: python -m devtools.catalogues check|update."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import django
from django.conf import settings

from devtools.catalogues.checking import check_messages
from devtools.catalogues.updating import update_catalogues

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the command; exit code 1 if a message is untranslated or its translation is wrong."""
    parser = argparse.ArgumentParser(prog="python -m devtools.catalogues", description=__doc__)
    parser.add_argument("what", choices=["check", "update"])
    # Django only reads templates here; no settings are needed.
    settings.configure()
    django.setup()
    return check() if parser.parse_args().what == "check" else update()


def check() -> int:
    """Print all problems, or the number of messages checked per catalogue."""
    report = check_messages(ROOT)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    total = sum(report.counts.values())
    if report.problems:
        print(f"{len(report.problems)} problems in {total} messages.", file=sys.stderr)
        return 1
    for name, count in report.counts.items():
        print(f"{count:5}  {name}")
    print(f"{total:5}  messages, all translated and consistent with the list of terms")
    return 0


def update() -> int:
    """Update the catalogues of packages to the installed versions; print incomplete ones."""
    root = ROOT / "locale" / "packages"
    for catalogue in update_catalogues(root):
        print(f"To be translated: {catalogue.path(root).relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
