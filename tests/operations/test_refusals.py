"""Requests that the server itself refuses: the application says how, and the client can read it."""

from __future__ import annotations

import json
import socket
from http import HTTPStatus

import pytest

from cms.operations.refusals import Refusal
from tests.operations.slow_server import CLOSE, Server, response, status_of

pytestmark = pytest.mark.any_database
HOST = b"Host: a"
#: Gunicorn's limit of a first line in these tests, its own default.
LINE = 4094


def get(target: bytes, *fields: bytes, version: bytes = b"HTTP/1.1") -> bytes:
    return b"\r\n".join([b"GET " + target + b" " + version, *fields, b"", b""])


#: What follows the request's path, and the status of the refusal.
REFUSED = {
    "a line of 1 MB": (get(b"%b?" + b"4" * 1_000_000, b"Origin: https://a.example"), 414),
    "spaces in the line": (get(b"%b a b"), 400),
    "no version": (b"GET %b\r\n\r\n", 400),
    "an unknown version": (get(b"%b", version=b"HTTP/3.0"), 400),
    "a method in lower case": (b"get %b HTTP/1.1\r\n\r\n", 400),
    "a method that is too long": (b"A" * 30 + b" %b HTTP/1.1\r\n\r\n", 400),
    "NUL in the path": (get(b"%b\0"), 400),
    "bytes that are not ASCII": (get(b"%b\xc3\xa9"), 400),
    "bare line ends": (b"GET %b HTTP/1.1\nHost: a\n\n", 400),
    "a line end in a field": (get(b"%b", b"X-A: a\nb"), 400),
    "a field without a colon": (get(b"%b", b"X-A"), 400),
    "a folded field": (get(b"%b", b"X-A: a", b" b"), 400),
    "two hosts": (get(b"%b", b"Host: a", b"Host: b"), 400),
    "a field that is too long": (get(b"%b", b"X-A: " + b"a" * 9000), 431),
    "too many fields": (get(b"%b", *([b"X-A: a"] * 200)), 431),
    "a head of 200 kB": (get(b"%b", *([b"X-A: " + b"a" * 8000] * 25)), 431),
    "a length that is none": (get(b"%b", b"Content-Length: 1e3"), 400),
    "a negative length": (get(b"%b", b"Content-Length: -1"), 400),
    "two lengths": (get(b"%b", b"Content-Length: 1", b"Content-Length: 2") + b"xx", 400),
    "an unknown coding": (get(b"%b", b"Transfer-Encoding: brotli"), 501),
    "a length and a coding": (get(b"%b", b"Content-Length: 1", b"Transfer-Encoding: chunked"), 400),
    "an unknown expectation": (get(b"%b", b"Expect: cake"), 417),
    "a broken body": (get(b"%b", b"Transfer-Encoding: chunked") + b"no size\r\n", 400),
}


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("path", [b"/api/things", b"/other"])
def test_what_the_server_refuses_has_its_status_and_the_applications_form(
    server, path, request_, status
):
    head, _, body = exchange(server, request_.replace(b"%b", path)).partition(b"\r\n\r\n")
    assert status_of(head) == status
    assert b"\r\nConnection: close" in head
    assert b"\r\nContent-Length: %d\r\n" % len(body) in head
    assert b"<" not in body
    assert len(body) < 1000
    if path == b"/other":
        assert b"\r\nContent-Type: text/plain; charset=utf-8\r\n" in head
        assert body.startswith(HTTPStatus(status).phrase.encode())
    else:
        assert b"\r\nContent-Type: application/json\r\n" in head
        answer = json.loads(body)
        assert answer["status"] == status
        assert answer["PATH_INFO"].startswith("/api/things")
        assert answer["detail"].endswith(".")


def exchange(server: Server, request: bytes) -> bytes:
    """Send all of `request`, and only then read the response."""
    return response(server.send(request))


def test_a_request_that_makes_the_application_fail_tells_nothing_else(server):
    answer = exchange(server, get(b"/fails", HOST))
    assert status_of(answer) == 500
    assert b"secret" not in answer


