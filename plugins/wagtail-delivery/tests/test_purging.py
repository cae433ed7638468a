"""Caches are purged of every entry of the change log, in its order, until they confirm it."""

from __future__ import annotations

import datetime
import logging
import socket
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from tests import samples
from tests.clock import time_is
from tests.purge_servers import PurgeServer, purge_server
from tests.samples import published, reloaded
from tests.stored import document_of, last_sequence
from tests.testapp import models as app
from wagtail_delivery.checks import check_settings
from wagtail_delivery.conf import SettingError, delivery_settings
from wagtail_delivery.models import Change, PublishedDocument, PurgeTarget
from wagtail_delivery.publishing import dependents
from wagtail_delivery.purging import by_address, by_key, worker
from wagtail_delivery.purging.by_key import MOST_BYTES, MOST_KEYS, parts_of
from wagtail_delivery.purging.worker import BATCH, CLAIM, WAIT, purge_next
from wagtail_delivery.store.change_log import prune

pytestmark = pytest.mark.django_db
HTTP_BACKEND = "wagtail.contrib.frontend_cache.backends.HTTPBackend"


@pytest.fixture
def cache() -> Iterator[PurgeServer]:
    with purge_server() as server:
        yield server


@pytest.fixture
def purged(settings: Any) -> Any:
    """Sets the caches to purge, which begin at the present end of the log."""

    def purged(**targets: Any) -> None:
        settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "PURGE": targets}
        for name in targets:
            assert not purge_next(name)

    return purged


@pytest.fixture
def varnish(cache: PurgeServer, purged: Any, home: Page) -> PurgeServer:
    """A cache that is purged by keys, under the name "varnish"."""
    purged(varnish={"ADDRESS": cache.address})
    return cache


def entries(count: int, keys: str = "") -> list[Change]:
    rows = [
        Change(action="upsert", collection="c", surrogate_keys=keys or f"key{number}")
        for number in range(count)
    ]
    for row in rows:
        row.save()
    return rows


def row(name: str = "varnish") -> PurgeTarget:
    return PurgeTarget.objects.get(name=name)


def later(seconds: float) -> Any:
    return time_is(timezone.now() + datetime.timedelta(seconds=seconds))


# By key


def test_the_request_to_a_cache_that_is_purged_by_keys(varnish: PurgeServer, home: Page) -> None:
    page = published(app.PlainPage(title="Page", slug="page"), home)
    document = document_of(page)
    assert document is not None
    assert purge_next("varnish")
    assert not purge_next("varnish")
    [(method, path, headers)] = varnish.requests
    assert (method, path) == ("PURGE", "/")
    assert headers["x-content-sequence"] == str(last_sequence())
    keys = headers["surrogate-key"].split()
    assert {"pages", document.surrogate_keys.split()[0]} < set(keys)
    assert len(keys) == len(set(keys))


def test_the_request_can_have_another_form(cache: PurgeServer, purged: Any) -> None:
    purged(
        cdn={
            "ADDRESS": f"{cache.address}/service/x/purge",
            "METHOD": "POST",
            "KEYS_HEADER": "xkey",
            "HEADERS": {"Fastly-Key": "secret"},
        }
    )
    entries(1)
    assert purge_next("cdn")
    [(method, path, headers)] = cache.requests
    assert (method, path, headers["xkey"], headers["fastly-key"]) == (
        "POST",
        "/service/x/purge",
        "key0",
        "secret",
    )


