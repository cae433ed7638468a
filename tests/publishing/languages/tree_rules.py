"""Pages are copied, moved and shown by aliases, also below another language's home page."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from wagtail.models import Page

from tests.publishing.languages.base import ANY, Newsroom, Place, named_url

#: The most pages, so that a step stays short.
MOST = 14


class TreeRules(Newsroom):
    @rule(
        number=ANY,
        parent=ANY,
        how=st.sampled_from(["copy", "alias", "move"]),
        is_live=st.booleans(),
    )
    def copy_or_move(self, number: int, parent: int, how: str, is_live: bool) -> None:
        pages = [each for each in self.things() if isinstance(each, Page) and each.depth > 2]
        page = self.pick(pages, number)
        above = self.pick(list(Page.objects.filter(depth=2).order_by("pk")), parent)
        if page is None or (how != "move" and Page.objects.count() > MOST):
            return
        if how == "move":
            url = named_url("wagtailadmin_pages:move_confirm", page.pk, above.pk)
            self.post("pentadbir", url)
            return
        data: dict[str, Any] = {
            "new_title": page.title,
            "new_slug": f"salinan-{self.number}",
            "new_parent_page": above.pk,
        }
        self.number += 1
        data |= {"publish_copies": "on"} if is_live else {}
        data |= {"alias": "on"} if how == "alias" else {}
        url = named_url("wagtailadmin_pages:copy", page.pk)
        before = set(Page.objects.values_list("pk", flat=True))
        self.post("pentadbir", url, data)
        for new in Page.objects.exclude(pk__in=before).select_related("locale"):
            # What readers had of the page by somebody's choice is the copy's.
            old = Place(str(page.translation_key), page.locale.language_code)
            if new.locale_id == page.locale_id:
                self.chosen[self.place_of(new)] |= self.chosen[old]
