"""An administrator resets the second factor of somebody who has lost it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.login.second_factor import devices, notices

CHANGE_USER = "auth.change_user"


def may_reset(actor: Any, person: Any) -> bool:
    """Whether `actor` may reset the second factor of `person`.

    Nobody resets their own: a code turns it off. Nor does an administrator reset a superuser's.
    """
    if actor.pk == person.pk or (person.is_superuser and not actor.is_superuser):
        return False
    return bool(actor.has_perm(CHANGE_USER))


class ResetView(WagtailAdminTemplateMixin, TemplateView):
    """Asks for confirmation, and resets."""

    template_name = "login/reset.html"
    page_title = gettext_lazy("Reset second factor")
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raises `PermissionDenied` for those who may not, whether the account exists or not."""
        if not request.user.has_perm(CHANGE_USER) or not may_reset(request.user, self.person):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def person(self) -> Any:
        """Whose second factor is reset. Raises `Http404`."""
        return get_object_or_404(get_user_model(), pk=self.kwargs["user_id"])

    @property
    def back(self) -> str:
        """The list of users."""
        return reverse("wagtailusers_users:index")

    def get_page_subtitle(self) -> str:
        name: str = get_user_display_name(self.person)
        return name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": self.back, "label": _("Users")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"person": self.person, "device": devices.device_of(self.person)}
        return {**super().get_context_data(**kwargs), **context, "back": self.back}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Reset it; all sessions of the account end."""
        name = self.get_page_subtitle()
        if devices.remove(self.person):
            notices.record(notices.RESET, self.person, by=request.user)
            text = _("The second factor of %(name)s was reset.")
            messages.success(request, text % {"name": name})
        else:
            messages.warning(request, _("%(name)s has no second factor.") % {"name": name})
        return HttpResponseRedirect(self.back)
