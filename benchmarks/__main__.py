"""`make bench`: the delivery API beside nginx with the same bytes and Wagtail's own APIs.

In one run, on one database, with two processes each: nginx from the disk, the delivery processes
with and without their memory, the editors' server, Wagtail's API v2 and v3 on the same server, and
Varnish in front of the delivery processes. wrk alternates between them, so other load on the
machine affects all. Requires wrk, nginx and Varnish on the path. DATABASE_URL selects the database,
which is filled with 10,000 documents; the default is a new SQLite database.

Options: --cases profile,list,random,304 --sides nginx,delivery,database,server,v2,v3,varnish
--connections 16,64 --seconds 5 (per run) --rounds 3 (of which the median counts) --pages 10000
--kept-mb 48 (KEPT_ANSWERS_MB of the delivery processes).

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
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

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
    """Measure and print the tables; returns 1 if a goal was missed, 2 without wrk."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cases", default="profile,list,random,304")
    parser.add_argument("--sides", default="nginx,delivery,database,server,v2,v3,varnish")
    parser.add_argument("--connections", default="16,64")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--kept-mb", default="")
    options = parser.parse_args(arguments)
    if shutil.which("wrk") is None:
        print("wrk is not installed; on Debian: apt-get install wrk", file=sys.stderr)
        return 2
    with set_up(), ExitStack() as stack:
        from django.db import connection

        from benchmarks import sides
        from benchmarks.cases import cases
        from benchmarks.report import report, write_files

        wanted = tuple(options.cases.split(","))
        chosen = [case for case in cases(options.pages) if case.name.startswith(wanted)]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="perkeso-cms-")))
        with sides.delivery("", "0") as ours:
            write_files(chosen, ours.address, folder / "files")
        connection.close()
        running = sides.start(options.sides.split(","), folder, options.kept_mb, stack)
        print(f"{connection.vendor}; median of {options.rounds} runs of {options.seconds} s\n")
        connections = [int(part) for part in options.connections.split(",")]
        return report(chosen, running, connections, options.seconds, options.rounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
