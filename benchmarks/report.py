"""Measuring both sides of each case, and the table of it."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.__main__ import WORKERS, Case, server
from benchmarks.content import make_content
from benchmarks.load import Load, memory_peak, processor_seconds, run_wrk
from cms.pages.models import ProfilePage, StandardPage


@dataclass(frozen=True)
class Side:
    """What one side did in one case."""

    loads: dict[int, Load]
    size: int
    queries: int
    memory: float
    processor: float


def cases() -> list[Case]:
    """The content to serve, made if it is not there, and where each side has it."""
    make_content()
    profile = ProfilePage.objects.get(locale__language_code="ms")
    type_name = StandardPage._meta.label
    return [
        Case(
            "profile",
            f"/api/v1/pages/{profile.translation_key}?locale=ms",
            f"/stock/pages/{profile.pk}/",
            25,
        ),
        Case(
            "profile by path",
            "/api/v1/resolve?path=/ms/profil/",
            f"/stock/pages/?type={ProfilePage._meta.label}&slug=profil&locale=ms&fields=*",
            None,
        ),
        Case(
            "list of 20",
            "/api/v1/pages?type=standard_page&locale=ms&limit=20",
            f"/stock/pages/?type={type_name}&locale=ms&limit=20&fields=summary,social_image",
            15,
        ),
        Case(
            "list of 20, all fields",
            "/api/v1/pages?type=standard_page&locale=ms&limit=20",
            f"/stock/pages/?type={type_name}&locale=ms&limit=20&fields=*",
            None,
        ),
    ]


def _queries(path: str) -> int:
    client = Client(HTTP_HOST="127.0.0.1")
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}: {response.content[:500]!r}")
    return len(captured)


def _measure(path: str, connections: list[int], seconds: int) -> Side:
    queries = _queries(path)
    with server() as (pid, address):
        url = address + path
        for _ in range(20):
            with urllib.request.urlopen(url) as answer:
                size = len(answer.read())
        before = processor_seconds(pid)
        loads = {count: run_wrk(url, count, seconds) for count in connections}
        requests = sum(load.rate * seconds for load in loads.values())
        processor = (processor_seconds(pid) - before) / max(requests, 1) * 1000
        memory = memory_peak(pid)
    if any(load.failures for load in loads.values()):
        raise RuntimeError(f"{path}: not every answer was a success: {loads}")
    return Side(loads, size, queries, memory, processor)


def report(all_cases: list[Case], connections: list[int], seconds: int) -> int:
    """Print the table; 0 where every goal was reached, 1 where not."""
    print(f"{connection.vendor}, gunicorn with {WORKERS} workers, {seconds} s a run, no cache\n")
    columns = ["case", "side", "conns", "req/s", "p50 ms", "p99 ms", "bytes", "queries"]
    columns += ["CPU ms/req", "MiB", "ratio"]
    header = f"| {' | '.join(columns)} |"
    print(header)
    print("|" + "---|" * (header.count("|") - 1))
    missed = []
    for case in all_cases:
        ours = _measure(case.ours, connections, seconds)
        stock = _measure(case.stock, connections, seconds)
        for count in connections:
            ratio = ours.loads[count].rate / stock.loads[count].rate
            for name, side in (("ours", ours), ("stock v2", stock)):
                load = side.loads[count]
                print(
                    f"| {case.name} | {name} | {count} | {load.rate:.0f} | {load.p50:.1f} "
                    f"| {load.p99:.1f} | {side.size} | {side.queries} | {side.processor:.2f} "
                    f"| {side.memory:.0f} | {f'{ratio:.1f}x' if side is ours else '1'} |"
                )
            if case.goal and ratio < case.goal:
                missed.append(f"{case.name} at {count}: {ratio:.1f}x, to reach {case.goal:.0f}x")
    for line in missed:
        print(f"\nNot reached: {line}")
    return 1 if missed else 0