@pytest.mark.parametrize(("length", "status"), [(LINE, 200), (LINE + 1, 414)])
@pytest.mark.parametrize("before", [b"", b"\r\n"])
def test_the_limit_of_the_first_line_is_exact(server, length, status, before):
    line = b"GET /?%b HTTP/1.1" % (b"4" * (length - len("GET /? HTTP/1.1")))
    assert status_of(exchange(server, before + line + b"\r\n" + CLOSE + b"\r\n")) == status


def test_a_client_that_goes_on_sending_can_read_the_refusal(server):
    connection = server.connect()
    connection.sendall(b"GET /api/things?" + b"4" * 140_000)
    for _ in range(30):
        connection.sendall(b"4" * 65_536)
    assert status_of(response(connection)) == 414


def test_a_client_that_never_stops_sending_is_cut_off(server):
    connection = server.connect()
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        connection.sendall(b"4" * 100_000_000)
    assert server.answers()


def test_a_response_to_head_has_no_body(server):
    answer = exchange(server, get(b"/api/things", b"X-A").replace(b"GET", b"HEAD", 1))
    assert status_of(answer) == 400
    assert answer.endswith(b"\r\n\r\n")
    assert b"\r\nContent-Length: 0\r\n" not in answer


def test_what_follows_a_refused_request_is_not_read_as_a_request(server):
    follower = get(b"/other", HOST, b"Connection: close")
    answer = exchange(server, get(b"/api/things", HOST, b"X-A") + follower)
    assert answer.count(b"HTTP/1.1 ") == 1
    answer = exchange(server, get(b"/other", b"Host: a") + get(b"/api/b", b"X-A") + follower)
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"400"]
    assert b"/api/b" in answer


@pytest.mark.parametrize("path", [b"/unread", b"/api/unread"])
def test_a_broken_body_that_nobody_read_gets_no_second_response(server, path):
    request = get(path, b"Host: a", b"Transfer-Encoding: chunked") + b"no size\r\n"
    answer = exchange(server, request)
    assert answer.endswith(b"\r\n\r\nunread")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    ("head", "method", "path"),
    [
        (b"GET /api/v1/acts?x=/other HTTP/1.1\r\n", "GET", "/api/v1/acts"),
        (b"GET /%61pi/v1/ HTTP/1.1\r\n", "GET", "/api/v1/"),
        (b"POST http://a.example:80/api/v1/?x HTTP/1.1\r\n", "POST", "/api/v1/"),
        (b"\r\nHEAD /api/#x HTTP/1.1\r\n", "HEAD", "/api/"),
        (b"GET /api/x\nHost: a\n\n", "GET", "/api/x"),
        (b"GET http://[/api/ HTTP/1.1\r\n", "GET", ""),
        (b"GET * HTTP/1.1\r\n", "GET", "*"),
        (b"h\xc3\xa9 /x HTTP/1.1\r\n", "GET", "/x"),
        (b"GET", "GET", ""),
        (b"", "GET", ""),
    ],
)
def test_the_path_is_what_the_application_would_see(head, method, path):
    environ = Refusal(HTTPStatus.BAD_REQUEST, "No.", head).wsgi_environment()
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == (method, path)


def test_a_script_name_is_not_part_of_the_path():
    head = b"GET /cms/api/x HTTP/1.1\r\nSCRIPT_NAME: /cms\r\n"
    environ = Refusal(HTTPStatus.BAD_REQUEST, "No.", head).wsgi_environment()
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/cms", "/api/x")


def test_an_origin_cannot_put_fields_into_the_response():
    head = b"GET / HTTP/1.1\r\nOrigin: https://a\nSet-Cookie: a=b\r\n"
    origin = Refusal(HTTPStatus.BAD_REQUEST, "No.", head).wsgi_environment()["HTTP_ORIGIN"]
    assert origin == "https://a"


def test_a_lost_client_is_no_error(server):
    for _ in range(8):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(get(b"/api/things", b"X-A"))
    assert server.answers()
