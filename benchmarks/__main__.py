"""`make bench`: compares our API with Wagtail's API v2, on the same database, in one run.

Each side of a case has its own server with two workers, so memory and processor time are measured
separately. wrk alternates between them, so other load on the machine affects both. Requires wrk on
the path. DATABASE_URL selects the database; the default is a new SQLite database.
Options: --seconds N (per run, 5), --connections 16,64.

`make bench ARGS=dependents` measures what follows a publish, `ARGS=growth` lists of up to 100,000
documents, `ARGS=logins` log-ins beside the API, `ARGS=memory` the translation memory,
`ARGS=pictures` the files of pictures, `ARGS=publishing` what a publish costs, `ARGS=rebuild` what
documents cost in a rebuild, `ARGS=scale` a store of up to 100,000 documents, `ARGS=texts` the
admin's search in texts, and `ARGS=translation` translators' work beside wagtail-localize alone.
Their options follow the name: each module's own docstring has them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence

from benchmarks import (
    dependents,
    growth,
    logins,
    memory,
    pictures,
    publishing,
    rebuild,
    scale,
    texts,
    translation,
)
from benchmarks.project import set_up

OTHERS = {
    "dependents": dependents.main,
    "growth": growth.main,
    "logins": logins.main,
    "memory": memory.main,
    "pictures": pictures.main,
    "publishing": publishing.main,
    "rebuild": rebuild.main,
    "scale": scale.main,
    "texts": texts.main,
    "translation": translation.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmark; without a name, compare with Wagtail's API."""
    if arguments and arguments[0] in OTHERS:
        return OTHERS[arguments[0]](arguments[1:])
    return compare(arguments)


def compare(arguments: Sequence[str]) -> int:
    """Measure and print the table; returns 1 if a goal was missed, 2 without wrk."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", default="16,64")
    options = parser.parse_args(arguments)
    if shutil.which("wrk") is None:
        print("wrk is not installed; on Debian: apt-get install wrk", file=sys.stderr)
        return 2
    with set_up():
        from benchmarks.cases import cases
        from benchmarks.report import report

        return report(
            cases(),
            [int(part) for part in options.connections.split(",")],
            options.seconds,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
