"""The report of failed log-ins, and its button that ends a lock."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import BaseListingView
from wagtail.log_actions import log

from cms.login.locks import Kind, Lock, current_locks, unlock
from cms.login.second_factor.resetting import CHANGE_USER

#: The log entry of an account that was let in again.
UNLOCK = "cms.login.unlock"
UNLOCK_LABELS = (gettext_lazy("Let in again"), gettext_lazy("Let in again after failed log-ins"))

LABELS = {
    Kind.ACCOUNT: gettext_lazy("Log-ins with this account"),
    Kind.ADDRESS: gettext_lazy("Log-ins from this address"),
    Kind.CODE: gettext_lazy("Codes of this account"),
    Kind.SHARED_PASSWORD: gettext_lazy("Shared passwords from this address"),
}


class LocksMenuItem(MenuItem):
    """Leads administrators to the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CHANGE_USER))


class LockColumn(Column):
    """An account or address with what has failed, or the form that lets it in again."""

    def __init__(self, name: str, label: Any, template: str) -> None:
        super().__init__(name, label=label)
        self.cell_template_name = template

    def get_value(self, instance: Lock) -> Lock:
        return instance

    def get_cell_context_data(self, instance: Lock, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        own = {"kind": LABELS[instance.kind], "csrf_token": parent_context.get("csrf_token")}
        return {**context, **own}


class LocksView(BaseListingView):
    """Accounts and addresses with failed log-ins that count at the moment."""

    page_title = gettext_lazy("Failed log-ins")
    header_icon = "lock"
    index_url_name = "login_locks"
    paginate_by = 50
    # Three, so that they have room on a telephone.
    columns = [
        LockColumn("who", gettext_lazy("Account or address"), "login/lock_who_cell.html"),
        LockColumn("failures", gettext_lazy("Failures"), "login/lock_failures_cell.html"),
        LockColumn("until", gettext_lazy("Refused until"), "login/lock_until_cell.html"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raises `PermissionDenied` for those who may not change users."""
        if not request.user.has_perm(CHANGE_USER):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> list[Lock]:
        """The locks; they come from four tables."""
        return current_locks()

    @property
    def no_results_message(self) -> str:
        """Said where nothing has failed."""
        return _("No log-in has failed lately, and nobody is refused.")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """End one lock."""
        kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
        target = unlock(kind, key, by=request.user)
        if target is None:
            text = _("There is nothing to end any more: another attempt is allowed already.")
            messages.warning(request, text)
        else:
            if isinstance(target, AbstractBaseUser):
                log(instance=target, action=UNLOCK, user=request.user)
            messages.success(request, _("%(name)s may try again.") % {"name": target})
        return HttpResponseRedirect(self.index_url)
