"""`manage.py serve_delivery` on PostgreSQL: as little as it may do, it answers as the server."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import ProgrammingError, connection
from django.test import Client

from cms.snippets.models import Act
from tests.factories import ActFactory, ProfilePageFactory
from tests.publishing.delivery_processes import (
    Answer,
    DeliveryServer,
    delivery_cluster,
    delivery_server,
)
from tests.publishing.own_cluster import Cluster
from wagtail_delivery.models import PublishedDocument

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="A role needs PostgreSQL."),
]


def publish(thing: Act) -> None:
    thing.save_revision().publish()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with delivery_cluster() as own:
        for number in range(3):
            publish(ActFactory(title=f"Akta {number}"))
        ProfilePageFactory(title="Profil", slug="profil").save_revision().publish()
        yield own


def plain(path: str, **headers: str) -> Answer:
    """What the project's own server answers, without a memory."""
    response = Client().get(f"/api/v1{path}", headers=headers)
    found = {name.lower(): value for name, value in response.items()}
    return Answer(response.status_code, found, response.content)


def every_path(server: DeliveryServer) -> Iterator[str]:
    """The fixed paths, each list with its pages, and each document in each locale."""
    yield from ("/", "/locales", "/site", "/openapi.json", "/docs", "/changes", "/nothing")
    for collection in server.json("/")["collections"]:
        name = collection["name"]
        yield f"/{name}"
        yield f"/{name}?limit=1"
        for locale in server.json("/")["locales"]:
            yield f"/{name}?locale={locale}&fallback=ms"
    for document in PublishedDocument.objects.exclude(collection="site"):
        yield f"/{document.collection}/{quote(document.resource_id)}?locale={document.locale}"
        if document.path:
            yield f"/resolve?path={quote(document.path)}"


def test_a_role_that_only_reads_documents_is_enough(cluster: Cluster, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE cms_delivery")
        with pytest.raises(ProgrammingError):
            cursor.execute("SELECT 1 FROM wagtailcore_page")
        cursor.execute("RESET ROLE")
    with delivery_server(cluster, tmp_path) as server:
        server.wait_until_memory_is("ok")
        paths = list(every_path(server))
        assert len(paths) > 20
        for path in paths:
            for _ in range(2):
                assert server.get(path).seen == plain(path).seen, path
        for path in ("/health/live", "/health/ready", "/health/queue"):
            assert server.get(path).status == 200

        act = Act.objects.first()
        path = f"/acts/{act.translation_key}"
        old = server.get(path)
        act.title = "Akta baharu"
        publish(act)
        server.wait_until(lambda: b"Akta baharu" in server.get(path).body)
        etag = {"If-None-Match": old.headers["etag"]}
        assert server.get(path, **etag).seen == plain(path, **etag).seen

        [worker] = server.workers()
        os.kill(worker, signal.SIGKILL)
        server.wait_until(lambda: server.workers() not in ([], [worker]))
        server.wait_until(server.is_there)
        assert server.get(path).seen == plain(path).seen


def test_the_database_goes_away_and_comes_back(cluster: Cluster, tmp_path: Path) -> None:
    with delivery_server(cluster, tmp_path) as server:
        server.wait_until_memory_is("ok")
        kept = server.get("/acts")
        assert server.get("/acts").headers["etag"] == kept.headers["etag"]
        connection.close()
        cluster.stop()
        server.wait_until_memory_is("away")
        stale = server.get("/acts")
        assert (stale.status, stale.body) == (200, kept.body)
        assert stale.headers["age"].isdigit()
        assert stale.headers["warning"] == '111 - "Revalidation Failed"'
        assert server.get("/roles").status == 503
        cluster.start()
        server.wait_until_memory_is("ok")
        publish(ActFactory(title="Akta lain"))
        server.wait_until(lambda: b"Akta lain" in server.get("/acts").body)
        assert "age" not in server.get("/acts").headers
