"""A client in another process follows `/changes` while others are killed, and the database too."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import InterfaceError, OperationalError, connection
from wagtail.models import Site

from cms.pages.models import HomePage, StandardPage
from tests.factories import HomePageFactory, StandardPageFactory
from tests.publishing.own_cluster import Cluster, free_port, own_cluster
from tests.publishing.processes import in_process, outcome
from wagtail_delivery.extending import verify
from wagtail_delivery.models import Change, PublishedDocument

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Needs a database server for two processes; SQLite's test database is in memory.",
    ),
]
PUBLISHERS = 50 if os.environ.get("NIGHTLY") == "1" else 6
#: Seconds in which publishers are killed and started again.
KILLING = 60.0 if os.environ.get("NIGHTLY") == "1" else 12.0


@pytest.fixture(autouse=True)
def home() -> HomePage:
    """Only pages of a site are public."""
    page = HomePageFactory()
    Site.objects.create(hostname="localhost", port=80, is_default_site=True, root_page=page)
    return page


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True


class _Handler(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def serve(port: int) -> int:
    """Serve the API in a new process; returns its process id."""
    return in_process(
        lambda: make_server(
            "127.0.0.1", port, WSGIHandler(), server_class=_Server, handler_class=_Handler
        ).serve_forever()
    )


def publish_at_random(seed: int, page_id: int) -> None:
    """Edit, move and withdraw one page again and again; a database that is away delays it."""
    chance = random.Random(seed)
    for number in range(100_000):
        try:
            edit_at_random(chance, page_id, f"{seed}-{number}")
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)


def edit_at_random(chance: random.Random, page_id: int, name: str) -> None:
    page = StandardPage.objects.get(pk=page_id)
    if page.live and chance.random() < 0.3:
        page.unpublish()
        return
    page.title = f"Halaman {name}"
    if chance.random() < 0.3:
        page.slug = f"halaman-{page_id}-{name}"
    page.save_revision().publish()


class Client:
    """Mirrors the content over HTTP, and writes down all that it was told."""

    def __init__(self, api: str, done: Path) -> None:
        self.api = api
        self.done = done
        self.documents: dict[str, Any] = {}
        self.sequences: list[int] = []
        self.cursor = "0-0"

    def get(self, path: str, **query: Any) -> Any:
        """The response, however often the server is killed meanwhile; None for 404."""
        while True:
            try:
                with urlopen(f"{self.api}{path}?{urlencode(query)}", timeout=60) as response:
                    return json.load(response)
            except URLError as error:
                if isinstance(error, HTTPError) and error.code == 404:
                    return None
                if isinstance(error, HTTPError) and error.code != 503:
                    error.add_note(f"{path}: {error.read().decode()}")
                    raise
            except (OSError, ValueError, HTTPException):  # killed while it answered
                pass
            time.sleep(0.05)

    def mirror(self) -> None:
        """Follow until the test is done and nothing is left."""
        while True:
            is_done = self.done.exists()
            part = self.get("/changes", after=self.cursor, limit=7, wait=1)
            for change in part["items"]:
                self.sequences.append(change["sequence"])
                if change["collection"] == "pages":
                    self.follow(change)
            self.cursor = part["next"]
            if is_done and not part["items"]:
                return

    def follow(self, change: Any) -> None:
        self.documents.pop(change["id"], None)
        if change["action"] == "upsert":
            floor = change["sequence"]
            found = self.get(f"/pages/{change['id']}", locale=change["locale"], at_least=floor)
            if found is not None:
                self.documents[change["id"]] = found


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def cluster(home: HomePage) -> Iterator[Cluster]:
    """A server of the test's own, with a copy of its database, which the test then uses."""
    with own_cluster() as found:
        yield found


def test_a_mirror_misses_nothing_while_publishers_servers_and_the_database_are_killed(
    home: HomePage, tmp_path: Path, port: int, cluster: Cluster
) -> None:
    pages = [StandardPageFactory(slug=f"halaman-{number}") for number in range(PUBLISHERS)]
    for page in pages:
        page.save_revision().publish()
    Change.objects.all().delete()
    for page in pages:
        page.save_revision().publish()
    HomePage.objects.get().save_revision().publish()
    start, done, told = time.monotonic(), tmp_path / "done", tmp_path / "told.json"
    chance = random.Random(7)

    def mirror() -> None:
        client = Client(f"http://127.0.0.1:{port}/api/v1", done)
        client.mirror()
        told.write_text(json.dumps([client.sequences, client.documents]))

    server = serve(port)
    mirroring = in_process(mirror)
    publishing = {
        page.pk: in_process(lambda pk=page.pk: publish_at_random(pk, pk)) for page in pages
    }
    killed, restarts = 0, 0
    while time.monotonic() - start < KILLING:
        time.sleep(chance.uniform(0.05, 0.4))
        pk = chance.choice(list(publishing))
        os.kill(publishing[pk], signal.SIGKILL)
        assert outcome(publishing[pk]) == -signal.SIGKILL
        killed += 1
        publishing[pk] = in_process(lambda pk=pk, seed=killed: publish_at_random(seed, pk))
        if killed % 10 == 0:
            os.kill(server, signal.SIGKILL)
            assert outcome(server) == -signal.SIGKILL
            server = serve(port)
        if killed % 25 == 15:
            connection.close()
            cluster.crash_and_start()
            restarts += 1
    for pid in publishing.values():
        os.kill(pid, signal.SIGKILL)
        outcome(pid)
    done.touch()
    assert outcome(mirroring) == 0
    os.kill(server, signal.SIGKILL)
    outcome(server)

    sequences, documents = json.loads(told.read_text())
    assert killed >= KILLING
    assert restarts
    assert len(sequences) > 2 * PUBLISHERS
    assert sequences == list(
        Change.objects.order_by("sequence").values_list("sequence", flat=True)
    ), "each entry once, and in order"
    assert documents == {
        document.resource_id: json.loads(bytes(document.body))
        for document in PublishedDocument.objects.filter(collection="pages")
    }
    assert not list(verify())
