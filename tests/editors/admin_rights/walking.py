"""Requests by each account, and what they show and change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client
from wagtail.admin.models import EditingSession
from wagtail.images.models import Rendition
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.test.utils.form_data import querydict_from_html
from wagtail_localize.models import (
    SegmentOverride,
    StringTranslation,
    Translation,
    TranslationSource,
)

from tests.editors.admin_rights.addresses import Address
from tests.editors.admin_rights.world import MAY_SEE, SECRETS, World
from wagtail_localize_desk.models import FileTexts

#: Columns that change while the public content stays as it is.
DRAFT_COLUMNS = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision_id",
    "latest_revision_created_at",
}
#: Made from other rows, or records of who did what; none of them is anybody's content.
DERIVED = (EditingSession, ModelLogEntry, PageLogEntry, ReferenceIndex, Rendition, Revision)
DERIVED_APPS = {
    "django_tasks",
    "modelsearch",
    "sessions",
    "text_search",
    "wagtail_delivery",
    "wagtail_localize",
    "wagtail_localize_desk",
    "wagtailsearch",
}
#: What translators and their editors write; the rest of that app is made from sources.
TRANSLATIONS = (FileTexts, SegmentOverride, StringTranslation, Translation, TranslationSource)
WRITE = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
#: Sent with every form, for actions that have none of their own.
ANSWERS = {
    "action": "publish",
    "action-publish": "1",
    # Stream fields and comments have no inputs without JavaScript.
    "body-count": "0",
    "comments-INITIAL_FORMS": "0",
    "comments-TOTAL_FORMS": "0",
    "comment": "x",
    "confirm": "1",
    "locale": "en",
    "new_slug": "x",
    "new_title": "x",
    "position": "last-child",
    "recursive": "",
    "sections-count": "0",
    "title": "x",
    "value": "x",
}

#: Sent where a form is not accepted but these are.
OTHER_METHODS = {"put", "patch", "delete"}

Rows = dict[Any, dict[str, Any]]


@dataclass(frozen=True)
class Form:
    """A form in a page, and the address that it is sent to."""

    action: str
    values: dict[str, Any]
    #: Names of the fields for files.
    files: tuple[str, ...] = ()


class PlainClient(Client):
    """Keeps neither templates nor their contexts of its responses, and raises nothing."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


