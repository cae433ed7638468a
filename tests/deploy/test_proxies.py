"""What both proxies do: nginx with its own cache, and nginx with Varnish behind it."""

from __future__ import annotations

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.client import Client, Response
from tests.deploy.conftest import Fronts
from tests.deploy.lives import AGED, NEW_TITLE, STALE
from tests.deploy.origin import Origin
from tests.deploy.programs import BROTLI
from tests.deploy.waiting import eventually

# The database is set up for marked tests only.
pytestmark = pytest.mark.django_db
HALF_HEAD = b"GET /api/v1/acts HTTP/1.1\r\nHost: cms.example.org\r\nX-More: "
HALF_BODY = (
    b"POST /admin/ HTTP/1.1\r\nHost: cms.example.org\r\nContent-Length: 900000\r\n\r\n"
    + b"x" * 20_000
)
BROWSER = "gzip, deflate, br, zstd"


def test_each_encoding_is_made_once_and_has_the_same_bytes(front: Client, product: Origin) -> None:
    path = "/api/v1/acts/akta-1"
    plain = front.ask(path)
    assert plain.status == 200
    assert "Content-Encoding" not in plain.headers
    asked = product.requests(path)
    first = front.ask(path, accept_encoding="gzip")
    again = front.ask(path, accept_encoding="identity;q=0.5, GZIP;q=1.0")
    for each in (first, again):
        assert each.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(each.body) == plain.body
        assert "Accept-Encoding" in ", ".join(each.headers.get_all("Vary", []))
    assert (first.body, again.cache) == (again.body, "HIT")
    # Varnish unpacks what it has for those that take no gzip.
    assert product.requests(path) - asked <= 1


@pytest.mark.skipif(not BROTLI.exists(), reason="no libnginx-mod-http-brotli-filter")
def test_brotli_is_made_once_and_has_the_same_bytes(front: Client, product: Origin) -> None:
    path = "/api/v1/acts/akta-2"
    first = front.ask(path, accept_encoding=BROWSER)
    asked = product.requests(path)
    again = front.ask(path, accept_encoding="br;q=1.0, gzip;q=0.8, *;q=0.1")
    assert (again.headers["Content-Encoding"], again.cache) == ("br", "HIT")
    assert (again.body, product.requests(path)) == (first.body, asked)
    refused = front.ask(path, accept_encoding="br;q=0, gzip")
    assert refused.headers["Content-Encoding"] == "gzip"
    assert refused.document == first.document


def test_conditional_requests_and_head_are_answered_by_the_cache(
    front: Client, product: Origin
) -> None:
    path = "/api/v1/acts/akta-3"
    whole = front.ask(path, accept_encoding="gzip")
    asked = product.requests(path)
    same = front.ask(path, accept_encoding="gzip", if_none_match=whole.headers["ETag"])
    assert (same.status, same.body) == (304, b"")
    assert same.headers["ETag"] == whole.headers["ETag"]
    other = front.ask(path, accept_encoding="gzip", if_none_match='"another"')
    assert (other.status, other.body) == (200, whole.body)
    head = front.ask(path, "HEAD", accept_encoding="gzip")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert product.requests(path) == asked


def test_the_origin_answers_a_validator_of_compressed_bytes(
    front: Client, aged: dict[int, dict[str, Response]]
) -> None:
    tag = aged[front.port]["validated"].headers["ETag"]
    # The same content in other bytes than those that the origin has made the tag of.
    assert tag.startswith('W/"')
    path = f"/api/v1/acts/{AGED['validated']}"
    assert front.ask(path, accept_encoding="gzip", if_none_match=tag).status == 304
    assert front.ask(path, accept_encoding="gzip").headers["ETag"] == tag


def test_a_stale_response_is_served_while_the_origin_is_asked(fronts: Fronts) -> None:
    both = (fronts.nginx, fronts.varnish)
    path = "/api/v1/acts/akta-5"
    first = [front.ask(path) for front in both]
    time.sleep(STALE)
    stale = [front.ask(path) for front in both]
    assert [each.cache for each in stale] == ["STALE", "STALE"]
    assert [each.body for each in stale] == [each.body for each in first]
    for front in both:
        eventually(lambda front=front: front.ask(path).cache == "HIT")


