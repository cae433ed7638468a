"""Measures both sides of each case and prints the table."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.cases import Case
from benchmarks.load import Load, memory_peak, processor_seconds, run_wrk
from benchmarks.server import WORKERS, server

#: Runs per side, alternating; odd, so there is a median.
ROUNDS = 3
#: Seconds of load before a server is measured.
WARM_UP = 2


@dataclass(frozen=True)
class Side:
    """The result of one side in one case: its median run."""

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
        raise RuntimeError(f"{path} returned {response.status_code}: {response.content[:500]!r}")
    return len(captured)


class Measurement:
    """One side of a case while it is measured; starts with a warm-up."""

    def __init__(self, path: str, queries: int, pid: int, address: str) -> None:
        self.queries = queries
        self.pid = pid
        self.url = address + path
        self.requests = 0.0
        self.runs: dict[int, list[Load]] = {}
        with urllib.request.urlopen(self.url) as response:
            self.size = len(response.read())
        run_wrk(self.url, 16, WARM_UP)
        self.begun = processor_seconds(pid)

    def run(self, connections: int, seconds: int) -> None:
        load = run_wrk(self.url, connections, seconds)
        if load.failures:
            raise RuntimeError(f"{self.url}: not every response was a success: {load}")
        self.runs.setdefault(connections, []).append(load)
        self.requests += load.rate * seconds

    def result(self) -> Side:
        """The median run, because shared machines are noisy."""
        middle = {
            count: sorted(loads, key=lambda load: load.rate)[len(loads) // 2]
            for count, loads in self.runs.items()
        }
        processor = (processor_seconds(self.pid) - self.begun) / max(self.requests, 1) * 1000
        return Side(middle, self.size, self.queries, memory_peak(self.pid), processor)


def _measure(case: Case, connections: list[int], seconds: int) -> tuple[Side, Side]:
    """Our side and the stock side, in alternation, each with its own server."""
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
    """Print the table; returns 0 if every goal was reached, else 1."""
    print(
        f"{connection.vendor}, gunicorn with {WORKERS} workers, no cache; median of "
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
                missed.append(f"{case.name} at {count}: {ratio:.1f}x, goal {case.goal:.0f}x")
    for line in missed:
        print(f"\nMissed: {line}")
    return 1 if missed else 0
