"""What follows a publish: make bench ARGS="dependents" [--shown-in 0,100,1000,10000] [--times 5]

An Act that so many pages show is published again and again, with a worker in a process of its own.
The pages are copies that are made in bulk (`benchmarks.bulk`).
The table has what the publish costs beside one of an Act that nobody shows, how long a publish of
another page takes meanwhile (one every half second) beside one without a worker, and the time until
all documents are right. Times are medians, but for the 99th percentile of the other page's, which
is the longest if there are fewer than 100. DATABASE_URL selects the database; the default is a new
SQLite database.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.costs import Cost, cost_of
from benchmarks.project import set_up


@dataclass(frozen=True)
class Run:
    """One publish and what followed it."""

    publish: Cost
    #: Seconds of each publish of another page meanwhile.
    colleague: list[float]
    #: Seconds from the publish until all documents were right.
    until_right: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dependents", description=__doc__)
    parser.add_argument("--shown-in", default="0,100,1000,10000")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args(arguments)
    sizes = [int(size) for size in options.shown_in.split(",")]
    with set_up():
        from django.db import connection

        from benchmarks.content import make_content

        make_content(20)
        print(f"{connection.vendor}; medians of {options.times}\n")
        print("| shown in | queries | ms | ratio | colleague ms | p99 | s until right | per s |")
        print("|---|---|---|---|---|---|---|---|", flush=True)
        first: tuple[float, float] | None = None
        for size in sizes:
            act = shown_act(size)
            alone = statistics.median(publish_colleague() for _ in range(options.times))
            runs = [measure(act, number) for number in range(options.times)]
            publish = statistics.median(run.publish.seconds for run in runs)
            first = first or (publish, alone)
            print(_row(size, runs, publish, alone, first), flush=True)
    return 0


def shown_act(size: int) -> Any:
    """A published Act that `size` pages show, half of them translations of the others."""
    from benchmarks.bulk import copy_pair, publish_pair, sections
    from cms.snippets.models import Act
    from wagtail_delivery.extending import compile_next_pending, rebuild

    act = Act.objects.filter(locale__language_code="ms").first()
    act.pk, act.translation_key = None, uuid.uuid4()
    act.title, act.slug, act.number = f"Akta {size}", f"akta-{size}", 9000 + size
    act.live_revision = act.latest_revision = None
    act.save()
    act.save_revision().publish()
    if size:
        link = f'<p>Lihat <a linktype="act" id="{act.translation_key}">Akta</a>.</p>'
        body = [("text", {"heading": "Latar", "anchor": "latar", "body": link})]
        pair = publish_pair(f"akta-{size}", body)
        for parents, count in sections(pair, size // 2 - 1):
            copy_pair(pair, count, parents)
    for _ in rebuild():
        pass
    while compile_next_pending():
        pass
    return act


def publish_colleague() -> float:
    """Seconds that the publish of a page takes that shows none of the Acts."""
    from cms.pages.models import ProfilePage

    page = ProfilePage.objects.get(locale__language_code="ms")
    revision = page.save_revision()
    begin = time.perf_counter()
    revision.publish()
    return time.perf_counter() - begin


def measure(act: Any, number: int) -> Run:
    """Publish `act` with a new title beside a worker."""
    from wagtail_delivery.models import PendingDependents, PendingDocument

    act = type(act).objects.get(pk=act.pk)
    act.title = f"{act.title.split(' (')[0]} ({number})"
    revision = act.save_revision()
    with worker():
        begin = time.perf_counter()
        publish = cost_of(revision.publish)
        colleague = [publish_colleague()]
        while PendingDependents.objects.exists() or PendingDocument.objects.exists():
            time.sleep(0.5)
            colleague.append(publish_colleague())
        until_right = time.perf_counter() - begin
    return Run(publish, colleague, until_right)


@contextmanager
def worker() -> Iterator[None]:
    """A worker in a process of its own, which has signed."""
    from django.core.management import call_command
    from django.db import connections

    from wagtail_delivery.extending import compile_next_pending

    compile_next_pending()
    connections.close_all()  # two processes cannot share a connection
    pid = os.fork()
    if not pid:
        call_command("delivery_worker")
        os._exit(0)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def _row(
    size: int, runs: list[Run], publish: float, alone: float, first: tuple[float, float]
) -> str:
    queries = statistics.median(run.publish.queries for run in runs)
    colleague = sorted(seconds for run in runs for seconds in run.colleague)
    p99 = colleague[min(round(len(colleague) * 0.99), len(colleague) - 1)]
    right = statistics.median(run.until_right for run in runs)
    usual = statistics.median(colleague)
    return (
        f"| {size} | {queries:.0f} | {publish * 1000:.0f} | {publish / first[0]:.1f}x "
        f"| {usual * 1000:.0f} ({alone * 1000:.0f} alone) | {p99 * 1000:.0f} "
        f"| {right:.1f} | {size / right:.0f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
