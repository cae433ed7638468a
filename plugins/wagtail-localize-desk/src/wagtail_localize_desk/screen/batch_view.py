"""The strings of many translations in one list: all that is stale, or open, in a language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from wagtail.models import Locale
from wagtail_localize.models import get_edit_url

from wagtail_localize_desk.models import Reason, TranslatedString
from wagtail_localize_desk.open_strings import OPEN
from wagtail_localize_desk.screen.checking import add_findings
from wagtail_localize_desk.screen.origins import targets_of
from wagtail_localize_desk.screen.own_strings import own_strings
from wagtail_localize_desk.screen.places import Places
from wagtail_localize_desk.screen.rows import StringRow, numbered, with_last_change
from wagtail_localize_desk.screen.saving import model_of, row_of
from wagtail_localize_desk.screen.shared_texts import filter_choices, screen_messages
from wagtail_localize_desk.upstream_strings import with_upstream

TEMPLATE = "wagtail_localize_desk/screen/batch.html"
PER_PAGE = 50


@require_GET
def all_strings(request: HttpRequest) -> HttpResponse:
    """The strings of translations that the user may change; those still to do, if none is asked."""
    locales = list(Locale.objects.all())
    codes = [locale.language_code for locale in locales]
    language = request.GET.get("locale", "")
    state = request.GET.get("state", "open")
    search = request.GET.get("q", "").strip()
    strings = _filtered(own_strings(request.user, codes), language, state, search)
    ordered = strings.order_by("target_language", "object_key", "path", "number", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("p"))
    rows = _rows(page.object_list)
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "groups": _groups(numbered(rows, page.start_index() or 1)),
        "page_obj": page,
        "query": query.urlencode(),
        "locales": locales,
        "chosen_locale": language,
        "filter": {"state": state, "search": search},
        "filter_choices": filter_choices(),
        "screen_messages": json.dumps(screen_messages()),
    }
    return render(request, TEMPLATE, context)


def _filtered(
    strings: QuerySet[TranslatedString], language: str, state: str, search: str
) -> QuerySet[TranslatedString]:
    if language:
        strings = strings.filter(target_language=language)
    if state == "open":
        strings = strings.filter(state__in=OPEN)
    elif state == "stale":
        strings = strings.filter(reason=Reason.SOURCE_CHANGED)
    elif state:
        strings = strings.filter(state=state)
    if search:
        strings = strings.filter(Q(source_words__icontains=search) | Q(words__icontains=search))
    return strings


def _rows(strings: Any) -> list[StringRow]:
    """The rows of one page of the list, with a fixed number of queries for each type."""
    keys = [string.pk for string in strings]
    found = with_upstream(with_last_change(TranslatedString.objects.filter(pk__in=keys)))
    by_key = {string.pk: string for string in found}
    places: dict[type[Any], Places] = {}
    rows = []
    for key in keys:
        string = by_key.get(key)
        model = model_of(string) if string is not None and string.upstream_string else None
        if model is not None:
            if model not in places:
                places[model] = Places(model)
            rows.append(row_of(string, places[model]))
    targets = targets_of(row.string for row in rows)
    shown = []
    for row in rows:
        target = targets.get((row.string.object_key, row.string.target_locale_id))
        if target is None:
            continue
        row.object_title = str(target)
        row.object_url = get_edit_url(target) or ""
        shown.append(row)
    add_findings(shown)
    return shown


def _groups(rows: Iterable[StringRow]) -> list[tuple[StringRow, list[StringRow]]]:
    """Rows that follow one another and are of one translation, with the first of them."""
    groups: list[tuple[StringRow, list[StringRow]]] = []
    for row in rows:
        of_last = groups[-1][0].string if groups else None
        key = (row.string.object_key, row.string.target_language)
        if of_last is not None and (of_last.object_key, of_last.target_language) == key:
            groups[-1][1].append(row)
        else:
            groups.append((row, [row]))
    return groups
