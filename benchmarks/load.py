"""Runs wrk and measures the server's memory and processor time."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


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


def run_wrk(url: str, connections: int, seconds: int) -> Load:
    """Request `url` over `connections` keep-alive connections for `seconds`."""
    # wrk counts responses slower than its timeout (2 s by default) as errors.
    options = ["-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "60s"]
    command = ["wrk", *options, "--latency", url]
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


def memory_peak(parent: int) -> float:
    """The peak memory of any worker, in MiB."""
    peaks = []
    for pid in processes(parent):
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        peaks.append(int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)[1]))  # type: ignore[index]
    return max(peaks, default=0) / 1024


def processor_seconds(parent: int) -> float:
    """Processor time used by the workers so far, in seconds."""
    total = 0
    for pid in processes(parent):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / 100