class Walk:
    """One walk through a world; every request is undone."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.labels = world.labels()
        self.tables = {
            model._meta.db_table: model
            for model in apps.get_models(include_auto_created=True)
            if issubclass(model, TRANSLATIONS)
            or not (issubclass(model, DERIVED) or model._meta.app_label in DERIVED_APPS)
        }
        self.before = {model: rows_of(model) for model in self.tables.values()}
        self.forms: dict[str, list[Form]] = {}
        self.cookies: dict[str, Any] = {}
        self.sender = PlainClient()
        world.users["superuser"] = User.objects.create_superuser("superuser")
        self.before[User] = rows_of(User)
        for name, user in world.users.items():
            client = Client()
            client.force_login(user)
            self.cookies[name] = client.cookies

    def result(self, account: str, address: Address) -> str:
        """A cell of the table: what this account sees and changes at an address."""
        opens, breaks, seen, changes = False, False, set[str](), set[str]()
        for url in address.urls:
            response, changed = self.exchange(account, "get", url)
            opens = opens or response.status_code == 200
            breaks = breaks or response.status_code >= 500
            changes |= changed
            seen |= secrets_in(response)
            for form in self.forms_at(url) or [Form(url, {})]:
                data = self.filled(form)
                response, changed = self.exchange(account, "post", url, data)
                changes |= changed
                breaks = breaks or response.status_code >= 500
                seen |= secrets_in(response) - secrets_in_text(repr(data))
        parts = ["breaks"] * breaks + ["opens"] * opens
        if unexpected := seen - MAY_SEE[account]:
            parts.append("reads " + ", ".join(sorted(unexpected)))
        parts += sorted(changes)
        return "; ".join(parts)

    def taken_from_elsewhere(self, address: Address) -> set[str]:
        """What changes when forms that an address shows for other addresses are sent to itself."""
        changes: set[str] = set()
        for url in address.urls:
            forms = self.forms_at(url)
            if forms and all(urlsplit(form.action).path != url.partition("?")[0] for form in forms):
                for form in forms:
                    data = self.filled(form)
                    changes |= self.exchange("superuser", "post", url, data)[1]
        return changes

    def sees(self, account: str, thing: Any) -> bool:
        """Whether a thing of the world may be seen, if only because it is public."""
        name = self.labels.get((type(thing), thing.pk), "")
        return name not in SECRETS or name in MAY_SEE[account]

    def filled(self, form: Form) -> dict[str, Any]:
        """The values of a form, with an answer to whatever else is asked."""
        return {
            **form.values,
            **ANSWERS,
            "destination_page_id": self.world.pages["Malay home"].pk,
            "chooser": self.world.pages["Malay home"].pk,
            "locales": [self.world.pages["English draft"].locale_id],
            "revision_id": self.world.pages["live page"].live_revision_id,
        }

    def exchange(
        self, account: str, method: str, url: str, data: dict[str, Any] | None = None
    ) -> tuple[HttpResponse, set[str]]:
        """The answer to a request, and what it changed before it was undone."""
        written: set[str] = set()
        changes: set[str] = set()
        with self.undone(written):
            response = self.send(account, method, url, data)
            if response.status_code == 405:
                for other in sorted(OTHER_METHODS & {*response["Allow"].lower().split(", ")}):
                    self.send(account, other, url, {"value": "x"})
            if written:
                changes = self.changes(written, self.world.users[account])
        return response, changes

    def send(self, account: str, method: str, url: str, data: Any = None) -> HttpResponse:
        client = self.client(account)
        if method in OTHER_METHODS:
            kind = "application/x-www-form-urlencoded"
            return getattr(client, method)(url, urlencode(data, doseq=True), content_type=kind)
        return getattr(client, method)(url, data)

    def client(self, account: str) -> Client:
        """A client with an account's session as it was before any request."""
        self.sender.cookies = self.cookies[account].copy()
        return self.sender

    def forms_at(self, url: str) -> list[Form]:
        """The forms that a superuser finds there."""
        if url not in self.forms:
            response, _changes = self.exchange("superuser", "get", url)
            self.forms[url] = list(forms_in(response, url))
        return self.forms[url]

    @contextmanager
    def undone(self, written: set[str]) -> Iterator[None]:
        """Undo everything, and note the tables that were written."""

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if match := WRITE.match(sql):
                written.add(match[1])
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(note):
            yield
            transaction.set_rollback(True)
        if written:
            cache.clear()

    def changes(self, written: set[str], user: Any) -> set[str]:
        """What became of the rows of others, in words."""
        found: dict[str, set[str]] = {}
        for table in written & set(self.tables):
            model = self.tables[table]
            before, after = self.before[model], rows_of(model)
            for key in before.keys() | after.keys():
                old, new = before.get(key), after.get(key)
                if old != new and not is_own(model, key, old or new or {}, user):
                    verb = verb_of(old, new)
                    found.setdefault(self.name_of(model, key), set()).add(verb)
        return {f"{strongest(verbs)} {name}" for name, verbs in found.items()}

    def name_of(self, model: type[models.Model], key: Any) -> str:
        """The name of a thing, or of its type; a page's rows are all those of a page."""
        kind = Page if issubclass(model, Page) else model
        return self.labels.get((model, key)) or str(kind._meta.model_name)


def rows_of(model: type[models.Model]) -> Rows:
    return {row[model._meta.pk.attname]: row for row in model._base_manager.values()}


def is_own(model: type[models.Model], key: Any, row: dict[str, Any], user: Any) -> bool:
    """Whether a row is of the account itself, such as its profile."""
    return row.get("user_id") == user.pk or (isinstance(user, model) and key == user.pk)


def verb_of(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    if old is None:
        return "adds"
    if new is None:
        return "deletes"
    changed = {name for name in new if new[name] != old[name]}
    return "drafts" if changed <= DRAFT_COLUMNS else "changes"


def strongest(verbs: set[str]) -> str:
    """One verb for the rows of one thing, which may be in several tables."""
    return next(verb for verb in ("deletes", "changes", "adds", "drafts") if verb in verbs)


def body_of(response: HttpResponse) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode(errors="replace")
    return response.content.decode(errors="replace")


def secrets_in(response: HttpResponse) -> set[str]:
    return secrets_in_text(body_of(response) + str(response.headers))


def secrets_in_text(text: str) -> set[str]:
    return {name for name, word in SECRETS.items() if word in text.lower()}


def forms_in(response: HttpResponse, url: str) -> Iterator[Form]:
    html = body_of(response) if response.status_code == 200 else ""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        answer = json.loads(body_of(response))
        html = str(answer.get("html", "")) if isinstance(answer, dict) else ""
    for form in BeautifulSoup(html, "html.parser").find_all("form"):
        if form.get("method", "").upper() == "POST":
            values = dict(querydict_from_html(str(form)).lists())
            files = tuple(field["name"] for field in form.find_all("input", type="file"))
            yield Form(form.get("action") or url, values, files)
