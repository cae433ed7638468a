"""A result as the list shows it. Only the number of types in the list decides how many queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.editors.edit_addresses import edit_url
from cms.text_search.excerpts import excerpt
from cms.text_search.models import IndexedText
from cms.text_search.passages import from_json
from cms.text_search.places import place_of

#: The most places that a result names.
PLACES = 3


@dataclass(frozen=True)
class Found:
    """One place with the phrase."""

    place: str
    excerpt: SafeString
    #: Where it is edited; empty for those who do not work on it.
    url: str


@dataclass(frozen=True)
class Result:
    """A page or an entry with the phrase."""

    title: str
    kind: str
    language: str
    status: str
    #: Says where the phrase is missing, if it is in one version only.
    remark: str
    url: str
    found: list[Found]
    #: Places that are not named.
    more: int


#: Whether a thing is public, and whether it has a draft beside that.
States = dict[tuple[type[Model], str], tuple[bool, bool]]


def results(rows: Iterable[Any], phrase: str) -> list[Result]:
    """What `searching.texts_with` found for `phrase`."""
    kept = list(rows)
    states = _states(kept)
    return [_result(row, phrase, states) for row in kept]


def _result(row: Any, phrase: str, states: States) -> Result:
    model = _model_of(row)
    url = edit_url(model, row.object_id) if row.works_on else ""
    found = []
    for passage in map(from_json, row.passages):
        marked = excerpt(passage.text, phrase)
        if marked is not None:
            place = place_of(passage, model)
            found.append(Found(str(place), marked, url and url + place.fragment))
    is_live, has_draft = states.get((model, row.object_id), (False, False))
    return Result(
        title=row.title,
        kind=str(capfirst(model._meta.verbose_name)),
        language=row.locale.get_display_name(),
        status=_status(is_live, has_draft and row.works_on),
        remark=_remark(row, is_live, has_draft),
        url=url,
        found=found[:PLACES],
        more=max(len(found) - PLACES, 0),
    )


def _status(is_live: bool, has_draft: bool) -> str:
    if not is_live:
        return _("draft")
    return _("live + draft") if has_draft else _("live")


def _remark(row: IndexedText, is_live: bool, has_draft: bool) -> str:
    if not (row.works_on and is_live and has_draft):  # type: ignore[attr-defined]
        return ""
    if not row.in_draft:  # type: ignore[attr-defined]
        return _("Not in the draft any more")
    return "" if row.in_public else _("In the draft only")  # type: ignore[attr-defined]


def _states(rows: Iterable[IndexedText]) -> States:
    """The states of the things on one page of the list: a query for each base type."""
    keys: dict[type[Any], dict[str, type[Any]]] = {}
    for row in rows:
        model = _model_of(row)
        base = Page if issubclass(model, Page) else model
        keys.setdefault(base, {})[row.object_id] = model
    found: States = {}
    for base, models in keys.items():
        things = base._base_manager.filter(pk__in=list(models))
        for pk, live, changed in things.values_list("pk", "live", "has_unpublished_changes"):
            found[models[str(pk)], str(pk)] = live, changed
    return found


def _model_of(row: IndexedText) -> type[Any]:
    """Its type, which is among the searched ones; from the cache of types."""
    model = ContentType.objects.get_for_id(row.content_type_id).model_class()
    assert model is not None
    return model
