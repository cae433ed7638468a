"""Who follows the change log has what the API gives, with the code of the documentation."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.utils import timezone
from wagtail.models import Page, Site

from tests import samples
from tests.mirrors import Mirror, crawled, get, mirror_code
from tests.samples import published, reloaded
from tests.testapp import models as app
from wagtail_delivery.models import Change
from wagtail_delivery.store.change_log import prune

pytestmark = pytest.mark.django_db


@pytest.fixture
def mirror() -> Mirror:
    return Mirror()


def assert_follows(mirror: Mirror) -> None:
    mirror.follow()
    assert mirror.documents == crawled()


def test_a_mirror_equals_the_api_after_each_edit(home: Page, mirror: Mirror) -> None:
    assert_follows(mirror)
    page = published(app.PlainPage(title="New", slug="new"), home)
    published(app.PlainPage(title="Child", slug="child"), page)
    topic = samples.draft_topic("Topic")
    topic.save_revision().publish()
    assert_follows(mirror)
    assert len(mirror.documents) > 4
    page = reloaded(page)
    page.slug = "moved"
    page.save_revision().publish()
    assert_follows(mirror)
    assert "/moved/child/" in {one.get("path") for one in mirror.documents.values()}
    topic.unpublish()
    reloaded(page).unpublish()
    assert_follows(mirror)
    assert "/moved/child/" not in {one.get("path") for one in mirror.documents.values()}


def test_a_document_that_is_withdrawn_before_it_is_read(home: Page, mirror: Mirror) -> None:
    mirror.follow()
    page = published(app.PlainPage(title="New", slug="new"), home)
    reloaded(page).unpublish()
    assert_follows(mirror)


def test_a_document_that_has_expired(home: Page, mirror: Mirror) -> None:
    """It is no longer there although no withdrawal has been recorded."""
    page = published(app.PlainPage(title="New", slug="new"), home)
    page.expire_at = timezone.now() + datetime.timedelta(milliseconds=500)
    page.save_revision().publish()
    entry = Change.objects.get(sequence=Change.objects.latest("sequence").pk)
    assert entry.expires_at == page.expire_at
    while timezone.now() < page.expire_at:
        pass
    assert_follows(mirror)


def test_a_site_that_gets_another_name(home: Page, second_site: Site, mirror: Mirror) -> None:
    mirror.follow()
    second_site.hostname = "third.example"
    second_site.save()
    assert_follows(mirror)


def test_a_mirror_that_starts_again(home: Page, mirror: Mirror) -> None:
    mirror.follow()
    published(app.PlainPage(title="New", slug="new"), home)
    prune(timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(Exception, match="410") as caught:
        mirror.follow()
    cursor = json.load(caught.value)["next"]
    mirror.documents, mirror.cursor = crawled(), cursor
    published(app.PlainPage(title="Newer", slug="newer"), home)
    assert_follows(mirror)


def test_a_cursor_from_the_end_leads_to_the_rest(home: Page, mirror: Mirror) -> None:
    mirror.cursor = get("/changes", after="now")["next"]
    mirror.documents = crawled()
    published(app.PlainPage(title="New", slug="new"), home)
    assert_follows(mirror)


class _Handler(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an HTTP server of the API in a thread, with the connection of the test."""
    handler = WSGIHandler()

    def application(environ: Any, start_response: Any) -> Any:
        connections["default"] = shared
        return handler(environ, start_response)

    shared = connections["default"]
    # After each request Django would close it, because it is in the test's transaction.
    monkeypatch.setattr(shared, "close_if_unusable_or_obsolete", lambda: None)
    shared.inc_thread_sharing()
    server: WSGIServer = make_server("127.0.0.1", 0, application, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1"
    server.shutdown()
    thread.join()
    server.server_close()
    shared.dec_thread_sharing()


def test_the_documented_code_over_http(home: Page, served: str) -> None:
    names = mirror_code()
    names["API"] = served
    documents: dict[Any, Any] = {}
    page = published(app.PlainPage(title="New", slug="new"), home)
    cursor = names["follow"](documents, None, wait=0)
    assert documents == crawled()
    reloaded(page).unpublish()
    cursor = names["follow"](documents, cursor, wait=0)
    assert documents == crawled()
    assert names["follow"](documents, cursor, wait=0) == cursor
