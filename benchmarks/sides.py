"""Starts what is compared, all on one machine and with two processes each."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import processes
from benchmarks.server import WORKERS, free_port, server
from devtools.proxies import DEPLOY, temporary_folders, varnish_bounds

VCL = DEPLOY / "varnish" / "perkeso-cms.vcl"

NGINX = """\
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 512; }}
http {{
    access_log off;
{temporary_folders}
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000000;
    open_file_cache max=20000;
    server {{
        listen 127.0.0.1:{port} backlog=2048;
        root {folder}/files;
        default_type application/json;
    }}
}}
"""


@dataclass(frozen=True)
class Side:
    """A server that runs."""

    name: str
    #: Whose addresses it has: "ours", "v2", "v3" or "files".
    api: str
    address: str
    parent: int
    #: Whether it keeps what it has served.
    keeps: bool = False

    @property
    def pids(self) -> list[int]:
        """Its processes that serve."""
        return processes(self.parent)


def find(program: str) -> str | None:
    """The path of a program."""
    return shutil.which(program) or shutil.which(f"/usr/sbin/{program}")


def wait_for(address: str, path: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}{path}"):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            pass
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}.")
        time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer.")


@contextlib.contextmanager
def started(command: Sequence[str], address: str, path: str, **more: str) -> Iterator[int]:
    """Run a command until the block ends; yields its process id when it answers."""
    process = subprocess.Popen(command, env=os.environ | more)
    try:
        wait_for(address, path, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[Side]:
    """nginx with the files of `folder`/files."""
    program = find("nginx")
    if program is None:
        raise RuntimeError("nginx is not installed; on Debian: apt-get install nginx")
    port = free_port()
    # As root, nginx would give up its rights and could not read the temporary folder.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX.format(
            folder=folder,
            temporary_folders=temporary_folders(folder),
            port=port,
            workers=WORKERS,
            user=user,
        ),
        encoding="utf-8",
    )
    address = f"http://127.0.0.1:{port}"
    command = [program, "-p", str(folder), "-c", str(configuration)]
    with started(
        command,
        address,
        "/",
    ) as pid:
        yield Side("nginx, files", "files", address, pid, keeps=True)


@contextlib.contextmanager
def delivery(name: str, megabytes: str) -> Iterator[Side]:
    """Delivery processes that keep so many megabytes of answers (empty: the default)."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "serve_delivery", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS)]
    path = "/api/v1/health/ready"
    with started(command, address, path, BENCHMARK_KEPT_MB=megabytes) as pid:
        yield Side(name, "ours", address, pid, keeps=megabytes != "0")


@contextlib.contextmanager
def gunicorn(name: str, api: str) -> Iterator[Side]:
    """The editors' kind of server, with our API or one of Wagtail's."""
    with server() as (pid, address):
        yield Side(name, api, address, pid)


@contextlib.contextmanager
def varnish(folder: Path, behind: Side) -> Iterator[Side]:
    """Varnish with the product's configuration in front of `behind`."""
    program = find("varnishd")
    if program is None:
        raise RuntimeError("varnishd is not installed; apt-get install varnish varnish-modules")
    port = free_port()
    vcl = folder / "perkeso-cms.vcl"
    text = VCL.read_text(encoding="utf-8")
    vcl.write_text(text.replace('"8082"', f'"{behind.address.rpartition(":")[2]}"'))
    command = [program, "-F", "-j", "none", "-n", str(folder / "varnish"), "-f", str(vcl)]
    command += ["-a", f"public=127.0.0.1:{port}", *varnish_bounds()]
    address = f"http://127.0.0.1:{port}"
    with started(command, address, "/api/v1/health/live") as pid:
        yield Side("Varnish", "ours", address, pid, keeps=True)


#: All sides by the name that the option --sides has.
NAMES = ("nginx", "delivery", "database", "server", "v2", "v3", "varnish")


def start(names: Sequence[str], folder: Path, kept_mb: str, stack: ExitStack) -> list[Side]:
    """Start the named sides until `stack` is closed; the files for nginx are in `folder`/files."""
    kept = stack.enter_context(delivery("delivery process", kept_mb))
    makers: dict[str, Callable[[], AbstractContextManager[Side]]] = {
        "nginx": lambda: nginx(folder),
        "delivery": lambda: contextlib.nullcontext(kept),
        "database": lambda: delivery("the same, without memory", "0"),
        "server": lambda: gunicorn("editors' server", "ours"),
        "v2": lambda: gunicorn("Wagtail API v2", "v2"),
        "v3": lambda: gunicorn("Wagtail API v3", "v3"),
        "varnish": lambda: varnish(folder, kept),
    }
    return [stack.enter_context(makers[name]()) for name in NAMES if name in names]
