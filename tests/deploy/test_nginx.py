"""What nginx does before the cache: TLS, hosts, headers, limits and sizes."""

from __future__ import annotations

import contextlib
import http.client
import re
import ssl
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.client import Client
from tests.deploy.conftest import Fronts
from tests.deploy.origin import Origin
from tests.deploy.programs import HOST, LONG

# The database is set up for marked tests only.
pytestmark = pytest.mark.django_db


@pytest.fixture
def nginx(fronts: Fronts) -> Client:
    return fronts.nginx


def plain(client: Client, path: str, host: str) -> http.client.HTTPResponse:
    """Ask the port without TLS."""
    connection = http.client.HTTPConnection("127.0.0.1", client.plain_port, timeout=LONG)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse()


def test_without_tls_there_is_only_the_way_to_it(nginx: Client, product: Origin) -> None:
    asked = len(product.heads)
    found = plain(nginx, "/api/v1/acts?limit=2", HOST)
    assert found.status == 301
    assert found.headers["Location"] == f"https://{HOST}/api/v1/acts?limit=2"
    assert len(product.heads) == asked


def test_unknown_hosts_are_refused(nginx: Client) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        plain(nginx, "/", "other.example")
    with pytest.raises(ssl.SSLError):
        nginx.connect("other.example")
    # The right name in the handshake, and another in the request.
    with pytest.raises(http.client.RemoteDisconnected):
        nginx.ask("/", host="other.example")


def test_the_server_is_told_the_truth_about_the_client(nginx: Client, product: Origin) -> None:
    names = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded")
    forged = dict.fromkeys(names, "203.0.113.9")
    forged |= {"X-Forwarded-Proto": "http", "X_Forwarded_For": "203.0.113.9"}
    nginx.ask("/admin/?forged", fields=forged)
    (head,) = [head for head in product.heads if "/admin/?forged" in head]
    assert "203.0.113.9" not in head
    assert re.findall(r"(?i)x-forwarded-.*", head.replace("\r", "")) == [
        "X-Forwarded-Proto: https",
        "X-Forwarded-For: 127.0.0.1",
    ]


def test_the_api_gets_no_cookie_and_no_password(nginx: Client, product: Origin) -> None:
    secrets = {"cookie": "sessionid=secret", "authorization": "Basic c2VjcmV0"}
    for path in ("/api/v1/acts?limit=3", "/api/v1/changes?limit=3", "/admin/?limit=3"):
        nginx.ask(path, **secrets)
        (head,) = [head for head in product.heads if f" {path} " in head]
        assert ("secret" in head) == path.startswith("/admin")


def test_passwords_from_one_address_are_limited(nginx: Client, product: Origin) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: nginx.ask("/admin/login/", "POST").status, range(30)))
    # The first one, 20 that may follow at once, and one each two seconds.
    passed = [head for head in product.heads if head.startswith("POST /admin/login/")]
    assert 21 <= len(passed) <= 25
    assert found.count(429) >= 30 - len(passed)
    assert nginx.ask("/admin/login/").status == 200


def test_only_the_admin_takes_large_uploads(nginx: Client, product: Origin) -> None:
    assert nginx.ask("/api/v1/acts", "POST", body=b"x" * 2_000_000).status == 413
    # The server refuses a form without a token before it has read it, and may be faster than nginx.
    assert nginx.ask("/admin/?large", "POST", body=b"x" * 20_000_000).status in {403, 502}
    (head,) = [head for head in product.heads if head.startswith("POST /admin/?large ")]
    assert "content-length: 20000000" in head.lower()


def test_a_line_as_long_as_the_api_takes_passes(nginx: Client) -> None:
    refused = nginx.ask("/api/v1/acts?number=" + "4" * 60_000)
    assert (refused.status, refused.headers["Content-Type"]) == (400, "application/problem+json")


def test_metrics_stay_inside(nginx: Client, product: Origin) -> None:
    assert nginx.ask("/metrics").status == 404
    assert product.requests("/metrics") == 0
