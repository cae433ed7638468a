"""How much log-ins slow the delivery API down: make bench ARGS="logins" [--seconds N]

Clients with wrong passwords call one server with the gate of `cms.login` and one without, on the
same database in one run. wrk asks each server for one document meanwhile. The printed ratio is the
median time of a response with the log-ins to the one without them. Requires wrk on the path.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode, urlsplit

from benchmarks.load import Load, run_wrk
from benchmarks.project import set_up
from benchmarks.server import server

CLIENTS = 16
#: Connections that read from the API.
READERS = 4
THREADS = 8
DOCUMENT = "/api/v1/resolve?path=/ms/profil/"
TOKEN = "a" * 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print both sides; returns 2 without wrk."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.logins", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    seconds = parser.parse_args(arguments).seconds
    if shutil.which("wrk") is None:
        print("wrk is not installed; on Debian: apt-get install wrk", file=sys.stderr)
        return 2
    # No account or address may be locked out.
    with set_up(LOGIN_FAILURES="1000000", LOGIN_FAILURES_PER_ADDRESS="1000000"):
        from benchmarks.content import make_content

        make_content(pages=0)
        for name, without in (("with the gate", ""), ("without the gate", "yes")):
            os.environ["BENCHMARK_WITHOUT_LOGIN_GATE"] = without
            with server(workers=1, threads=THREADS) as (_process, address):
                print(describe(name, address, seconds), flush=True)
    return 0


def describe(name: str, address: str, seconds: int) -> str:
    """One side's times, and how the attempts were answered."""
    alone = run_wrk(address + DOCUMENT, READERS, seconds)
    with attempts(address) as answers:
        busy = run_wrk(address + DOCUMENT, READERS, seconds)
    ratio = f"{busy.p50 / alone.p50:.1f}" if busy.rate else "infinite"
    return (
        f"{name}: {_times(alone)} alone, {_times(busy)} with {CLIENTS} clients that log in; "
        f"ratio {ratio}; log-ins by status {dict(answers)}"
    )


def _times(load: Load) -> str:
    if not load.rate:
        return "no response at all"
    return f"p50 {load.p50:.1f} ms, p99 {load.p99:.0f} ms"


@contextlib.contextmanager
def attempts(address: str) -> Iterator[Counter[int]]:
    """Log in with wrong passwords without a pause until the block ends; counts the answers."""
    answers: Counter[int] = Counter()
    ended = threading.Event()
    clients = [
        threading.Thread(target=_attempt, args=(address, number, answers, ended))
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        yield answers
    finally:
        ended.set()
        for client in clients:
            client.join()


def _attempt(address: str, number: int, answers: Counter[int], ended: threading.Event) -> None:
    form = {"csrfmiddlewaretoken": TOKEN, "username": f"client{number}", "password": "wrong"}
    headers = {
        "Cookie": f"csrftoken={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    while not ended.is_set():
        connection.request("POST", "/admin/login/", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        answers[answer.status] += 1
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
