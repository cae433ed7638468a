"""Asks a front-end for a page, and which version of its content it shows.

A front-end names the version, `meta.version` of the document, in the header `X-Content-Version` or
in `<meta name="content-version" content="...">`. It is asked as a visitor would: past no cache.
"""

from __future__ import annotations

import http.client
import logging
import ssl
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import SplitResult, urljoin, urlsplit

from wagtail_delivery.models import FrontEndCheck
from wagtail_delivery.store.front_end_checks import claim_check, front_end_of, record_answer

logger = logging.getLogger(__name__)

HEADER = "X-Content-Version"
META_NAME = "content-version"
#: Seconds for each step of a request, and for all of it.
STEP_TIMEOUT, TIMEOUT = 5.0, 10.0
#: Bytes that are read of a page; the head of its HTML is at its beginning.
MOST_BYTES = 512 * 1024
MOST_REDIRECTS = 3
_CHUNK = 16 * 1024
_CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


@dataclass(frozen=True)
class Answer:
    """What a front-end showed."""

    versions: frozenset[str] = frozenset()
    #: A value of `FrontEndCheck.PROBLEMS`; empty if it named a version.
    problem: str = ""


def check_next_front_end() -> bool:
    """Ask for the page that is due first; returns whether there was one.

    Runs outside any transaction: a slow front-end holds up nothing.
    """
    check = claim_check()
    if check is None:
        return False
    address = front_end_of(check.document)
    if address:
        answer = ask(address, check.document.path)
        record_answer(check, answer.versions, answer.problem)
    else:
        check.delete()
    return True


def ask(front_end: str, path: str) -> Answer:
    """Which versions the front-end names for the page at `path`."""
    base = urlsplit(front_end)
    target = f"{base.path.rstrip('/')}{path}"
    deadline = time.monotonic() + TIMEOUT
    try:
        for _ in range(MOST_REDIRECTS + 1):
            answer = _request(base, target, deadline)
            if isinstance(answer, Answer):
                return answer
            target = answer
    except (OSError, http.client.HTTPException, ssl.SSLError, ValueError) as error:
        logger.info("The front-end %s does not answer for %s: %s", front_end, path, error)
        return Answer(problem=FrontEndCheck.UNREACHABLE)
    return Answer(problem=FrontEndCheck.REDIRECT)


def _request(base: SplitResult, target: str, deadline: float) -> Answer | str:
    """The answer to one request, or the target of a redirect on the same server."""
    connection = _CONNECTIONS[base.scheme](base.hostname or "", base.port, timeout=STEP_TIMEOUT)
    try:
        headers = {"Accept": "text/html", "User-Agent": "wagtail-delivery"}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        if response.status in (301, 302, 303, 307, 308):
            here = f"{base.scheme}://{base.netloc}{target}"
            found = urlsplit(urljoin(here, response.headers.get("Location", "")))
            if (found.scheme, found.netloc) != (base.scheme, base.netloc):
                return Answer(problem=FrontEndCheck.REDIRECT)
            return f"{found.path or '/'}{f'?{found.query}' if found.query else ''}"
        if response.status != HTTPStatus.OK:
            return Answer(problem=FrontEndCheck.NOT_THERE)
        named = response.headers.get(HEADER, "") or _named_in(_read(response, deadline))
        versions = frozenset(part.strip('"') for part in named.replace(",", " ").split())
        return Answer(versions, "" if versions else FrontEndCheck.NO_VERSION)
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse, deadline: float) -> str:
    parts: list[bytes] = []
    left = MOST_BYTES
    while left > 0 and (part := response.read1(min(_CHUNK, left))):
        parts.append(part)
        left -= len(part)
        if time.monotonic() > deadline:
            raise TimeoutError("the page did not arrive in time")
    # A version is ASCII; other characters do not matter here.
    return b"".join(parts).decode("latin-1")


class _Versions(HTMLParser):
    """Finds the version in the head of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and (values.get("name") or "").lower() == META_NAME:
            self.found.append(values.get("content") or "")


def _named_in(html: str) -> str:
    parser = _Versions()
    parser.feed(html)
    return " ".join(parser.found)
