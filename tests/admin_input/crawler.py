"""A walk through the admin that sends odd input to everything that takes any."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit
from zlib import crc32

from django.core.signals import got_request_exception
from django.http import HttpResponse
from wagtail.models import Page

from tests.admin_input import odd_files, odd_json
from tests.admin_input.odd import (
    ODD,
    PARAMETERS,
    all_at_once,
    one_at_a_time,
    raw,
    stream_values,
    text_fields,
)
from tests.admin_input.reading import noting
from tests.admin_input.refusing import noting_refusals
from tests.editors.admin_rights.addresses import Address
from tests.editors.admin_rights.walking import OTHER_METHODS, Form, Walk, body_of

URLENCODED = "application/x-www-form-urlencoded"
JSON = "application/json"
#: How often a form is sent with fewer and fewer odd inputs: for refusals by fields, by the form
#: and by the model.
ROUNDS = 4
#: Addresses that take files from forms which only JavaScript makes.
FILES_WITHOUT_FORM = {
    "localize/translate/<translation_id>/pofile/upload/": "file",
    "images/multiple/add/": "files[]",
    "documents/multiple/add/": "files[]",
}


class Crawler:
    """Sends odd inputs as one account, and notes what the server failed on.

    Addresses of one row and forms with the same fields are handled by the same code, so all inputs
    go to the first of each kind, and one of them to each of the others.
    """

    def __init__(self, walk: Walk, account: str, *, urls: int | None = None) -> None:
        self.walk = walk
        self.account = account
        #: How many addresses of a row are tried; None for all.
        self.urls = urls
        self.kinds: set[Any] = set()
        self.failures: list[str] = []
        self.error: BaseException | None = None
        self.requests = 0

    def visit(self, address: Address) -> None:
        """Send everything to an address, and to the forms that are found there."""
        for url in address.urls[: self.urls]:
            status, is_new = self.ask(address.row, url)
            for form in self.walk.forms_at(url):
                self.fill(address.row, form, is_open=status == 200)
            if is_new:
                self.send_json(address.row, url)
        if field := FILES_WITHOUT_FORM.get(address.row):
            self.upload(address.row, Form(address.urls[0], {}, (field,)))

    def ask(self, row: str, url: str) -> tuple[int, bool]:
        """Try the parameters that the view looks for.

        Returns the status without any, and whether an answer of this kind is new.
        """
        with noting() as reading:
            status = self.send("get", url).status_code
        names = frozenset(reading.names)
        if not self.is_new((row, status, names)):
            return status, False
        with noting() as reading:
            self.send("get", with_query(url, pick([*all_at_once(PARAMETERS)], url)))
        names |= reading.names
        # What refuses a request is the same code for many rows.
        if names and self.is_new((row if status == 200 else "", status, names)):
            before: set[str] = set()
            with noting() as reading:
                for query in all_at_once(names | {*PARAMETERS}):
                    self.send("get", with_query(url, query))
                while found := (names | reading.names) - before:
                    before |= found
                    for query in one_at_a_time(found):
                        self.send("get", with_query(url, query))
        return status, True

    def fill(self, row: str, form: Form, *, is_open: bool) -> None:
        """Try the fields of a form."""
        values = self.walk.filled(form)
        names = text_fields(values)
        if not is_open or not self.is_new((row, kind_of(form))):
            self.post(form, pick([*all_at_once(names)], form.action))
            return
        is_judged = False
        for filling in all_at_once(names):
            is_judged |= self.fill_until_accepted(form, filling)
        if not is_judged:
            # No form refused a field, so the view may have stopped at the first that it read.
            for filling in one_at_a_time(names):
                self.post(form, filling)
        for filling in self.json_fields(row, values):
            self.post(form, filling)
        self.upload(row, form)

    def fill_until_accepted(self, form: Form, filling: dict[str, Any]) -> bool:
        """Send a filled form, then again with good answers to what was refused of it.

        So a refusal of one field does not hide what becomes of the others. Returns whether any
        was refused.
        """
        refused: dict[str, Any] = {}
        for _again in range(ROUNDS):
            with noting_refusals() as found:
                self.post(form, filling | refused)
            if found.keys() <= refused.keys():
                break
            refused |= found
        return bool(refused)

    def post(self, form: Form, filling: dict[str, Any]) -> HttpResponse:
        data = {**self.walk.filled(form), **filling}
        oddity = repr(next(iter(filling.values()), ""))[:80]
        return self.send("post", form.action, urlencode(data, doseq=True), oddity=oddity)

    def json_fields(self, row: str, values: dict[str, Any]) -> Iterator[dict[str, bytes]]:
        """Odd JSON for the fields that have JSON now."""
        for name in text_fields(values):
            if any(is_json(value) for value in as_list(values[name])) and self.is_new((row, name)):
                for body in odd_json.BODIES.values():
                    yield {name: body}

    def upload(self, row: str, form: Form) -> None:
        """Try the fields for files, with words in the others so that only the file is at fault."""
        if not form.files or not self.is_new((row, "files", form.files)):
            return
        values = {name: value or "x" for name, value in self.walk.filled(form).items()}
        for oddity, body in odd_files.uploads(values, form.files):
            self.send("post", form.action, body, odd_files.MULTIPART, oddity=oddity)

    def send_json(self, row: str, url: str) -> None:
        """Try JSON with each method that reads a body."""
        for method in self.methods(url):
            with noting() as reading:
                self.send(method, url, b'{"value": "x"}', JSON)
            if reading.body and self.is_new((row, method, JSON)):
                for oddity, body in odd_json.BODIES.items():
                    self.send(method, url, body, JSON, oddity=oddity)

    def methods(self, url: str) -> list[str]:
        allowed = self.send("options", url).get("Allow", "post").lower().split(", ")
        return sorted({"post"} | (OTHER_METHODS & {*allowed}))

    def edit_pages(self) -> None:
        """Write each input into every block of each type of page, and one into every page."""
        for page in self.walk.world.pages.values():
            model = Page.objects.get(pk=page.pk).specific_class
            for form in self.walk.forms_at(f"/admin/pages/{page.pk}/edit/")[:1]:
                for text in ODD.values() if self.is_new(model) else [*ODD.values()][:1]:
                    written = stream_values(model, text)
                    values = {name: raw(value) for name, value in written.items()}
                    self.fill_until_accepted(form, values)

    def is_new(self, kind: Any) -> bool:
        """Whether nothing of this kind was tried before."""
        is_new = kind not in self.kinds
        self.kinds.add(kind)
        return is_new

    def send(
        self, method: str, url: str, data: Any = "", kind: str = URLENCODED, oddity: str = ""
    ) -> HttpResponse:
        """Send a request, undo it, and note a server error."""
        client = self.walk.client(self.account)
        got_request_exception.connect(self.note)
        self.requests += 1
        with self.walk.undone(set()):
            if method == "get":
                response = client.get(url)
            else:
                response = client.generic(method.upper(), url, data, content_type=kind)
            text = body_of(response)
        got_request_exception.disconnect(self.note)
        if response.status_code >= 500:
            sent = oddity or f"{data or urlsplit(url).query}"[-300:]
            self.failures.append(
                f"{self.account}: {method} {urlsplit(url).path} {sent}\n    {self.error!r}"[:900]
            )
        elif response.headers.get("Content-Type", "").startswith(JSON) and text:
            self.check_json(url, text)
        return response

    def check_json(self, url: str, text: str) -> None:
        """A program must be able to read the answer; NaN is none of JSON's numbers."""
        try:
            json.loads(text, parse_constant=reject_constant)
        except ValueError as error:
            self.failures.append(f"{self.account}: {urlsplit(url).path} answers no JSON: {error}")

    def note(self, **kwargs: Any) -> None:
        self.error = sys.exc_info()[1]


def with_query(url: str, query: dict[str, bytes]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def kind_of(form: Form) -> frozenset[str]:
    """The fields of a form, without the numbers of rows and of things."""
    return frozenset(re.sub(r"\d+", "0", name) for name in form.values)


def pick(inputs: list[dict[str, bytes]], text: str) -> dict[str, bytes]:
    """Always the same of the inputs for an address."""
    return inputs[crc32(text.encode()) % len(inputs)]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def is_json(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in {"{", "["}


def reject_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
