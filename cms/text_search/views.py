"""The page of the admin that finds where a text stands."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.text_search.forms import TextSearchForm
from cms.text_search.models import IndexedText
from cms.text_search.results import results
from cms.text_search.searching import texts_with

URL_NAME = "text_search"
PER_PAGE = 20


class TextSearchView(WagtailAdminTemplateMixin, TemplateView):
    """Lists pages and entries with a phrase, and where in them it stands."""

    template_name = "text_search/search.html"
    page_title = gettext_lazy("Search in text")
    header_icon = "search"

    @cached_property
    def form(self) -> TextSearchForm:
        """The form, with what was searched for."""
        return TextSearchForm(self.request.GET)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Where the page is."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and one page of the results."""
        context: dict[str, Any] = super().get_context_data(form=self.form, **kwargs)
        phrase = self.form.cleaned_data.get("q") if self.form.is_valid() else ""
        if phrase:
            paginator = WagtailPaginator(self._rows(phrase), PER_PAGE)
            page = paginator.get_page(self.request.GET.get("p"))
            context |= {
                "results": results(page, phrase),
                "count": paginator.count,
                "page_obj": page,
                "elided_page_range": paginator.get_elided_page_range(page.number),
            }
        return context

    def _rows(self, phrase: str) -> QuerySet[IndexedText]:
        found = texts_with(phrase, self.request.user)
        if kind := self.form.cleaned_data["type"]:
            content_type = ContentType.objects.get_for_model(apps.get_model(kind))
            found = found.filter(content_type=content_type)
        if language := self.form.cleaned_data["language"]:
            found = found.filter(locale__language_code=language)
        return found
