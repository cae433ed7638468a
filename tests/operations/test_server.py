"""`make run` with real processes: first start, later starts, and every way to stop.

All tests share one data folder and one server, and only add data. A test that needs a server of its
own starts it on the same data.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.http import QueryDict

from tests.html_forms import forms_in
from tests.operations.programs import ROOT, environment, manage

# Timeouts in seconds. The first start migrates an empty database: a minute on two slow cores.
FIRST_START = 300
START = 90
END = 40

SERVE = ("serve", "--set-up")
FRONT_END = "https://front-end.example"


class Running:
    """A server process and its output so far."""

    def __init__(
        self, variables: dict[str, str], port: int, command: Sequence[str] = SERVE
    ) -> None:
        self.port = port
        self.root = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_until_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"The server exited:\n{self.output}"
            if "Profile as JSON" in self.output:
                return
            time.sleep(0.1)
        raise AssertionError(f"Not ready after {seconds} s:\n{self.output}")

    def workers(self, count: int) -> list[int]:
        """The process ids of the server's children, once there are `count`."""
        deadline = time.monotonic() + END
        while True:
            children = subprocess.run(
                ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
                capture_output=True,
                text=True,
                check=False,
            )
            pids = [int(pid) for pid in children.stdout.split()]
            if len(pids) == count:
                return pids
            assert time.monotonic() < deadline, pids
            time.sleep(0.1)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal to the server process only, wait, and return its exit status."""
        self.process.send_signal(number)
        status = self.process.wait(END)
        self._reader.join(END)
        return status

    def destroy(self) -> None:
        """Kill the whole process group if it still runs."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(END)
        self._reader.join(END)
        if self.process.stdout is not None:
            self.process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The servers' environment: a data folder, and a PostgreSQL database if the tests use one."""
    folder = tmp_path_factory.mktemp("data")
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        yield environment(folder, CORS_ORIGINS=FRONT_END)
        return
    name = f"perkeso_cms_server_{os.getpid()}"
    url = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    admin = psycopg2.connect(urllib.parse.urlunsplit(url._replace(path="/postgres")))
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield environment(
            folder,
            CORS_ORIGINS=FRONT_END,
            DATABASE_URL=urllib.parse.urlunsplit(url._replace(path=f"/{name}")),
        )
    finally:
        with admin.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.close()


@contextmanager
def running(
    variables: dict[str, str], seconds: float, command: Sequence[str] = SERVE, **more: str
) -> Iterator[Running]:
    port = free_port()
    server = Running(variables | {"PORT": str(port)} | more, port, command)
    try:
        server.wait_until_ready(seconds)
        yield server
    finally:
        server.destroy()


@pytest.fixture(scope="module")
def first(variables: dict[str, str]) -> Iterator[Running]:
    """The server after its first start."""
    with running(variables, FIRST_START) as server:
        yield server


def get(url: str, **headers: str) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers=headers)
    return urllib.request.urlopen(request, timeout=30)


def passwords(output: str) -> dict[str, str]:
    return dict(re.findall(r"^  (pegawai|penerbit|penterjemah|pentadbir) +(\S+)  ", output, re.M))


