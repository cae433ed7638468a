"""Measures all sides of each case, in alternation, and prints the tables."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cases import MOST_MEMORY, SLOWEST, TIMES_STOCK, Case
from benchmarks.load import Load, Memory, largest, processor_seconds, run_wrk
from benchmarks.sides import Side

#: Seconds of load before a side is measured: with one address, and with many, which each process is
#: to have served once.
WARM_UP, LONG_WARM_UP = 2, 10
DELIVERY, DATABASE, FILES, STOCK = (
    "delivery process",
    "the same, without memory",
    "nginx, files",
    "Wagtail API v2",
)


def write_files(cases: Sequence[Case], address: str, folder: Path) -> None:
    """Write our responses as files for nginx, numbered within each case."""
    for number, case in enumerate(cases):
        (folder / str(number)).mkdir(parents=True)
        for index, path in enumerate(case.ours):
            with urllib.request.urlopen(address + path) as response:
                (folder / str(number) / str(index)).write_bytes(response.read())


@dataclass
class Measurement:
    """One side of a case while it is measured."""

    side: Side
    paths: list[str]
    is_conditional: bool
    runs: dict[int, list[Load]] = field(default_factory=dict)
    requests: float = 0
    processor: float = 0
    size: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Look at one response, and serve each address once where responses are kept."""
        for path in self.paths:
            with urllib.request.urlopen(self.side.address + path) as response:
                self.size = len(response.read())
                if self.is_conditional:
                    self.headers = {"If-None-Match": response.headers["ETag"]}
            if not self.side.keeps:
                break
        if self.is_conditional:
            self.size = 0
            request = urllib.request.Request(
                self.side.address + self.paths[0], headers=self.headers
            )
            try:
                urllib.request.urlopen(request)
            except urllib.error.HTTPError as found:
                if found.code != 304:
                    raise
            else:
                raise RuntimeError(f"{self.side.name} does not know its own ETag.")
        self._wrk(16, LONG_WARM_UP if self.side.keeps and len(self.paths) > 1 else WARM_UP)

    def run(self, connections: int, seconds: int) -> None:
        """Measure one run."""
        begin = processor_seconds(self.side.pids)
        load = self._wrk(connections, seconds)
        if load.failures:
            raise RuntimeError(f"{self.side.name}: not every response was a success: {load}")
        self.processor += processor_seconds(self.side.pids) - begin
        self.requests += load.rate * seconds
        self.runs.setdefault(connections, []).append(load)

    def _wrk(self, connections: int, seconds: int) -> Load:
        paths = self.paths if len(self.paths) > 1 else []
        url = self.side.address + self.paths[0]
        return run_wrk(url, connections, seconds, paths, self.headers)

    def median(self, connections: int) -> Load:
        """The median run, because shared machines are noisy."""
        loads = sorted(self.runs[connections], key=lambda load: load.rate)
        return loads[len(loads) // 2]

    @property
    def milliseconds(self) -> float:
        """Processor time for a request."""
        return self.processor / max(self.requests, 1) * 1000


def report(
    cases: Sequence[Case],
    sides: Sequence[Side],
    connections: Sequence[int],
    seconds: int,
    rounds: int,
) -> int:
    """Print the tables; returns 0 if every goal was reached, else 1."""
    print(
        "| case | conns | side | req/s | to nginx | to v2 | p50 ms | p99 ms | p99 to nginx ", end=""
    )
    print("| CPU ms/req | bytes |\n|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    missed: list[str] = []
    for number, case in enumerate(cases):
        measured = measure(number, case, sides, connections, seconds, rounds)
        for count in connections:
            missed += print_rows(case, count, measured)
    print("\n| side | processes | RSS MiB | PSS MiB |\n|---|---|---|---|")
    for side in sides:
        memory: Memory = largest(side.pids)
        print(
            f"| {side.name} | {len(side.pids)} | {memory.resident:.0f} "
            f"| {memory.proportional:.0f} |"
        )
        if side.name == DELIVERY and memory.resident >= MOST_MEMORY:
            missed.append(f"{memory.resident:.0f} MiB a process, goal under {MOST_MEMORY}")
    for line in missed:
        print(f"\nMissed: {line}")
    return 1 if missed else 0


def measure(
    number: int,
    case: Case,
    sides: Sequence[Side],
    connections: Sequence[int],
    seconds: int,
    rounds: int,
) -> dict[str, Measurement]:
    """Measure all sides that have such a request, in alternation."""
    measured = {}
    for side in sides:
        paths = case.addresses(side.api)
        if side.api == "files":
            paths = [f"/{number}/{index}" for index in range(len(case.ours))]
        if paths:
            measured[side.name] = Measurement(side, paths, case.is_conditional)
            measured[side.name].prepare()
    for _ in range(rounds):
        for count in connections:
            for each in measured.values():
                each.run(count, seconds)
                # What is left of one side does not load the machine under the next.
                time.sleep(0.1)
    return measured


def print_rows(case: Case, count: int, measured: dict[str, Measurement]) -> list[str]:
    """Print the rows of a case; returns what was missed."""
    loads = {name: each.median(count) for name, each in measured.items()}
    files, stock = loads.get(FILES), loads.get(STOCK)
    missed = []
    for name, load in loads.items():
        to_files = f"{load.rate / files.rate:.2f}" if files else ""
        to_stock = f"{load.rate / stock.rate:.0f}x" if stock else ""
        slower = f"{load.p99 / files.p99:.1f}x" if files else ""
        each = measured[name]
        print(
            f"| {case.name} | {count} | {name} | {load.rate:,.0f} | {to_files} | {to_stock} "
            f"| {load.p50:.2f} | {load.p99:.2f} | {slower} | {each.milliseconds:.3f} "
            f"| {each.size} |",
            flush=True,
        )
    at = f"{case.name} at {count}"
    ours, read = loads.get(DELIVERY), loads.get(DATABASE)
    if ours and files and ours.rate / files.rate < case.goal:
        missed.append(f"{at}: {ours.rate / files.rate:.2f} of nginx, goal {case.goal:.2f}")
    if ours and files and count == 16 and ours.p99 > SLOWEST * files.p99:
        missed.append(f"{at}: p99 {ours.p99 / files.p99:.1f} times nginx's, goal {SLOWEST}")
    if read and stock and read.rate / stock.rate < TIMES_STOCK:
        missed.append(f"{at}: {read.rate / stock.rate:.0f} times v2, goal {TIMES_STOCK}")
    return missed
