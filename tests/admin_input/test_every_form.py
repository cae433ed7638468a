"""No input of a person or a program gives a server error: every address and form of the admin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit
from zlib import crc32

import pytest
from bs4 import BeautifulSoup
from django.core.signals import got_request_exception
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Page

from tests.admin_input.odd import ODD, fillings, queries, raw, stream_values
from tests.editors.admin_rights.addresses import Address, addresses
from tests.editors.admin_rights.walking import Walk, body_of
from tests.editors.admin_rights.world import temporary_world
from tests.nightly import NIGHTLY

pytestmark = pytest.mark.django_db

#: Every other run walks one address of so many.
SAMPLE = 50
#: Wagtail's own test of its error page.
MEANT_TO_FAIL = {"failwhale/"}
FORM = "application/x-www-form-urlencoded"


class Crawler:
    """Sends odd inputs as one account, and notes what the server failed on."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.failures: list[str] = []
        self.error: BaseException | None = None

    def visit(self, account: str, address: Address) -> None:
        for url in address.urls if NIGHTLY else address.urls[:2]:
            for query in queries(self.parameters(url)):
                self.send(account, "get", f"{url}{'&' if '?' in url else '?'}{urlencode(query)}")
            for form in self.walk.forms_at(url):
                for values in fillings(self.walk.filled(form)):
                    self.send(account, "post", form.action, values)

    def edit_pages(self, account: str) -> None:
        """Write each input into every block of every page."""
        for page in self.walk.world.pages.values():
            url = f"/admin/pages/{page.pk}/edit/"
            for form in self.walk.forms_at(url)[:1]:
                for text in ODD.values():
                    written = stream_values(Page.objects.get(pk=page.pk).specific_class, text)
                    values = {name: raw(value) for name, value in written.items()}
                    self.send(account, "post", url, self.walk.filled(form) | values)

    def parameters(self, url: str) -> set[str]:
        """The names of the fields in a page's searches and filters."""
        response, _changes = self.walk.exchange("superuser", "get", url)
        if response.status_code != 200 or response.streaming:
            return set()
        forms = BeautifulSoup(body_of(response), "html.parser").find_all("form")
        searches = [form for form in forms if form.get("method", "get").lower() == "get"]
        fields = [field for form in searches for field in form.find_all(["input", "select"])]
        return {field["name"] for field in fields if field.get("name")}

    def send(self, account: str, method: str, url: str, values: Any = None) -> None:
        """Send a request, undo it, and note a server error."""
        client = Client(raise_request_exception=False)
        client.cookies = self.walk.cookies[account].copy()
        got_request_exception.connect(self.note)
        with self.walk.undone(set()):
            if method == "post":
                response = client.post(url, urlencode(values, doseq=True), content_type=FORM)
            else:
                response = client.get(url)
            body_of(response)
        got_request_exception.disconnect(self.note)
        if response.status_code >= 500:
            sent = {name: value for name, value in (values or {}).items() if value in SENT}
            self.failures.append(
                f"{account}: {method} {urlsplit(url).path} {url[-200:]} {sent}"[:600]
                + f"\n    {self.error!r}"[:300]
            )

    def note(self, **kwargs: Any) -> None:
        self.error = sys.exc_info()[1]


SENT = {raw(value) for value in ODD.values()}


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    with temporary_world(django_db_blocker) as world:
        yield Walk(world)


@pytest.mark.parametrize("account", ["officer", "superuser"])
def test_no_form_or_query_gives_a_server_error(walk: Walk, account: str) -> None:
    crawler = Crawler(walk)
    for address in addresses(walk.world):
        if address.row in MEANT_TO_FAIL:
            continue
        if NIGHTLY or crc32(address.row.encode()) % SAMPLE == 1:
            crawler.visit(account, address)
    assert not crawler.failures, "\n".join(crawler.failures[:50])


def test_no_text_in_a_page_gives_a_server_error(walk: Walk) -> None:
    crawler = Crawler(walk)
    crawler.edit_pages("superuser")
    assert not crawler.failures, "\n".join(crawler.failures)