class Browser:
    """Keeps cookies and sends the token against forged requests, as a browser does."""

    def __init__(self, server: Running) -> None:
        self.root = server.root
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def page(self, path: str) -> str:
        self._page: str = self._opener.open(self.root + path, timeout=60).read().decode()
        return self._page

    def send(self, path: str, values: dict[str, str] | QueryDict) -> str:
        """Send a form of the page that was fetched last; returns where that leads to."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._page)
        assert token is not None
        data = QueryDict(mutable=True)
        data.update(values)
        data["csrfmiddlewaretoken"] = token[1]
        answer = self._opener.open(self.root + path, data.urlencode().encode(), timeout=60)
        return str(answer.url).removeprefix(self.root)

    def log_in(self, name: str, password: str) -> bool:
        self.page("/admin/login/")
        form = {"username": name, "password": password, "next": "/admin/"}
        return self.send("/admin/login/", form) == "/admin/"


def can_log_in(server: Running, name: str, password: str) -> bool:
    return Browser(server).log_in(name, password)


def test_the_first_start_reports_progress_and_urls(first):
    assert re.search(r"Applying \d+ migrations", first.output)
    assert "Collecting static files" in first.output
    assert f"{first.root}/admin/" in first.output
    assert f"{first.root}/api/v1/docs" in first.output
    assert f"{first.root}/api/v1/resolve?path=/ms/profil/" in first.output


def test_the_admin_is_served_with_its_styles_compressed_and_cached(first):
    page = get(f"{first.root}/admin/login/").read().decode()
    style = re.search(r'"(/static/[^"]+\.css)"', page)
    assert style is not None
    answer = get(first.root + style[1], **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_printed_accounts_can_log_in(first):
    accounts = passwords(first.output)
    assert set(accounts) == {"pegawai", "penerbit", "penterjemah", "pentadbir"}
    assert can_log_in(first, "penerbit", accounts["penerbit"])
    assert not can_log_in(first, "penerbit", accounts["pegawai"])


def test_connections_are_kept_alive(first):
    connection = http.client.HTTPConnection("127.0.0.1", first.port, timeout=30)
    try:
        for _ in range(3):
            connection.request("GET", "/admin/login/")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            assert connection.sock is not None
            local = connection.sock.getsockname()
        assert connection.sock.getsockname() == local
    finally:
        connection.close()


def test_the_api_itself_rejects_too_long_a_parameter(first):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        get(f"{first.root}/api/v1/acts?number={'4' * 10_000}")
    assert refusal.value.code == 400
    assert refusal.value.headers["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in json.load(refusal.value)["errors"]] == ["number"]


def test_an_unknown_host_is_refused(first):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        get(f"{first.root}/admin/login/", Host="evil.example")
    assert refusal.value.code == 400
    assert b"evil.example" not in refusal.value.read()


def exchange(server: Running, request: bytes) -> bytes:
    """Send `request` and read until the server closes the connection."""
    parts = []
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        # The server may refuse a long request and close before all of it is sent.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        with suppress(ConnectionResetError):
            while part := connection.recv(65_536):
                parts.append(part)
    return b"".join(parts)


def raw_get(target: bytes, *headers: bytes) -> bytes:
    lines = [b"GET " + target + b" HTTP/1.1", b"Host: 127.0.0.1", *headers, b"Connection: close"]
    return b"\r\n".join([*lines, b"", b""])


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(("length", "expected"), [(65_536, 400), (65_537, 414), (1_000_000, 414)])
def test_a_line_longer_than_any_api_call_is_refused_with_a_problem_document(
    first, length, expected
):
    origin = b"Origin: " + FRONT_END.encode()
    start = b"GET /api/v1/acts?number="
    value = b"4" * (length - len(start + b" HTTP/1.1"))
    request = raw_get(b"/api/v1/acts?number=" + value, origin)
    assert request.index(b"\r\n") == length
    answer = exchange(first, request)
    assert status(answer) == expected
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nContent-Type: application/problem+json\r\n" in head
    assert b"\r\nCache-Control: no-store\r\n" in head
    # The line of 1 MB is refused before its end, and the origin comes later.
    if length < 100_000:
        assert b"\r\nAccess-Control-Allow-Origin: " + FRONT_END.encode() in head
    problem = json.loads(body)
    assert problem["status"] == expected
    assert set(problem) == {"type", "title", "status", "detail", "errors"}


def test_outside_the_api_such_a_line_is_refused_in_plain_text(first):
    answer = exchange(first, raw_get(b"/admin/?" + b"4" * 70_000))
    assert status(answer) == 414
    assert b"\r\nContent-Type: text/plain" in answer
    assert b"65536 bytes" in answer


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        # The byte FF is never valid UTF-8.
        (b"/api/v1/resolve?path=%ff", 400),
        (b"/api/v1/resolve?path=%00", 400),
        (b"/api/v1/%ff%00", 404),
    ],
)
def test_the_api_responds_to_bytes_that_are_not_utf8(first, target, expected):
    answer = exchange(first, raw_get(target))
    assert status(answer) == expected
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("path", ["profil-é", "中文", "அகர"])
def test_a_path_reaches_the_application_as_it_was_sent(first, path):
    sent = urllib.parse.quote(f"/{path}/").encode()
    answer = exchange(first, raw_get(sent))
    assert status(answer) == 302
    assert b"\r\nlocation: /ms" + sent.lower() + b"\r\n" in answer.lower()


def test_pipelined_requests_are_all_answered(first):
    one = b"GET /api/v1/site HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer = exchange(first, one * 3 + raw_get(b"/api/v1/site"))
    assert answer.count(b"HTTP/1.1 200 ") == 4


def test_a_response_to_head_has_no_body(first):
    answer = exchange(first, raw_get(b"/admin/login/").replace(b"GET", b"HEAD", 1))
    assert status(answer) == 200
    assert answer.endswith(b"\r\n\r\n")
    assert answer.count(b"\r\n\r\n") == 1


def test_a_non_ascii_cookie_does_not_lose_the_others(first):
    """A cookie of another system in the same domain must not lock its owner out of the admin."""
    token = b"a" * 32
    form = b"csrfmiddlewaretoken=" + token + b"&username=nobody&password=wrong"
    head = raw_get(
        b"/admin/login/",
        b"Cookie: csrftoken=" + token + "; nama=é".encode(),
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: %d" % len(form),
    )
    answer = exchange(first, head.replace(b"GET", b"POST", 1) + form)
    # The form is shown again; without its cookie it would be refused with 403.
    assert status(answer) == 200


@pytest.mark.any_database
@pytest.mark.usefixtures("first")
def test_only_the_header_of_the_proxy_marks_a_request_as_https(variables):
    """WSGI gives `X_Forwarded_Proto` the same name, and a proxy would let that header through."""
    production = {
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "SECRET_KEY": "only-for-this-test-" + "0123456789abcdefghijklmnopqrstuv" * 2,
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS_PROXY": "yes",
    }
    # No set-up: in production it would lock the demo accounts that other tests use.
    with running(variables, START, ["serve"], **production) as server:

        def answered(*headers: bytes) -> int:
            return status(exchange(server, raw_get(b"/admin/login/", *headers)))

        by_http, by_https = b"X-Forwarded-Proto: http", b"X-Forwarded-Proto: https"
        alias = b"X_Forwarded_Proto: https"
        assert answered(by_https) == 200
        assert answered(by_http) == 301
        assert answered(alias) == 301
        assert answered(by_http, alias) == 301
        assert answered(alias, by_http) == 301


@pytest.mark.any_database
def test_a_busy_port_is_reported_in_one_sentence(first, variables):
    server = Running(variables | {"PORT": str(first.port)}, first.port)
    try:
        assert server.process.wait(START) == 1
    finally:
        server.destroy()
    assert server.lines == [
        f"CommandError: Port {first.port} on 127.0.0.1 is in use; "
        "stop the program that uses it, or set PORT."
    ]


def shell(variables: dict[str, str], code: str) -> str:
    """Run `code` in the servers' project and return the last line printed."""
    answer = manage("shell", "--no-imports", "-v0", "-c", code, **as_arguments(variables))
    assert answer.returncode == 0, answer.stderr
    # Log lines may precede it.
    return answer.stdout.splitlines()[-1]


