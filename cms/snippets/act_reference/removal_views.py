"""Views that take an Act off the site, and first show the sentences that refer to it."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views.snippets import DeleteView, UnpublishView

from cms.snippets.act_reference.citations import citations
from cms.snippets.models import Act


class CitationsMixin:
    """Adds `citations` of the Act to the context of a confirmation."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        acts = [self.object]  # type: ignore[attr-defined]
        context["citations"] = citations(acts, self.request.user)  # type: ignore[attr-defined]
        return context


class UnpublishActView(CitationsMixin, UnpublishView):
    """Unpublishes one Act."""


class DeleteActView(CitationsMixin, DeleteView):
    """Deletes one Act."""


class DeleteActsBulkAction(DeleteBulkAction):
    """Deletes the Acts that were selected in their list."""

    models = (Act,)
    template_name = "act_reference/confirm_bulk_delete.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        acts = [entry["item"] for entry in context["items"]]
        context["citations"] = citations(acts, self.request.user)
        return context
