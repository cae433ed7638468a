"""The user's open tasks, on the first page of the admin.

Wagtail's own panels list content to approve, the user's content in review or sent back, and content
that the user last edited or locked; wagtail_localize_desk's lists translations. This panel adds
drafts that were never submitted, and flagged content. The number of queries does not depend on the
amount of content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import Page, WorkflowState, get_page_models
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry
from wagtail.snippets.models import get_snippet_models

from cms.core.working_translation import WorkingTranslationMixin
from cms.editors.edit_addresses import edit_url
from cms.snippets.models.base import Snippet

#: The most lines that a list shows.
LIMIT = 10


@dataclass(frozen=True)
class Line:
    """A link to content, and the task it needs."""

    title: str
    url: str
    kind: str = ""
    remark: str = ""
    locale_id: int | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Listing:
    """Lines under a heading; `has_more` if the list leaves some out."""

    identifier: str
    heading: str
    lines: list[Line]
    has_more: bool = False


class WaitingPanel(Component):
    """The panel with the lists, or with a message if all are empty."""

    name = "waiting"
    order = 230
    template_name = "editors/admin/waiting_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        user = parent_context["request"].user if parent_context else None
        listings = (
            shortened("drafts", _("Your drafts"), drafts_of(user), newest_first=True),
            shortened("notes", _("Notes to editors"), notes_for(user)),
            shortened(
                "working-translations",
                _("Working translations that are not official yet"),
                working_translations_for(user),
            ),
        )
        return {"listings": [listing for listing in listings if listing.lines]}


def shortened(
    identifier: str, heading: str, lines: Iterable[Line], *, newest_first: bool = False
) -> Listing:
    """A listing of the first lines."""
    found = list(lines)
    if newest_first:
        found.sort(key=lambda line: line.since.timestamp() if line.since else 0, reverse=True)
    return Listing(identifier, heading, found[:LIMIT], has_more=len(found) > LIMIT)


def drafts_of(user: Any) -> Iterator[Line]:
    """Pages and snippets with unpublished changes, last edited by this user and not in review."""
    for model in (Page, *_snippet_models()):
        content_type = ContentType.objects.get_for_model(model)
        reviews = WorkflowState.objects.active().filter(
            base_content_type=content_type, object_id=Cast(OuterRef("pk"), CharField())
        )
        drafts = (
            _permitted(model, user, "change")
            .filter(has_unpublished_changes=True, latest_revision__user=user)
            .exclude(Exists(reviews))
            .select_related("latest_revision")
            .order_by("-latest_revision__created_at")
        )
        for draft in drafts[: LIMIT + 1]:
            yield Line(
                title=draft.latest_revision.object_str,
                url=edit_url(model, draft.pk),
                kind=_kind(draft.cached_content_type.model_class() if model is Page else model),
                locale_id=draft.locale_id,
                since=draft.latest_revision.created_at,
            )


def notes_for(user: Any) -> Iterator[Line]:
    """Snippets with a note to editors."""
    for model in _snippet_models():
        noted = _permitted(model, user, "change").exclude(editor_note="")
        for snippet in noted[: LIMIT + 1]:
            yield Line(
                title=str(snippet),
                url=edit_url(model, snippet.pk),
                kind=_kind(model),
                remark=Truncator(snippet.editor_note).chars(160),
                locale_id=snippet.locale_id,
            )


def working_translations_for(user: Any) -> Iterator[Line]:
    """Pages marked as working translations, and the number of such snippets of each type.

    Only content that the user may publish, and thus mark as official.
    """
    for model in get_page_models():
        if issubclass(model, WorkingTranslationMixin):
            pages = _permitted(model, user, "publish").filter(working_translation=True)
            for page in pages[: LIMIT + 1]:
                yield Line(
                    title=page.get_admin_display_title(),
                    url=edit_url(Page, page.pk),
                    kind=_kind(model),
                    locale_id=page.locale_id,
                )
    for model in _snippet_models():
        count = _permitted(model, user, "publish").filter(working_translation=True).count()
        if count:
            viewset = model.snippet_viewset
            yield Line(
                title=capfirst(model._meta.verbose_name_plural),
                url=f"{reverse(viewset.get_url_name('list'))}?working_translation=true",
                remark=ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count},
            )


def _snippet_models() -> list[type[Any]]:
    return [model for model in get_snippet_models() if issubclass(model, Snippet)]


def _permitted(model: type[Model], user: Any, action: str) -> QuerySet[Any]:
    """The instances on which the user may perform `action`."""
    policy = (
        PagePermissionPolicy.for_model(model)
        if issubclass(model, Page)
        else policy_registry.get_by_type(model)
    )
    found: QuerySet[Any] = policy.instances_user_has_permission_for(user, action)
    return found


def _kind(model: type[Model] | None) -> str:
    return str(capfirst(model._meta.verbose_name)) if model else ""