def test_a_stale_response_is_served_while_the_origin_is_down(
    front: Client, opened: Origin, aged: dict[int, dict[str, Response]]
) -> None:
    for gate in opened.gates:
        gate.close()
    down = front.ask(f"/api/v1/acts/{AGED['down']}", accept_encoding="gzip")
    assert (down.status, down.cache) == (200, "STALE")
    assert down.body == aged[front.port]["down"].body
    unknown = "/api/v1/acts/akta-8?fallback=ms"
    error = front.ask(unknown)
    assert (error.status, error.headers["Retry-After"]) == (503, "5")
    assert error.headers["Content-Type"] == "application/problem+json"
    assert set(error.document) == {"type", "title", "status", "detail", "errors"}
    assert front.ask("/api/v1/changes").status == 503
    for gate in opened.gates:
        gate.open()
    eventually(lambda: front.ask(unknown).status == 200)


def test_without_delivery_processes_the_server_answers_the_api(
    fronts: Fronts, opened: Origin
) -> None:
    both = (fronts.nginx, fronts.varnish)

    def is_asked(front: Client) -> bool:
        """Whether the delivery process gets the requests, which are never kept."""
        asked = opened.delivery.requests("/api/v1/acts/none")
        return front.ask("/api/v1/acts/none").status == 404 and (
            opened.delivery.requests("/api/v1/acts/none") > asked
        )

    # nginx leaves it alone for five seconds if another test has closed it.
    for front in both:
        eventually(lambda front=front: is_asked(front))
    opened.delivery.close()
    for front in both:
        assert front.ask("/api/v1/acts/none").status == 404
        assert front.ask("/api/v1/acts/akta-14").status == 200
    assert opened.server.requests("/api/v1/acts/akta-14") == 2


def test_a_response_too_old_for_that_is_fetched_anew(
    front: Client, aged: dict[int, dict[str, Response]]
) -> None:
    renamed = front.ask(f"/api/v1/acts/{AGED['renamed']}")
    assert renamed.document["title"] == NEW_TITLE
    assert aged[front.port]["renamed"].document["title"] != NEW_TITLE


@pytest.mark.parametrize("half", [HALF_HEAD, HALF_BODY], ids=["head", "body"])
def test_a_hundred_half_sent_requests_delay_nobody(
    front: Client, product: Origin, half: bytes
) -> None:
    connections = product.server.connections
    with ThreadPoolExecutor(20) as pool:
        held = list(pool.map(lambda _: front.connect(), range(100)))
    try:
        for connection in held:
            connection.sendall(half)
        # More than the server has threads.
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: front.ask("/admin/").status, range(20)))
        assert answers == [302] * 20
        # None of them has reached the server.
        assert product.server.connections - connections <= 20
    finally:
        for connection in held:
            connection.close()


def test_the_admin_and_cookies_are_never_kept(front: Client, product: Origin) -> None:
    asked = product.requests("/admin/login/")
    tokens = {front.ask("/admin/login/").headers["Set-Cookie"] for _ in range(2)}
    assert len(tokens) == 2
    assert product.requests("/admin/login/") - asked == 2
    # The API gets no cookie, so it is kept for all.
    path = "/api/v1/acts/akta-10"
    front.ask(path, cookie="sessionid=a")
    with_cookie = front.ask(path, cookie="sessionid=b", authorization="Basic YQ==")
    assert with_cookie.cache == "HIT"
    assert "Set-Cookie" not in with_cookie.headers


def test_files_that_are_not_public_are_not_kept(front: Client, product: Origin) -> None:
    asked = product.requests("/media/images/none.jpg")
    answers = [front.ask("/media/images/none.jpg", cookie=f"sessionid={n}") for n in range(2)]
    assert [each.status for each in answers] == [404, 404]
    assert product.requests("/media/images/none.jpg") - asked == 2


def test_errors_and_what_is_gone_pass_and_are_not_kept(front: Client, product: Origin) -> None:
    asked = product.requests("/api/v1/resolve")
    statuses = [
        front.ask(f"/api/v1/resolve?path=/ms/{slug}/").status
        for slug in ("lama", "lama", "tiada", "tiada")
    ]
    assert statuses == [410, 410, 404, 404]
    assert product.requests("/api/v1/resolve") - asked == 4
    assert front.ask("/api/v1/acts?unknown=1").status == 400
    assert front.ask("/api/v1/changes?after=now").headers["Cache-Control"] == "no-store"


def test_redirects_pass(front: Client) -> None:
    found = front.ask("/api/v1/resolve?path=/ms/dahulu/")
    assert found.status == 200
    assert "/ms/halaman/" in json.dumps(found.document)
    assert front.ask("/admin").status == 301


def test_other_methods_pass(front: Client) -> None:
    assert front.ask("/api/v1/acts", "OPTIONS").status in {200, 204}
    refused = front.ask("/api/v1/acts", "POST", body=b"x")
    assert (refused.status, "GET" in refused.headers["Allow"]) == (405, True)
