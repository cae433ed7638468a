"""Starts nginx and Varnish with the files of `deploy/`; only ports and folders are replaced."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.proxies import DEPLOY, temporary_folders, varnish_bounds

HOST = "cms.example.org"
LONG = 30
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so")

MAIN = """\
{module}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
{temporary_folders}
    include {folder}/conf.d/*.conf;
}}
"""


def program(*names: str) -> str:
    """The path of a program; skips the test without it."""
    for name in names:
        if found := shutil.which(name) or shutil.which(f"/usr/sbin/{name}"):
            return found
    pytest.skip(f"no {names[0]}: install the package {names[0]}")


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def replaced(file: Path, replacements: dict[str, str]) -> str:
    """The text of a file of `deploy/`; each old text must be in it."""
    text = file.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new)
    return text


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    deadline = time.monotonic() + LONG
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        said = log.read_text(encoding="utf-8") if log and log.exists() else ""
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.05)


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill `process`, a session leader, and what it has started, after the block."""
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(LONG)


def make_certificate(folder: Path) -> None:
    """A key, and a certificate that it signs itself."""
    subprocess.run(
        [
            *(program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt"),
            *("ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )


@contextlib.contextmanager
def nginx(
    folder: Path,
    cache: str,
    *,
    http: int,
    https: int,
    compressor: int,
    kept_at: int,
    server: int,
    delivery: int,
) -> Iterator[None]:
    """Run nginx with `cache` in front of processes on these ports until the block ends."""
    executable = program("nginx")
    for name in ("conf.d", "perkeso-cms", "cache"):
        (folder / name).mkdir(parents=True)
    make_certificate(folder)
    main = replaced(
        DEPLOY / "nginx" / "perkeso-cms.conf",
        {
            "listen 80": f"listen 127.0.0.1:{http}",
            "listen 443": f"listen 127.0.0.1:{https}",
            "127.0.0.1:8082": f"127.0.0.1:{compressor}",
            "127.0.0.1:8000": f"127.0.0.1:{server}",
            "127.0.0.1:8001": f"127.0.0.1:{delivery}",
            "/etc/ssl/perkeso-cms": str(folder),
        },
    )
    (folder / "conf.d" / "perkeso-cms.conf").write_text(main)
    ports = {
        "cache-nginx.conf": {
            "127.0.0.1:8082": f"127.0.0.1:{kept_at}",
            "/var/cache/nginx/perkeso-cms": str(folder / "cache"),
        },
        "cache-varnish.conf": {"127.0.0.1:6081": f"127.0.0.1:{kept_at}"},
    }
    (folder / "conf.d" / cache).write_text(replaced(DEPLOY / "nginx" / cache, ports[cache]))
    if BROTLI.exists():
        shutil.copy(DEPLOY / "nginx" / "brotli.conf", folder / "perkeso-cms")
    module = f"load_module {BROTLI};" if BROTLI.exists() else ""
    configuration = folder / "nginx.conf"
    # The folders of the tests are closed to others, so the processes keep the user.
    module += f"user {folder.owner()};"
    configuration.write_text(
        MAIN.format(folder=folder, temporary_folders=temporary_folders(folder), module=module)
    )
    process = subprocess.Popen(
        [executable, "-p", folder, "-c", configuration], start_new_session=True
    )
    with ended(process):
        wait_for_port(https, process, folder / "error.log")
        yield


@contextlib.contextmanager
def varnish(folder: Path, *, public: int, purge: int, compressor: int) -> Iterator[None]:
    """Run Varnish in front of the compressor until the block ends."""
    executable = program("varnishd", "varnish")
    folder.mkdir()
    vcl = folder / "perkeso-cms.vcl"
    vcl.write_text(
        replaced(
            DEPLOY / "varnish" / "perkeso-cms.vcl", {'.port = "8082"': f'.port = "{compressor}"'}
        )
    )
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(executable, "-F", "-j", "none", "-n", folder / "work", "-f", vcl),
                *("-a", f"public=127.0.0.1:{public}", "-a", f"purge=127.0.0.1:{purge}"),
                *varnish_bounds(),
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with ended(process):
        wait_for_port(public, process, log)
        yield
