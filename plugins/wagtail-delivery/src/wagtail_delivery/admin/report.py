"""The report of documents that could not be updated, and the button that tries them again."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.models import DraftStateMixin, Page
from wagtail.permissions import policy_registry

from wagtail_delivery.models import PendingDocument
from wagtail_delivery.publishing.dependents import compile_all_pending
from wagtail_delivery.publishing.failed_documents import FailedDocument, failed_documents
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.store.pending import is_worker_alive, retry_now

TITLE = gettext_lazy("Documents that could not be updated")
ICON = "warning"
PER_PAGE = 50
#: The most rows that are looked at; with more, something else is wrong.
MOST_ROWS = 1_000


class FailedDocumentsMenuItem(MenuItem):  # type: ignore[misc]
    """The entry in the menu of reports, for those who publish."""

    def __init__(self) -> None:
        url = reverse("wagtail_delivery_admin:failed")
        super().__init__(TITLE, url, name="failed-documents", icon_name=ICON, order=1200)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_report(request.user)


def may_see_report(user: Any) -> bool:
    """Whether `user` publishes anything that has documents."""
    for content_type in content_types():
        has_drafts = issubclass(content_type.model, (Page, DraftStateMixin))
        policy = policy_registry.get_by_type(content_type.model)
        action = "publish" if has_drafts else "change"
        if policy is not None and policy.user_has_any_permission(user, [action]):
            return True
    return False


def failed(request: HttpRequest) -> HttpResponseBase:
    """The failed documents that the user may edit; others do not exist for them."""
    if not may_see_report(request.user):
        raise PermissionDenied
    paginator = WagtailPaginator(_editable(request.user), PER_PAGE)
    page = paginator.get_page(request.GET.get("p"))
    context = {
        "header_title": TITLE,
        "header_icon": ICON,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": TITLE},
        ],
        "page": page,
        "elided_page_range": paginator.get_elided_page_range(page.number),
    }
    return render(request, "wagtail_delivery/admin/failed.html", context)


@require_POST
def try_again(request: HttpRequest) -> HttpResponseBase:
    """Try the documents of the report again at once: one of them, or all."""
    if not may_see_report(request.user):
        raise PermissionDenied
    wanted = request.POST.get("document")
    keys = [row.pk for row in _editable(request.user) if wanted in (None, str(row.pk))]
    retry_now(keys)
    if keys:
        text = ngettext(
            "%(count)d document is tried again now.",
            "%(count)d documents are tried again now.",
            len(keys),
        ) % {"count": len(keys)}
        if is_worker_alive():
            text += " " + _("Open the report again in a few seconds.")
        else:
            compile_all_pending()
        messages.info(request, text)
    return redirect("wagtail_delivery_admin:failed")


def _editable(user: Any) -> list[FailedDocument]:
    rows = PendingDocument.objects.exclude(failure="").order_by("recorded_at", "pk")
    found = failed_documents(list(rows[:MOST_ROWS]), user)
    return [each for each in found if each.edit_url]
