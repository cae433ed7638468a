"""The list of users says who has a second factor, and offers to reset it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.widgets.button import Button
from wagtail.users.views.users import IndexView, UserViewSet

from cms.login.second_factor.resetting import may_reset


class UsersView(IndexView):
    """Wagtail's list with one more column."""

    @cached_property
    def columns(self) -> list[Any]:
        column = BooleanColumn(
            "has_second_factor",
            label=gettext_lazy("Second factor"),
            classname="second-factor",
            width="10%",
        )
        return [*super().columns[:-1], column, super().columns[-1]]

    def get_base_queryset(self) -> QuerySet[Any]:
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users: QuerySet[Any] = super().get_base_queryset()
        return users.annotate(has_second_factor=Exists(apps))


class UsersWithSecondFactor(UserViewSet):
    """Wagtail's pages for users, with our list."""

    index_view_class = UsersView


def reset_buttons(user: Any, request_user: Any) -> list[Button]:
    """A button for an account with a second factor, for those who may reset it."""
    if not getattr(user, "has_second_factor", False) or not may_reset(request_user, user):
        return []
    url = reverse("second_factor_reset", args=[user.pk])
    return [Button(_("Reset second factor"), url=url, icon_name="key", priority=25)]