def as_arguments(variables: dict[str, str]) -> dict[str, object]:
    return {
        "data_folder": Path(variables["DATA_DIR"]),
        **{name: variables[name] for name in ("DATABASE_URL",) if name in variables},
    }


def copied(variables: dict[str, str], folder: Path) -> dict[str, str]:
    """The environment of the same installation in another folder.

    Its scheduler has a lock of its own, so it does not wait for the running server's next minute.
    """
    original = Path(variables["DATA_DIR"])
    shutil.copytree(original, folder, ignore=shutil.ignore_patterns("cms.sqlite3*"))
    if "DATABASE_URL" not in variables:
        with (
            closing(sqlite3.connect(original / "cms.sqlite3")) as source,
            closing(sqlite3.connect(folder / "cms.sqlite3")) as target,
        ):
            source.backup(target)
    return variables | {"DATA_DIR": str(folder)}


def is_live(variables: dict[str, str], pk: int) -> bool:
    """Read from the database itself: a process of the project takes seconds."""
    if url := variables.get("DATABASE_URL"):
        connection = psycopg2.connect(url)
    else:
        connection = sqlite3.connect(Path(variables["DATA_DIR"]) / "cms.sqlite3")
    with closing(connection), closing(connection.cursor()) as cursor:
        cursor.execute(f"SELECT live FROM wagtailcore_page WHERE id = {pk}")
        (live,) = cursor.fetchone()
    return bool(live)


