"""The form of the search: a phrase, and where to look for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale

from cms.text_search.folding import fold
from cms.text_search.indexing import searched_models

#: The least characters of a phrase: one letter is in every text.
LEAST = 2
#: The most. SQLite compares with patterns of up to 50,000 bytes.
MOST = 200


class TextSearchForm(forms.Form):
    """Made of the address; empty choices mean everything."""

    q = forms.CharField(
        label=gettext_lazy("Text to search for"), max_length=MOST, required=False, strip=True
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        everything = ("", _("All"))
        kinds = [
            (model._meta.label_lower, capfirst(model._meta.verbose_name))
            for model in searched_models()
        ]
        languages = [
            (locale.language_code, locale.get_display_name()) for locale in Locale.objects.all()
        ]
        self._offer("type", [everything, *sorted(kinds, key=lambda kind: str(kind[1]))])
        self._offer("language", [everything, *languages])
        self.fields["q"].widget.attrs["aria-describedby"] = "text-search-help"

    def clean_q(self) -> str:
        """The phrase as texts are compared with it; raises ValidationError if it is too short."""
        phrase = fold(self.cleaned_data["q"])
        if self.cleaned_data["q"] and len(phrase) < LEAST:
            raise forms.ValidationError(_("Write at least two characters."))
        return phrase

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
