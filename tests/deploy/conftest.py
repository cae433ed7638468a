"""nginx with its own cache, and nginx with Varnish, in front of one origin."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.deploy import origin, programs
from tests.deploy.client import Client, Response
from tests.deploy.content import make_content, rename
from tests.deploy.lives import AGED, NEW_TITLE, TOO_OLD
from tests.deploy.origin import Origin


@dataclass(frozen=True)
class Fronts:
    """The proxies, and the port at which Varnish takes purges."""

    nginx: Client
    varnish: Client
    purge: int


@pytest.fixture(scope="session")
def purge_port() -> int:
    return programs.free_ports(1)[0]


@pytest.fixture(scope="session")
def product(
    purge_port: int,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Origin]:
    for names in (("nginx",), ("varnishd", "varnish"), ("openssl",)):
        programs.program(*names)
    if connection.vendor != "sqlite":
        pytest.skip("the origin's database is a copy of the tests' SQLite")
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:
        folder = tmp_path_factory.mktemp("origin")
        yield stack.enter_context(origin.running(folder, purge_port, make_content))


@pytest.fixture(scope="session")
def fronts(
    product: Origin, purge_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fronts]:
    folder = tmp_path_factory.mktemp("fronts")
    one, two, http1, http2, https1, https2, public = programs.free_ports(7)
    behind = {"server": product.server.port, "delivery": product.delivery.port}
    with contextlib.ExitStack() as stack, ThreadPoolExecutor() as pool:
        running = [
            programs.nginx(
                folder / "nginx",
                "cache-nginx.conf",
                kept_at=one,
                http=http1,
                https=https1,
                compressor=one,
                **behind,
            ),
            programs.nginx(
                folder / "beside-varnish",
                "cache-varnish.conf",
                kept_at=public,
                http=http2,
                https=https2,
                compressor=two,
                **behind,
            ),
            programs.varnish(folder / "varnish", public=public, purge=purge_port, compressor=two),
        ]
        list(pool.map(stack.enter_context, running))
        yield Fronts(Client(https1, http1), Client(https2, http2), purge_port)


@pytest.fixture(scope="session")
def aged(product: Origin, fronts: Fronts) -> dict[int, dict[str, Response]]:
    """Responses of each proxy that it may serve no longer while the origin works.

    One of the Acts has another title since.
    """
    first = {
        front.port: {
            name: front.ask(f"/api/v1/acts/{slug}", accept_encoding="gzip")
            for name, slug in AGED.items()
        }
        for front in (fronts.nginx, fronts.varnish)
    }
    product.publish(lambda: rename(AGED["renamed"], NEW_TITLE))
    time.sleep(TOO_OLD)
    return first


@pytest.fixture(params=["nginx", "varnish"])
def front(request: pytest.FixtureRequest, fronts: Fronts) -> Client:
    """Each of the proxies."""
    client: Client = getattr(fronts, request.param)
    return client


@pytest.fixture
def opened(product: Origin) -> Iterator[Origin]:
    """The origin, whose ports a test may close."""
    yield product
    for gate in product.gates:
        gate.open()
