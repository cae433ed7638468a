"""The report of translations with states, assignments and due dates, in a few queries."""

from __future__ import annotations

import functools
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from wagtail_localize.models import Translation
from wagtail_localize.views.report import TranslationsReportView

from wagtail_localize_desk.open_strings import with_open_strings
from wagtail_localize_desk.progress import edit_url, of_targets, state_of, with_progress
from wagtail_localize_desk.rights import EDITING

RESULTS_TEMPLATE = "wagtail_localize_desk/translations_report_results.html"

_report = TranslationsReportView.get_queryset
_decorate = TranslationsReportView.decorate_paginated_queryset


@functools.wraps(_report)
def reported_translations(view: TranslationsReportView) -> QuerySet[Translation]:
    """The report's translations: those that the user may change or publish."""
    own = of_targets(_report(view), view.request.user, EDITING)
    # Without an order, pages of the list could repeat an entry and omit another.
    return (
        with_progress(with_open_strings(own))
        .select_related("source__specific_content_type", "source__locale", "target_locale")
        .order_by("pk")
    )


@functools.wraps(_decorate)
def described(view: TranslationsReportView, translations: Any) -> Any:
    """The translations of a page of the list, each with what its row shows."""
    found = list(_decorate(view, translations))
    for each in found:
        each.kind = capfirst(str(each.source.specific_content_type.name))
        each.edit_url = edit_url(each)
        each.state = state_of(each)
    return found
