"""The metrics tell Prometheus what happened in all processes, and what waits in the database."""

from __future__ import annotations

import datetime
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from tests import samples
from tests.clock import time_is
from tests.purge_servers import purge_server
from tests.samples import published
from tests.testapp import models as app
from wagtail_delivery.checks import check_settings
from wagtail_delivery.encoding.base import EncodingError, Location
from wagtail_delivery.metrics import files
from wagtail_delivery.metrics.files import settled_files
from wagtail_delivery.metrics.recorder import folder, recorder
from wagtail_delivery.models import (
    Change,
    PendingDependents,
    PendingDocument,
    PurgeTarget,
    WorkerSign,
)
from wagtail_delivery.publishing import compiling
from wagtail_delivery.publishing.dependents import compile_next_pending
from wagtail_delivery.purging.worker import purge_next

pytestmark = pytest.mark.django_db
PATH = "/internal/metrics"
Values = dict[tuple[Any, ...], float]


@pytest.fixture(scope="session")
def counted_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests: a process keeps its files open."""
    return tmp_path_factory.mktemp("metrics")


@pytest.fixture
def _metrics(settings: Any, counted_in: Path) -> None:
    turn_on(settings, counted_in)


def turn_on(settings: Any, counted_in: Path, **more: str) -> None:
    given = {"PATH": PATH, "FOLDER": str(counted_in), **more}
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "METRICS": given}


def scrape() -> Values:
    """Each sample by its name and the values of its labels, these ordered by their names."""
    response = Client().get(PATH)
    assert response.status_code == 200, response.content
    # Imported before, it would count in memory.
    from prometheus_client.parser import text_string_to_metric_families

    families = text_string_to_metric_families(response.content.decode())
    samples = [sample for family in families for sample in family.samples]
    found = {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for one in samples
    }
    assert len(found) == len(samples)
    return found


def counted(work: Callable[[], Any]) -> Values:
    """By how much each sample grows while `work` runs."""
    before = scrape()
    work()
    after = scrape()
    return {key: value - before.get(key, 0.0) for key, value in after.items()}


with_metrics = pytest.mark.usefixtures("_metrics")


# The address


def test_the_metrics_are_off_by_themselves() -> None:
    assert recorder() is None
    assert Client().get(PATH).status_code == 404


@with_metrics
def test_the_metrics_are_plain_text_that_nobody_keeps(home: Page) -> None:
    response = Client().get(PATH)
    assert response["Content-Type"].startswith("text/plain; version=")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert Client().post(PATH).status_code == 405
    assert Client().head(PATH).content == b""


@with_metrics
def test_openmetrics_is_sent_to_who_asks_for_it(home: Page) -> None:
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    response = Client().get(PATH, headers=accept)
    assert response["Content-Type"].startswith("application/openmetrics-text")
    assert response.content.endswith(b"# EOF\n")


def test_a_token_is_required_if_one_is_set(settings: Any, counted_in: Path) -> None:
    turn_on(settings, counted_in, TOKEN="geheim")
    for sent in ({}, {"Authorization": "geheim"}, {"Authorization": "Bearer geheimnis"}):
        response = Client().get(PATH, headers=sent)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert b"delivery_" not in response.content
    sent = {"Authorization": "Bearer geheim"}
    assert b"delivery_documents" in Client().get(PATH, headers=sent).content


@with_metrics
def test_the_number_of_queries_does_not_grow(
    home: Page, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        Client().get(PATH)


@with_metrics
def test_a_database_that_is_down_is_said(
    home: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> Any:
        raise OperationalError("gone")

    with connection.execute_wrapper(fail):
        response = Client().get(PATH)
    assert response.status_code == 503
    assert "cannot be read from the database" in caplog.text


# Requests


@with_metrics
def test_requests_are_counted_by_operation_method_and_status(home: Page) -> None:
    client = Client()

    def ask() -> None:
        client.get("/api/v1/resolve?path=/home/")
        client.get("/api/v1/pages")
        client.get("/api/v1/pages")
        client.head("/api/v1/pages")
        client.get(f"/api/v1/pages/{home.translation_key}")
        client.get("/api/v1/pages/none")
        client.get("/api/v1/pages?colour=red")
        client.get("/api/v1/changes")
        client.post("/api/v1/changes")
        client.generic("BREW", "/api/v1/pages")
        client.get("/api/v1/tea")
        client.get("/api/v1/docs")

    name = "delivery_requests_total"
    found = {key: value for key, value in counted(ask).items() if key[0] == name and value}
    assert found == {
        (name, "GET", "resolve_path", "404"): 1,
        (name, "GET", "list_pages", "200"): 2,
        (name, "HEAD", "list_pages", "200"): 1,
        (name, "GET", "get_page", "200"): 1,
        (name, "GET", "get_page", "404"): 1,
        (name, "GET", "list_pages", "400"): 1,
        (name, "GET", "list_changes", "200"): 1,
        (name, "other", "list_changes", "405"): 1,
        (name, "other", "list_pages", "405"): 1,
        (name, "GET", "unknown", "404"): 1,
        (name, "GET", "docs", "200"): 1,
    }


# Publishes, compiles and purges


@with_metrics
def test_a_publish_is_timed_and_what_it_compiles_is_counted(home: Page) -> None:
    found = counted(lambda: published(app.PlainPage(title="Page", slug="page"), home))
    assert found["delivery_publish_to_visible_seconds_count",] >= 1
    assert 0 < found["delivery_publish_to_visible_seconds_sum",] < 60
    assert found["delivery_publish_to_visible_seconds_bucket", "+Inf"] >= 1
    assert found["delivery_compiled_documents_total", "written"] >= 1
    assert found.get(("delivery_compiled_documents_total", "failed"), 0) == 0


@with_metrics
def test_a_draft_is_no_publish(home: Page) -> None:
    page = published(app.PlainPage(title="Page", slug="page"), home)
    found = counted(page.save_revision)
    assert found["delivery_publish_to_visible_seconds_count",] == 0


@with_metrics
def test_a_document_that_cannot_be_compiled_is_counted(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise EncodingError(Location("/title"), "no")

    def publish() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(compiling, "compile_source", fail)
            with pytest.raises(EncodingError):
                published(app.PlainPage(title="Page", slug="page"), home)

    found = counted(publish)
    assert found["delivery_compiled_documents_total", "failed"] == 1
    # It was never public.
    assert found["delivery_publish_to_visible_seconds_count",] == 0


@with_metrics
def test_what_waited_for_a_worker_is_timed_from_the_change(home: Page, settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": 0}
    topic = samples.draft_topic("Before")
    samples.seat_page(home, topic=topic)
    while compile_next_pending():
        pass
    topic.title = "After"
    topic.save_revision().publish()
    waiting = scrape()
    # It is not in the queue yet.
    assert waiting["delivery_pending_documents",] == 1
    assert not PendingDocument.objects.exists()
    assert waiting["delivery_worker_seen_seconds",] < 60

    def work() -> None:
        with time_is(timezone.now() + datetime.timedelta(seconds=45)):
            while compile_next_pending():
                pass

    found = counted(work)
    assert found["delivery_follow_seconds_count",] == waiting["delivery_pending_documents",]
    assert found["delivery_follow_seconds_sum",] >= 45
    assert found["delivery_follow_seconds_bucket", "30.0"] == 0
    assert scrape()["delivery_pending_documents",] == 0


@with_metrics
def test_the_queue_has_a_depth_an_age_and_failures(home: Page) -> None:
    now = timezone.now()
    for number, (failure, is_withdrawal) in enumerate([("", True), ("broken", False), ("", False)]):
        PendingDocument.objects.create(
            source=f"app.model:{number}",
            is_withdrawal=is_withdrawal,
            recorded_at=now - datetime.timedelta(seconds=100 * number),
            failure=failure,
        )
    for is_withdrawal in (True, False):
        PendingDependents.objects.create(
            keys=["app.model:9"],
            after=0,
            waiting=20,
            is_withdrawal=is_withdrawal,
            recorded_at=now - datetime.timedelta(seconds=300),
        )
    WorkerSign.objects.update_or_create(
        pk=1, defaults={"seen_at": now - datetime.timedelta(seconds=30)}
    )
    with time_is(now):
        found = scrape()
    assert found["delivery_pending_documents",] == 43
    assert found["delivery_pending_withdrawals",] == 21
    assert found["delivery_pending_failed",] == 1
    assert found["delivery_pending_age_seconds",] == pytest.approx(300)
    assert found["delivery_worker_seen_seconds",] == pytest.approx(30)


@with_metrics
def test_a_cache_has_a_lag_until_it_is_purged(home: Page, settings: Any) -> None:
    with purge_server() as cache:
        settings.WAGTAIL_DELIVERY = {
            **settings.WAGTAIL_DELIVERY,
            "PURGE": {"varnish": {"ADDRESS": cache.address}},
        }
        # A cache that is no longer in the settings has none.
        PurgeTarget.objects.create(name="former", sequence=0)
        assert not purge_next("varnish")
        assert scrape()["delivery_purge_lag_entries", "varnish"] == 0
        for _ in range(3):
            Change.objects.create(action=Change.UPSERT, collection="c", surrogate_keys="c")
        cache.status = 500
        failed = counted(lambda: purge_next("varnish"))
        assert failed["delivery_purges_total", "varnish", "failed"] == 1
        with time_is(timezone.now() + datetime.timedelta(seconds=20)):
            found = scrape()
            assert found["delivery_purge_lag_entries", "varnish"] == 3
            assert found["delivery_purge_lag_seconds", "varnish"] == pytest.approx(20, abs=5)
            assert found["delivery_purge_failed_attempts", "varnish"] == 1
            cache.status = 200
            done = counted(lambda: purge_next("varnish"))
            found = scrape()
    assert done["delivery_purges_total", "varnish", "done"] == 1
    assert done["delivery_publish_to_purged_seconds_count", "varnish"] == 3
    assert done["delivery_publish_to_purged_seconds_sum", "varnish"] >= 45
    assert found["delivery_purge_lag_entries", "varnish"] == 0
    assert found["delivery_purge_failed_attempts", "varnish"] == 0
    assert found["delivery_change_sequence",] == Change.objects.latest("sequence").pk
    assert not any("former" in key for key in found)


# Several processes

COUNT = """
import os, sys
sys.path.insert(0, os.getcwd())
import django
django.setup()
from wagtail_delivery.metrics.recorder import recorder
for _ in range(int(sys.argv[1])):
    recorder().request("test", "GET", 200)
    recorder().followed(4.0)
