"""Publishing several pages at once: each by itself, and one message that names each.

Wagtail publishes all in one transaction and counts them before it ends. A page that fails then
leaves "2 pages published" and "nothing was saved" on one screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Page

from cms.editors.second_person import rule
from wagtail_delivery.extending import EncodingError, publishing
from wagtail_localize_desk.extending import UntranslatedTextError


@dataclass
class Outcome:
    """The titles of what was published or scheduled, and of what was not, with the reasons."""

    published: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def message(self) -> SafeString:
        """One message, in the active language."""
        parts = []
        if self.published:
            text = ngettext(
                "%(count)d page published:", "%(count)d pages published:", len(self.published)
            )
            parts.append(
                format_html(
                    "{} {}.", text % {"count": len(self.published)}, ", ".join(self.published)
                )
            )
        if self.refused:
            text = ngettext(
                "%(count)d page not published:", "%(count)d pages not published:", len(self.refused)
            )
            parts.append(
                format_html(
                    "{}<ul>{}</ul>",
                    text % {"count": len(self.refused)},
                    format_html_join("", "<li>{}: {}</li>", self.refused),
                )
            )
        return format_html_join(" ", "{}", ((part,) for part in parts))


class PublishPages(PublishBulkAction):
    """Replaces Wagtail's bulk action for publishing pages."""

    template_name = "editors/admin/second_person/confirm_bulk_publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The context of the confirmation, with the reason for each page that will be refused."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        own = (
            [item for item in context["items"] if rule.wrote_unpublished(user, item["item"])]
            if rule.is_in_force()
            else []
        )
        if rule.applies_to(user):
            context["refused"] = [
                {"item": item["item"], "reason": rule.refusal(user, item["item"])} for item in own
            ]
            context["items"] = [item for item in context["items"] if item not in own]
        else:
            context["published_alone"] = [item["item"] for item in own]
        return context

    def form_valid(self, form: Form) -> HttpResponseBase:
        self.cleaned_form = form
        pages, _context = self.get_actionable_objects()
        outcome = Outcome()
        for hook in hooks.get_hooks("before_bulk_action"):
            response = hook(self.request, self.action_type, pages, self)
            if isinstance(response, HttpResponseBase):
                return response
        for page in self._pages_to_publish(pages):
            self._publish(page, outcome)
        for hook in hooks.get_hooks("after_bulk_action"):
            response = hook(self.request, self.action_type, pages, self)
            if isinstance(response, HttpResponseBase):
                return response
        self._tell(outcome)
        return redirect(self.next_url)

    def _pages_to_publish(self, pages: list[Page]) -> Iterator[Page]:
        """The chosen pages and, if asked for, the drafts below them, each once."""
        seen: set[int] = set()
        for chosen in pages:
            drafts = (
                chosen.get_descendants().not_live()
                if self.cleaned_form.cleaned_data["include_descendants"]
                else ()
            )
            for page in (chosen, *drafts):
                if page.pk not in seen and self.check_perm(page):
                    seen.add(page.pk)
                    yield page

    def _publish(self, page: Page, outcome: Outcome) -> None:
        user = self.request.user
        title = page.get_admin_display_title()
        try:
            with publishing():
                revision = page.get_latest_revision() or page.specific.save_revision(user=user)
                revision.publish(user=user)
        except (EncodingError, rule.SecondPersonRequiredError, UntranslatedTextError) as error:
            reason = error.reason if isinstance(error, EncodingError) else error
            outcome.refused.append((title, str(reason)))
        else:
            outcome.published.append(title)

    def _tell(self, outcome: Outcome) -> None:
        if not outcome.refused:
            level = messages.success
        else:
            level = messages.warning if outcome.published else messages.error
        level(self.request, outcome.message())
