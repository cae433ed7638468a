"""The dialog for choosing the Act that a sentence refers to."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, LocaleColumn
from wagtail.admin.views.generic import chooser
from wagtail.snippets.views.chooser import SnippetChooserViewSet

from cms.snippets.act_reference.contentstate import edit_url
from cms.snippets.act_reference.titles import public_acts, reading_language
from cms.snippets.models import Act


class SearchForm(BaseFilterForm):
    """Search by number, abbreviation, brand or part of a title, in any language.

    It does not use Wagtail's index, which cannot return one translation of each Act.
    """

    q = forms.CharField(
        label=_("Search term"),
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
        max_length=255,
        required=False,
    )

    def filter(self, objects: QuerySet[Act]) -> QuerySet[Act]:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        for word in self.search_query.split():
            found = Act.objects.filter(live=True).filter(
                Q(title__icontains=word)
                | Q(abbreviation__icontains=word)
                | Q(brand__icontains=word)
                | Q(number=int(word) if word.isdecimal() and len(word) < 10 else None)
            )
            objects = objects.filter(translation_key__in=found.values("translation_key"))
        return objects


class PublicActsMixin:
    """Lists each published Act once, in the language of the text if translated into it."""

    filter_form_class = SearchForm
    results_template_name = "act_reference/chooser_results.html"

    def get_object_list(self) -> QuerySet[Act]:
        language = self.request.GET.get("locale") or reading_language()  # type: ignore[attr-defined]
        return public_acts(language)

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column("number", label=_("Number")),
            Column("abbreviation", label=_("Abbreviation")),
            LocaleColumn(label=_("Language"), sort_key=None),
        ]


class ChooseView(PublicActsMixin, chooser.ChooseView):
    """The whole dialog."""


class ChooseResultsView(PublicActsMixin, chooser.ChooseResultsView):
    """The list alone, for searching and paging."""


class ChosenView(chooser.ChosenView):
    """The data of the chosen Act, for the editor."""

    def get_object(self, pk: str) -> Act:
        """The published Act. Drafts raise `Act.DoesNotExist`; no list offers them."""
        return Act.objects.get(pk=pk, live=True)

    def get_chosen_response_data(self, item: Act) -> dict[str, Any]:
        return {
            "id": str(item.translation_key),
            "title": item.title,
            "editUrl": edit_url(item),
        }


class ActReferenceChooserViewSet(SnippetChooserViewSet):
    """Wagtail's chooser for snippets, for references."""

    model = Act
    icon = "act-reference"
    choose_one_text = _("Choose an Act")
    page_title = _("Choose an Act")
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    # Foreign keys to Acts keep the chooser of the snippet.
    register_widget = False
    # Searches keep the language of the text.
    preserve_url_parameters: ClassVar[list[str]] = ["locale"]
    per_page = 25


viewset = ActReferenceChooserViewSet("act_reference_chooser", url_prefix="act-reference/choose")
