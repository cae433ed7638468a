"""The forms of a page of the admin, with the values that a browser would send.

lxml reads a page of the editor in a tenth of the time that BeautifulSoup takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from lxml import html as lxml_html


@dataclass(frozen=True)
class HtmlForm:
    """A form: its id, its address as it is written, its method, and what it would send."""

    id: str
    action: str
    method: str
    values: QueryDict

    def __contains__(self, name: str) -> bool:
        return name in self.values


def forms_in(text: str) -> list[HtmlForm]:
    """All forms of a page, in their order; the token against forged requests is left out."""
    if "<form" not in text:
        return []
    return [_form(form) for form in lxml_html.fromstring(text).iter("form")]


def _form(form: lxml_html.FormElement) -> HtmlForm:
    values = QueryDict(mutable=True)
    for name, value in form.form_values():
        if name != "csrfmiddlewaretoken":
            values.appendlist(name, value)
    return HtmlForm(
        form.get("id", ""), form.get("action", ""), form.get("method", "get").lower(), values
    )