print("counted", flush=True)
sys.stdin.read()
"""


def process_that_counts(times: int) -> subprocess.Popen[str]:
    """A process with settings of its own that counts in the same folder."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.project_with_metrics",
        "METRICS_FOLDER": str(folder()),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", COUNT, str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"
    return process


def end(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.kill()
        process.communicate()


@with_metrics
@pytest.mark.slow
def test_processes_are_added_up_also_those_that_have_ended(home: Page) -> None:
    def requests() -> float:
        return scrape().get(("delivery_requests_total", "GET", "test", "200"), 0.0)

    def times() -> tuple[float, float]:
        found = scrape()
        return (
            found.get(("delivery_follow_seconds_count",), 0.0),
            found.get(("delivery_follow_seconds_bucket", "5.0"), 0.0),
        )

    before, (count, bucket) = requests(), times()
    processes = [process_that_counts(times) for times in (3, 4)]
    assert requests() - before == 7
    end(*processes)
    assert requests() - before == 7, "a sum that falls looks like everything anew"
    names = {path.name for path in folder().glob("*.db")}
    assert not any(f"_{process.pid}." in name for name in names for process in processes)
    end(process_that_counts(5))
    assert requests() - before == 12
    assert times() == (count + 12, bucket + 12)


@with_metrics
def test_files_of_live_processes_stay(home: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    scrape()
    own = {path.name for path in folder().glob(f"*_{os.getpid()}.db")}
    assert own

    def not_ours(process: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(files.os, "kill", not_ours)
    with settled_files(folder()):
        pass
    assert own <= {path.name for path in folder().glob("*.db")}


# Settings


def test_a_project_without_the_library_is_told(
    settings: Any, counted_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_on(settings, counted_in)
    assert check_settings() == []
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "wagtail_delivery.checks.find_spec",
        lambda name: None if name == "prometheus_client" else find(name),
    )
    found = [(message.msg, message.hint) for message in check_settings()]
    assert [hint for _, hint in found] == [
        "Install wagtail-delivery[metrics].",
        "Add wagtail_delivery.middleware.DeliveryMiddleware.",
    ]


def test_the_library_is_not_loaded_while_the_metrics_are_off() -> None:
    code = (
        "import sys, django; django.setup();"
        "from wagtail_delivery.api.dispatch import dispatcher; dispatcher();"
        "import wagtail_delivery.middleware, wagtail_delivery.extending;"
        "print('prometheus_client' in sys.modules)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings_i18n"}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert done.stdout == "False\n"
