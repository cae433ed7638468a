"""What documents cost in a rebuild: make bench ARGS="rebuild" [--sizes 1000,20000]

A store of so many documents is built from nothing, built again when nothing has changed, and
verified. The documents are those of a page and its translation, copied in bulk (`benchmarks.bulk`).
Documents per second are of this process's processor time; the database's own is not in it. The
memory is what the process holds most, above what it held before. DATABASE_URL selects the database,
which is filled; the default is a new SQLite database.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.project import set_up


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuild", description=__doc__)
    parser.add_argument("--sizes", default="1000,20000")
    options = parser.parse_args(arguments)
    with set_up():
        from django.db import connection

        from benchmarks.content import make_content
        from wagtail_delivery.extending import rebuild, verify
        from wagtail_delivery.models import PublishedDocument

        make_content(0)
        print(f"{connection.vendor}\n")
        print("| documents | step | docs/s of CPU | queries/doc | s | MB more |")
        print("|---|---|---|---|---|---|", flush=True)
        pair = first_pair()
        # Loads what a process loads once, such as the project's addresses.
        for _ in verify():
            pass
        for size in sorted(int(part) for part in options.sizes.split(",")):
            fill(pair, size)
            steps: list[tuple[str, Callable[[], Any]]] = [
                ("build", rebuild),
                ("build again", rebuild),
                ("verify", verify),
            ]
            PublishedDocument.objects.all().delete()
            for name, step in steps:
                print(f"| {size:,} | {name} {measure(step, size)}", flush=True)
    return 0


def first_pair() -> Any:
    """A page that shows an Act and has two sections, and its translation."""
    from benchmarks.bulk import publish_pair
    from cms.snippets.models import Act

    act = Act.objects.filter(locale__language_code="ms").first()
    link = f'<p>Lihat <a linktype="act" id="{act.translation_key}">Akta</a>.</p>'
    text = "<p>Perlindungan keselamatan sosial.</p>" * 5
    return publish_pair(
        "salinan",
        [
            ("text", {"heading": "Latar belakang", "anchor": "latar", "body": text}),
            ("text", {"heading": "Undang-undang", "anchor": "undang", "body": link}),
        ],
    )


def fill(pair: Any, size: int) -> None:
    """Make the store's content up to so many documents."""
    from wagtail.models import Page

    from benchmarks.bulk import copy_pair, sections

    there = Page.objects.filter(depth__gt=1, live=True).count()
    for parents, count in sections(pair, (size - there) // 2):
        copy_pair(pair, count, parents)


def measure(step: Callable[[], Any], size: int) -> str:
    """What `step` costs, as the columns of the table."""
    from django.db import connection, reset_queries

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asked = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    reset_queries()
    begin, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        for found in step():
            check(found)
    seconds, used = time.perf_counter() - begin, time.process_time() - cpu
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return f"| {size / used:.0f} | {asked / size:.2f} | {seconds:.1f} | {more:.0f} |"


def check(found: Any) -> None:
    """Refuse a rebuild with failures, and any difference of a verification."""
    if getattr(found, "what", None) or getattr(found, "failures", None):
        raise RuntimeError(f"Not as it should be: {found}")


if __name__ == "__main__":
    sys.exit(main())
