"""Measuring both sides of each case, and the table of it."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.cases import Case
from benchmarks.load import Load, memory_peak, processor_seconds, run_wrk
from benchmarks.server import WORKERS, server

#: How often each side is measured, in turns; odd.
ROUNDS = 3
#: Seconds for which a server works before it is measured.
WARM_UP = 2


@dataclass(frozen=True)
class Side:
    """What one side did in one case: the middle one of its runs."""

    loads: dict[int, Load]
    size: int
    queries: int
    memory: float
    processor: float


def _queries(path: str) -> int:
    client = Client(HTTP_HOST="127.0.0.1")
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}: {response.content[:500]!r}")
    return len(captured)


class Measurement:
    """One side of a case while it is measured; its server is warm from the beginning."""

    def __init__(self, path: str, queries: int, pid: int, address: str) -> None:
        self.queries = queries
        self.pid = pid
        self.url = address + path
        self.requests = 0.0
        self.runs: dict[int, list[Load]] = {}
        with urllib.request.urlopen(self.url) as answer:
            self.size = len(answer.read())
        run_wrk(self.url, 16, WARM_UP)
        self.begun = processor_seconds(pid)

    def run(self, connections: int, seconds: int) -> None:
        load = run_wrk(self.url, connections, seconds)
        if load.failures:
            raise RuntimeError(f"{self.url}: not every answer was a success: {load}")
        self.runs.setdefault(connections, []).append(load)
        self.requests += load.rate * seconds

    def result(self) -> Side:
        """Of an odd number of runs the one in the middle: these machines are noisy."""
        middle = {
            count: sorted(loads, key=lambda load: load.rate)[len(loads) // 2]
            for count, loads in self.runs.items()
        }
        processor = (processor_seconds(self.pid) - self.begun) / max(self.requests, 1) * 1000
        return Side(middle, self.size, self.queries, memory_peak(self.pid), processor)


def _measure(case: Case, connections: list[int], seconds: int) -> tuple[Side, Side]:
    """Ours and the stock side, in turns, each with a server of its own."""
    queries = (_queries(case.ours), _queries(case.stock))
    with server() as our_server, server() as stock_server:
        ours = Measurement(case.ours, queries[0], *our_server)
        stock = Measurement(case.stock, queries[1], *stock_server)
        for _ in range(ROUNDS):
            for count in connections:
                for side in (ours, stock):
                    side.run(count, seconds)
        return ours.result(), stock.result()


def report(all_cases: list[Case], connections: list[int], seconds: int) -> int:
    """Print the table; 0 where every goal was reached, 1 where not."""
    print(
        f"{connection.vendor}, gunicorn with {WORKERS} workers, no cache; the middle one of "
        f"{ROUNDS} runs of {seconds} s\n"
    )
    columns = ["case", "side", "conns", "req/s", "p50 ms", "p99 ms", "bytes", "queries"]
    columns += ["CPU ms/req", "MiB", "ratio"]
    header = f"| {' | '.join(columns)} |"
    print(header)
    print("|" + "---|" * (header.count("|") - 1))
    missed = []
    for case in all_cases:
        ours, stock = _measure(case, connections, seconds)
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
