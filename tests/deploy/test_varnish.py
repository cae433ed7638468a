"""Varnish is purged by the worker, by surrogate key."""

from __future__ import annotations

import contextlib
import http.client

import pytest

from tests.deploy.conftest import Fronts
from tests.deploy.content import rename
from tests.deploy.origin import Origin
from tests.deploy.programs import BROTLI, LONG
from tests.deploy.waiting import eventually

# The database is set up for marked tests only.
pytestmark = pytest.mark.django_db


def test_a_publish_purges_its_document_and_lists_in_all_encodings_and_nothing_else(
    fronts: Fronts, product: Origin
) -> None:
    renamed, other, items = "/api/v1/acts/akta-11", "/api/v1/acts/akta-12", "/api/v1/acts?limit=5"
    encodings = ("gzip, br", "gzip") if BROTLI.exists() else ("gzip",)

    def caches() -> dict[str, set[str]]:
        return {
            path: {fronts.varnish.ask(path, accept_encoding=each).cache for each in encodings}
            for path in (renamed, other, items)
        }

    product.publish(lambda: rename("akta-11", "Akta baharu"))
    caches()
    product.run_worker()
    found = caches()
    assert (found[renamed], found[items]) == ({"MISS"}, {"MISS"})
    assert found[other] <= {"HIT", "STALE"}
    # The memory of the delivery process may be 250 ms behind. Varnish keeps no such response.
    for each in encodings:
        eventually(
            lambda each=each: (
                fronts.varnish.ask(renamed, accept_encoding=each).document["title"] == "Akta baharu"
            )
        )


def test_a_response_older_than_the_last_purge_is_passed_on_and_not_kept(
    fronts: Fronts, product: Origin
) -> None:
    path = "/api/v1/acts/akta-15"
    now = int(fronts.varnish.ask(path).headers["X-Content-Sequence"])
    purge(fronts, "of-nothing", now + 1)
    assert [fronts.varnish.ask(f"{path}?locale=ms").cache for _ in range(3)] == ["MISS"] * 3
    product.publish(lambda: rename("akta-16", "Akta lain"))
    eventually(lambda: fronts.varnish.ask(f"{path}?locale=ms").cache == "HIT")


def purge(fronts: Fronts, keys: str, sequence: int) -> None:
    """Purge as the worker does."""
    server = http.client.HTTPConnection("127.0.0.1", fronts.purge, timeout=LONG)
    with contextlib.closing(server):
        headers = {"Surrogate-Key": keys, "X-Content-Sequence": str(sequence)}
        server.request("PURGE", "/", headers=headers)
        assert server.getresponse().status == 200


def test_the_port_for_purges_takes_nothing_else_and_the_public_one_no_purge(
    fronts: Fronts, product: Origin
) -> None:
    server = http.client.HTTPConnection("127.0.0.1", fronts.purge, timeout=LONG)
    server.request("GET", "/api/v1/acts")
    assert server.getresponse().status == 405
    server.close()
    path = "/api/v1/acts/akta-13"
    keys = fronts.varnish.ask(path).headers.get("Surrogate-Key")
    assert keys is None
    assert fronts.varnish.ask("/api/v1/acts", "PURGE", surrogate_key="acts").status == 405
    assert fronts.varnish.ask(path).cache == "HIT"
