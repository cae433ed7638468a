"""Runs wrk and measures the memory and processor time of servers."""

from __future__ import annotations

import contextlib
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
#: Asks for the addresses of a file in random order. They are written out before the first request.
RANDOM_ADDRESSES = """\
local requests = {}
init = function(arguments)
    for line in io.lines(arguments[1]) do
        requests[#requests + 1] = wrk.format("GET", line)
    end
end
request = function()
    return requests[math.random(#requests)]
end
"""


@dataclass(frozen=True)
class Load:
    """One run: requests per second, latencies in milliseconds, and non-2xx responses."""

    rate: float
    p50: float
    p99: float
    failures: int


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


def run_wrk(
    url: str,
    connections: int,
    seconds: int,
    paths: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Load:
    """Request `url` over `connections` keep-alive connections for `seconds`.

    With `paths`, these are requested from its host, in random order.
    """
    # wrk counts responses slower than its timeout (2 s by default) as errors.
    options = ["-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "60s"]
    for name, value in (headers or {}).items():
        options += ["-H", f"{name}: {value}"]
    with tempfile.TemporaryDirectory(prefix="perkeso-cms-wrk-") as folder:
        script, addresses = Path(folder, "random.lua"), Path(folder, "addresses")
        arguments: list[str] = []
        if paths:
            script.write_text(RANDOM_ADDRESSES, encoding="utf-8")
            addresses.write_text("\n".join(paths), encoding="utf-8")
            options += ["-s", str(script)]
            arguments = ["--", str(addresses)]
        command = ["wrk", *options, "--latency", url, *arguments]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    percentiles = dict(re.findall(r"^\s+(50|99)%\s+([\d.]+\w+)\s*$", text, re.MULTILINE))
    rate = re.search(r"^Requests/sec:\s+([\d.]+)$", text, re.MULTILINE)
    failures = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if rate is None or len(percentiles) < 2:
        raise RuntimeError(f"Unexpected output of wrk:\n{text}")
    return Load(
        rate=float(rate[1]),
        p50=_milliseconds(percentiles["50"]),
        p99=_milliseconds(percentiles["99"]),
        failures=int(failures[1]) if failures else 0,
    )


def processes(parent: int) -> list[int]:
    """The process ids of a server's workers."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(pid) for pid in children.split()]


@dataclass(frozen=True)
class Memory:
    """What one process takes, in MiB: with what it shares, and with its part of that."""

    resident: float
    proportional: float


def largest(pids: Iterable[int]) -> Memory:
    """The memory of the process that takes the most."""
    found = [Memory(0, 0)]
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            sizes = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB$", rollup, re.MULTILINE))
            found.append(Memory(int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024))
    return max(found, key=lambda each: each.resident)


def processor_seconds(pids: Iterable[int]) -> float:
    """Processor time used by these processes so far, in seconds."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / 100
