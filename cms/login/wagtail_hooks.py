"""The second factor, the report of failed log-ins, and logging in again, in the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry

from cms.login.lock_views import UNLOCK, UNLOCK_LABELS, LocksMenuItem, LocksView
from cms.login.second_factor import notices, resetting, users
from cms.login.second_factor.account_panel import SecondFactorPanel
from cms.login.second_factor.views import RecoveryCodesView, TurnOffView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Addresses for those who are logged in; Wagtail requires access to the admin."""
    return [
        path(
            "second-factor/recovery-codes/",
            RecoveryCodesView.as_view(),
            name="second_factor_recovery_codes",
        ),
        path("second-factor/turn-off/", TurnOffView.as_view(), name="second_factor_turn_off"),
        path(
            "second-factor/reset/<int:user_id>/",
            resetting.ResetView.as_view(),
            name="second_factor_reset",
        ),
        path("reports/failed-log-ins/", LocksView.as_view(), name="login_locks"),
    ]


@hooks.register("register_account_settings_panel")
def account_panel(request: HttpRequest, user: Any, profile: Any) -> SecondFactorPanel:
    """The second factor in "My account"."""
    return SecondFactorPanel(request, user, profile)


@hooks.register("register_user_listing_buttons")
def user_buttons(user: Any, request_user: Any) -> list[Button]:
    """Reset a second factor from the list of users."""
    return users.reset_buttons(user, request_user)


@hooks.register("insert_global_admin_css")
def list_styles() -> str:
    """The list of users, on a telephone."""
    return format_html('<link rel="stylesheet" href="{}">', static("login/lists.css"))


@hooks.register("insert_global_admin_js")
def session_dialog() -> str:
    """Ask for the password beside the text when a session has ended while somebody writes."""
    return render_to_string("login/session_dialog.html")


@hooks.register("register_reports_menu_item")
def locks_menu_item() -> LocksMenuItem:
    """The report of failed log-ins."""
    return LocksMenuItem(
        gettext_lazy("Failed log-ins"),
        reverse("login_locks"),
        name="failed-log-ins",
        icon_name="lock",
        order=1200,
    )


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name what is logged."""
    for action, (label, message) in notices.ACTIONS.items():
        actions.register_action(action, label, message)
    actions.register_action(UNLOCK, *UNLOCK_LABELS)
