"""The change log: what became public and what was withdrawn, in the order of commits."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Literal, NamedTuple

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from wagtail_delivery.api.change_cursors import END, START, Position, position_of
from wagtail_delivery.api.parameters import ChangesParameters
from wagtail_delivery.api.problems import ChangesProblem, ParameterProblem, ProblemError
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.changes import Entry, entries_from, last_entry
from wagtail_delivery.api.responses import JSON
from wagtail_delivery.api.waiting import require_sequence, wait_for
from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.models import Change


class Address(Schema):
    """A front-end address."""

    site: str = Field(description="Site, as `host:port`.")
    path: str = Field(description="Front-end path.")


class ContentChange(Schema):
    """A document that became public, changed or was withdrawn."""

    sequence: int = Field(
        description="Number of the change. Numbers grow, and some are left out.",
        json_schema_extra={"format": "int64"},
    )
    action: Literal["upsert", "delete"] = Field(
        description="`upsert`: it is public in this version. `delete`: it no longer is."
    )
    collection: str = Field(description="List that has the document, or `site`.")
    id: str = Field(description="`id` of the document.")
    type: str = Field(description="`type` of the document.")
    locale: str | None = Field(description="`locale` of the document; null if it has none.")
    site: str | None = Field(
        description="Site of a page or of the document of a site, as `host:port`; else null."
    )
    path: str | None = Field(
        description="Front-end path that a page has, or had when it was withdrawn; else null."
    )
    paths_before: list[Address] = Field(
        description=(
            "Further addresses whose response changed: those that a page had before, when it gets "
            "another one or is withdrawn."
        )
    )
    version: str | None = Field(
        description="`meta.version` of the document; null if it was withdrawn."
    )
    surrogate_keys: list[str] = Field(
        description=(
            "Keys of the responses to purge: those that show the document, also instead of one in "
            "another locale, those at its addresses before and now, and its lists. Documents that "
            "show something of it have entries of their own."
        )
    )
    expires_at: datetime.datetime | None = Field(
        description=(
            "From then on it is not public, even if its withdrawal is recorded later; null if it "
            "does not expire."
        )
    )
    recorded_at: datetime.datetime = Field(description="When the change was made.")


class ContentChangeList(Schema):
    """A part of the change log."""

    items: list[ContentChange] = Field(description="The changes, in the order of their commits.")
    next: str = Field(description="Cursor to go on with, also if there are no changes.")
    has_more: bool = Field(description="Whether more changes follow at once.")


class Part(NamedTuple):
    """A part of the change log."""

    entries: list[Entry]
    next: Position
    has_more: bool


def list_changes(request: HttpRequest, query: ChangesParameters) -> HttpResponse:
    """The changes after a cursor; waits for one, without a connection, if there is none."""
    part = read_part(query.after, query.limit)
    if not part.entries and query.wait and query.after != END:
        sequence = queries.latest_sequence()
        if sequence > part.next.sequence or wait_for(part.next.sequence + 1, query.wait):
            part = read_part(part.next, query.limit)
    found = ContentChangeList(
        items=[_change(entry) for entry in part.entries],
        next=part.next.cursor,
        has_more=part.has_more,
    )
    return HttpResponse(
        to_json(found.model_dump(mode="json")),
        headers={"Content-Type": JSON, "Cache-Control": "no-store"},
    )


def read_part(after: Position | None, limit: int) -> Part:
    """At most `limit` entries after a position. Raises ProblemError if something is missing."""
    if after == END:
        return Part([], _end(), has_more=False)
    # One more, to know whether there is more, and one that is no entry but the position itself.
    entries = entries_from(after.sequence if after else 0, limit + 2)
    opening = entries.pop(0) if entries and _is_mark(entries[0], after) else None
    if after == START:
        if opening is not None:
            raise is_too_old(_end())
    elif after is not None and (opening is None or _position(opening) != after):
        if after.sequence > queries.latest_sequence() and queries.is_replica():
            require_sequence(after.sequence)
            return read_part(after, limit)
        is_pruned = opening is not None and opening.sequence > after.sequence
        raise is_too_old(_end()) if is_pruned else is_of_another_log(_end())
    found = entries[:limit]
    last = found[-1] if found else opening
    shown = [entry for entry in found if entry.action != Change.REARRANGED]
    return Part(shown, _position(last) if last else START, len(entries) > limit)


def _is_mark(entry: Entry, after: Position | None) -> bool:
    """Whether the first entry is the place to begin behind, and no change to show."""
    return entry.action == Change.PRUNED or (after is not None and entry.sequence == after.sequence)


def _position(entry: Entry) -> Position:
    return position_of(entry.sequence, entry.recorded_at)


def _end() -> Position:
    entry = last_entry()
    return _position(entry) if entry else START


def _change(entry: Entry) -> ContentChange:
    return ContentChange(
        sequence=entry.sequence,
        action="upsert" if entry.action == Change.UPSERT else "delete",
        collection=entry.collection,
        id=entry.resource_id,
        type=entry.type,
        locale=entry.locale or None,
        site=entry.site or None,
        path=entry.path or None,
        paths_before=[Address(site=site, path=path) for site, path in entry.paths_before],
        version=entry.etag or None,
        surrogate_keys=entry.surrogate_keys,
        expires_at=entry.expires_at,
        recorded_at=entry.recorded_at,
    )


def is_too_old(end: Position) -> ProblemError:
    """410: nobody can tell any more what has changed since."""
    return _start_again("The changes after this cursor are no longer kept.", end)


def is_of_another_log(end: Position) -> ProblemError:
    """410: the cursor tells nothing about this content."""
    detail = "This cursor is not of this change log, such as one from before a backup was restored."
    return _start_again(detail, end)


def _start_again(detail: str, end: Position) -> ProblemError:
    return ProblemError(
        HTTPStatus.GONE,
        f"{detail} Read all content again, then go on from `next`.",
        [ParameterProblem(parameter="after", detail="Cannot be followed.")],
        more={"next": end.cursor},
        document_type=ChangesProblem,
    )