def test_nothing_is_asked_or_written_when_nothing_changed(
    varnish: PurgeServer, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert not purge_next("varnish")
    assert varnish.requests == []


def test_every_entry_is_purged_once_and_in_order(varnish: PurgeServer) -> None:
    rows = entries(2 * BATCH + 5)
    while purge_next("varnish"):
        pass
    assert [key for keys in varnish.purged_keys() for key in keys] == [
        one.surrogate_keys for one in rows
    ]
    assert row().sequence == last_sequence()
    sequences = [int(headers["x-content-sequence"]) for _, _, headers in varnish.requests]
    assert sequences == [rows[BATCH - 1].pk, rows[2 * BATCH - 1].pk, rows[-1].pk]


def test_a_key_of_many_entries_is_sent_once(varnish: PurgeServer) -> None:
    entries(BATCH, "acts")
    assert purge_next("varnish")
    assert varnish.purged_keys() == [["acts"]]


def test_keys_are_sent_in_parts_that_fit_into_a_header() -> None:
    keys = [f"{number:012}" for number in range(2 * MOST_KEYS + 1)]
    parts = list(parts_of(keys))
    assert [key for part in parts for key in part] == keys
    assert [len(part) for part in parts] == [MOST_KEYS, MOST_KEYS, 1]
    long = list(parts_of(f"{number}" * 1000 for number in range(9)))
    assert [key[0] for part in long for key in part] == list("012345678")
    assert all(len(" ".join(part)) <= MOST_BYTES for part in long)
    assert list(parts_of([])) == []


def test_a_failed_purge_is_tried_again_with_growing_waits(varnish: PurgeServer) -> None:
    before = row().sequence
    varnish.status = 503
    entries(1)
    waits = []
    for attempt in range(12):
        assert not purge_next("varnish")
        assert len(varnish.requests) == attempt + 1
        assert not purge_next("varnish"), "it is not tried again at once"
        assert len(varnish.requests) == attempt + 1
        found = row()
        assert (found.sequence, found.attempts) == (before, attempt + 1)
        assert found.failure == "The cache answered 503 Service Unavailable."
        assert found.not_before is not None
        waits.append(round((found.not_before - timezone.now()).total_seconds()))
        PurgeTarget.objects.update(not_before=timezone.now())
    assert waits[:4] == [1, 2, 4, 8]
    assert waits == sorted(waits)
    assert waits[-1] == WAIT.longest.total_seconds()
    varnish.status = 200
    entries(1)
    assert purge_next("varnish")
    # The entry that failed is not left out.
    assert varnish.purged_keys()[-1] == ["key0"]
    found = row()
    assert (found.sequence, found.attempts, found.not_before, found.failure) == (
        last_sequence(),
        0,
        None,
        "",
    )


def test_a_cache_that_is_down_or_silent_is_tried_again(
    cache: PurgeServer, purged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setattr(by_key, "TIMEOUT", 0.2)
        purged(down={"ADDRESS": down}, silent={"ADDRESS": cache.address})
        cache.answering.clear()
        entries(1)
        assert not purge_next("down")
        assert not purge_next("silent")
    assert "refused" in row("down").failure
    assert "timed out" in row("silent").failure


def test_a_part_that_fails_repeats_the_whole(varnish: PurgeServer, monkeypatch: Any) -> None:
    monkeypatch.setattr(by_key, "MOST_KEYS", 1)
    send, sent = by_key.KeyPurger._send, []

    def second_fails(self: Any, keys: Any, sequence: int) -> None:
        sent.append(keys)
        if len(sent) == 2:
            raise OSError("cut off")
        send(self, keys, sequence)

    monkeypatch.setattr(by_key.KeyPurger, "_send", second_fails)
    entries(3)
    assert not purge_next("varnish")
    with later(5):
        assert purge_next("varnish")
    assert varnish.purged_keys() == [["key0"], ["key0"], ["key1"], ["key2"]]


def test_caches_do_not_wait_for_one_another(
    varnish: PurgeServer, cache: PurgeServer, settings: Any, purged: Any
) -> None:
    with purge_server() as broken:
        broken.status = 500
        purged(broken={"ADDRESS": broken.address}, varnish={"ADDRESS": cache.address})
        entries(1)
        call_command("delivery_worker", "--once")
        assert cache.purged_keys() == [["key0"]]
        assert row("broken").attempts == 1
        assert row("broken").sequence < row("varnish").sequence


def test_the_worker_purges_what_it_has_compiled(
    varnish: PurgeServer, home: Page, settings: Any
) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": 0}
    topic = samples.draft_topic("Before")
    page = samples.seat_page(home, topic=topic)
    call_command("delivery_worker", "--once")
    varnish.requests.clear()
    dependents.sign_on()
    topic.title = "After"
    topic.save_revision().publish()
    call_command("delivery_worker", "--once")
    keys = {key for part in varnish.purged_keys() for key in part}
    for instance in (topic, page):
        document = document_of(instance)
        assert document is not None
        assert document.surrogate_keys.split()[0] in keys


# Several workers, and workers that are killed


class WorkerKilledError(BaseException):
    """Ends a worker in the middle of its work."""


def test_a_killed_worker_leaves_its_entries_to_the_next(
    varnish: PurgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(target: PurgeTarget, sequence: int) -> None:
        raise WorkerKilledError

    [entry] = entries(1)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_advance", die)
        with pytest.raises(WorkerKilledError):
            purge_next("varnish")
    assert row().sequence < entry.pk
    assert not purge_next("varnish"), "another worker may still be at it"
    with later(CLAIM.total_seconds() + 1):
        assert purge_next("varnish")
    assert varnish.purged_keys() == [["key0"], ["key0"]]


def test_a_position_is_never_moved_back(varnish: PurgeServer, monkeypatch: Any) -> None:
    """A worker that was slower than its claim ends after another one."""
    entries(1)
    purge = by_key.KeyPurger.purge

    def overtaken(self: Any, told: Any) -> None:
        monkeypatch.setattr(by_key.KeyPurger, "purge", purge)
        purge(self, told)
        entries(1)
        with later(CLAIM.total_seconds() + 1):
            assert purge_next("varnish")

    monkeypatch.setattr(by_key.KeyPurger, "purge", overtaken)
    assert purge_next("varnish")
    assert row().sequence == last_sequence()
    assert row().attempts == 0


# Where it begins


def test_a_new_cache_begins_at_the_end_of_the_log(purged: Any, cache: PurgeServer) -> None:
    entries(3)
    purged(varnish={"ADDRESS": cache.address})
    assert cache.requests == []
    assert row().sequence == last_sequence()


def test_pruned_entries_are_passed_over(varnish: PurgeServer) -> None:
    entries(3)
    prune(timezone.now() + datetime.timedelta(days=1))
    entries(1)
    assert purge_next("varnish")
    assert varnish.purged_keys() == [["key0"]]
    prune(timezone.now() + datetime.timedelta(days=1))
    assert not purge_next("varnish")


def test_a_mark_alone_is_passed_over(varnish: PurgeServer) -> None:
    entries(3)
    prune(timezone.now() + datetime.timedelta(days=1))
    assert purge_next("varnish")
    assert varnish.requests == []
    assert row().sequence == last_sequence()


# By address


@pytest.fixture
def cdn(cache: PurgeServer, purged: Any, settings: Any, home: Page) -> PurgeServer:
    """A cache that is purged by addresses, under the name "cdn"."""
    settings.WAGTAILFRONTENDCACHE = {
        "default": {"BACKEND": HTTP_BACKEND, "LOCATION": cache.address}
    }
    purged(cdn={"FRONTEND_CACHE": ["default"], "API_ADDRESSES": ["https://api.example.org/api/v1"]})
    return cache


def asked(server: PurgeServer) -> list[str]:
    """The addresses that were purged, with their hosts."""
    return [f"{headers['host']}{path}" for _method, path, headers in server.requests]


def test_the_addresses_of_a_moved_page(cdn: PurgeServer, home: Page) -> None:
    page = published(app.PlainPage(title="Page", slug="page"), home)
    purge_next("cdn")
    cdn.requests.clear()
    page = reloaded(page)
    page.slug = "moved"
    page.save_revision().publish()
    assert purge_next("cdn")
    found = asked(cdn)
    assert {"localhost/page/", "localhost/moved/"} <= set(found)
    api = "api.example.org/api/v1"
    for path in ("/page/", "/moved/", "%2Fpage%2F", "%2Fmoved%2F"):
        assert f"{api}/resolve?path={path}" in found
        assert f"{api}/resolve?path={path}&site=localhost:80" in found
    for name in (page.translation_key, "page", "moved"):
        assert f"{api}/pages/{name}" in found
        assert f"{api}/pages/{name}?locale=en" in found
    assert len(found) == len(set(found))
    assert {method for method, _path, _headers in cdn.requests} == {"PURGE"}


def test_the_listed_addresses_are_those_that_clients_use(cdn: PurgeServer, home: Page) -> None:
    """What the API answers at them changes with the page."""
    page = published(app.PlainPage(title="Page", slug="page"), home)
    purge_next("cdn")
    prefix = "api.example.org"
    found = [one.removeprefix(prefix) for one in asked(cdn) if one.startswith(prefix)]
    answers = {address: Client().get(address) for address in found}
    own = [one for one in answers.values() if page.title.encode() in one.content]
    assert len(own) >= 6
    # No address is malformed. By slug, the API has no pages.
    assert {one.status_code for one in answers.values()} <= {200, 404}


@pytest.mark.parametrize("status", [403, 500, 503])
def test_an_error_that_a_backend_only_logs_is_noticed(
    cdn: PurgeServer, home: Page, status: int
) -> None:
    cdn.status = status
    published(app.PlainPage(title="Page", slug="page"), home)
    assert not purge_next("cdn")
    assert f"HTTPError: {status}" in row("cdn").failure
    cdn.status = 200
    with later(5):
        assert purge_next("cdn")
    assert row("cdn").sequence == last_sequence()


@pytest.mark.parametrize("status", [404, 412])
def test_what_the_cache_does_not_have_is_purged(cdn: PurgeServer, home: Page, status: int) -> None:
    cdn.status = status
    published(app.PlainPage(title="Page", slug="page"), home)
    assert purge_next("cdn")


def test_a_backend_that_raises_or_never_answers_is_tried_again(
    cdn: PurgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Backend:
        def __init__(self, answers: bool) -> None:
            self.answers = answers

        def invalidates_hostname(self, host: str) -> bool:
            return True

        def purge_batch(self, urls: list[str]) -> None:
            if self.answers:
                raise KeyError("zone")
            cdn.answering.clear()
            cdn.answering.wait(20)

    entries(1)
    monkeypatch.setattr(by_address, "get_backends", lambda backends: {"default": Backend(True)})
    assert not purge_next("cdn")
    assert row("cdn").failure == "KeyError: 'zone'"
    monkeypatch.setattr(by_address, "TIMEOUT", 0.1)
    monkeypatch.setattr(by_address, "get_backends", lambda backends: {"default": Backend(False)})
    with later(5):
        assert not purge_next("cdn")
    assert row("cdn").failure == "The cache did not answer within 0.1 seconds."
    cdn.answering.set()


def test_a_backend_purges_only_its_hosts(cdn: PurgeServer, settings: Any, home: Page) -> None:
    settings.WAGTAILFRONTENDCACHE = {
        "default": {
            "BACKEND": HTTP_BACKEND,
            "LOCATION": cdn.address,
            "HOSTNAMES": ["localhost"],
        }
    }
    published(app.PlainPage(title="Page", slug="page"), home)
    assert purge_next("cdn")
    assert asked(cdn) == ["localhost/page/"]


def test_errors_that_nobody_would_hear_of_are_refused(cdn: PurgeServer, home: Page) -> None:
    log = logging.getLogger("wagtail.frontendcache")
    log.disabled = True
    try:
        entries(1)
        assert not purge_next("cdn")
    finally:
        log.disabled = False
    assert "LOGGING must leave 'wagtail.frontendcache' on" in row("cdn").failure


def test_a_cache_that_the_project_lacks(cdn: PurgeServer, settings: Any) -> None:
    settings.WAGTAILFRONTENDCACHE = {}
    entries(1)
    assert not purge_next("cdn")
    assert row("cdn").failure == "WAGTAILFRONTENDCACHE has no 'default'."


# Settings


@pytest.mark.parametrize(
    "target",
    [
        {},
        {"ADDRESS": "varnish:6081"},
        {"ADDRESS": "http://127.0.0.1", "METHOD": "purge all"},
        {"ADDRESS": "http://127.0.0.1", "KEYS_HEADER": "a b"},
        {"FRONTEND_CACHE": []},
        {"FRONTEND_CACHE": ["default"], "API_ADDRESSES": ["/api/v1"]},
        {"ADDRESS": "http://127.0.0.1", "FRONTEND_CACHE": ["default"]},
    ],
)
def test_a_wrong_target_is_refused_without_its_secrets(settings: Any, target: Any) -> None:
    target = {**target, "HEADERS": {"Fastly-Key": "secret"}}
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "PURGE": {"cdn": target}}
    with pytest.raises(SettingError, match=r"'PURGE'\] has 'cdn': {...}") as raised:
        delivery_settings()
    assert "secret" not in str(raised.value)


def test_the_check_names_a_missing_frontend_cache(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {
        **settings.WAGTAIL_DELIVERY,
        "PURGE": {"cdn": {"FRONTEND_CACHE": ["default"]}},
    }
    [message] = check_settings()
    assert message.id == "wagtail_delivery.E004"
    assert "which names 'default'" in message.msg
    settings.WAGTAILFRONTENDCACHE = {"default": {"BACKEND": HTTP_BACKEND, "LOCATION": "http://x"}}
    assert check_settings() == []


# The migration


def test_the_migration_gives_documents_their_own_keys(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration = import_module("wagtail_delivery.migrations.0009_purge_targets")
    published(app.PlainPage(title="Page", slug="page"), home)
    expected = dict(PublishedDocument.objects.values_list("pk", "surrogate_keys"))
    for document in PublishedDocument.objects.all():
        document.surrogate_keys = document.surrogate_keys.partition(" ")[2]
        document.save()
    monkeypatch.setattr(migration, "CHUNK", 2)
    migration.add_own_keys(apps, SimpleNamespace(connection=connection))
    assert dict(PublishedDocument.objects.values_list("pk", "surrogate_keys")) == expected