SCHEDULE = """
from datetime import timedelta
from django.utils import timezone
from wagtail.models import Page
page = Page.get_first_root_node().add_child(instance=Page(title="Due", live=False))
page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
print(page.pk)
"""


@pytest.mark.usefixtures("first")
def test_a_later_start_is_quiet_keeps_passwords_and_publishes_due_pages(variables, first, tmp_path):
    variables = copied(variables, tmp_path / "data")
    pk = int(shell(variables, SCHEDULE))
    with running(variables, START) as second:
        assert "Applying" not in second.output
        assert "Collecting" not in second.output
        assert passwords(second.output) == {}
        name, password = next(iter(passwords(first.output).items()))
        assert can_log_in(second, name, password)
        deadline = time.monotonic() + 75
        while not is_live(variables, pk):
            assert time.monotonic() < deadline, second.output
            time.sleep(0.5)


PUBLISH = """
from cms.snippets.models import Act
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale
malay = Locale.objects.get(language_code="ms")
act, _ = Act.objects.get_or_create(number=999, year=2000, slug="akta-ingatan", locale=malay)
act.title = "{title}"
act.save_revision().publish()
print(act.translation_key, AdminURLFinder().get_edit_url(act))
"""


def given_from_memory(server: Running) -> int:
    """How many requests the server's processes have answered from memory, by the metrics."""
    text = get(f"{server.root}/metrics").read().decode()
    found = re.search(r'^delivery_kept_answers_total{outcome="fresh"} (\d+)', text, re.M)
    return int(found[1]) if found else 0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + END
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_api_is_answered_from_a_memory_that_follows_every_publish(variables, first):
    key, edit = shell(variables, PUBLISH.format(title="Akta ingatan")).split()
    with running(variables, START, METRICS_PATH="/metrics") as server:

        def shows(title: str) -> bool:
            return title in get(f"{server.root}/api/v1/acts/{key}?locale=ms").read().decode()

        def is_kept(title: str) -> bool:
            before = given_from_memory(server)
            return shows(title) and given_from_memory(server) == before + 1

        wait_until(lambda: is_kept("Akta ingatan"))
        officer = Browser(server)
        assert officer.log_in("pentadbir", passwords(first.output)["pentadbir"])
        [form] = [form for form in forms_in(officer.page(edit)) if form.id == "w-editor-form"]
        form.values.update({"title": "Akta proses sendiri", "action-publish": "x"})
        officer.send(edit, form.values)
        wait_until(lambda: is_kept("Akta proses sendiri"))
        shell(variables, PUBLISH.format(title="Akta proses lain"))
        wait_until(lambda: is_kept("Akta proses lain"))


@pytest.mark.any_database
@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_and_leaves_no_process(variables, number):
    with running(variables, START, WORKERS="2") as server:
        workers = server.workers(2)
        get(f"{server.root}/admin/login/").read()
        assert server.end(number) == 0
        assert not any(is_running(pid) for pid in workers)
        assert "Traceback" not in server.output


@pytest.mark.usefixtures("first")
def test_after_sigkill_no_process_is_left_and_it_starts_again(variables):
    with running(variables, START) as server:
        (worker,) = server.workers(1)
        server.end(signal.SIGKILL)
        deadline = time.monotonic() + END
        while is_running(worker):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    with running(variables, START) as again:
        assert get(f"{again.root}/admin/login/").status == 200
