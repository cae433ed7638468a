"""The part of "My account" about the second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.views.account import BaseSettingsPanel

from cms.login.second_factor import devices
from cms.login.second_factor.requirement import is_required


class SecondFactorPanel(BaseSettingsPanel):
    """Says whether there is one, and links to the pages that change it."""

    name = "second_factor"
    title = gettext_lazy("Second factor")
    template_name = "login/account_panel.html"
    order = 600

    def get_form(self) -> forms.Form:
        """An unbound form without fields: the panel has only links."""
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        device = devices.device_of(self.user)
        return {
            **super().get_context_data(),
            "device": device,
            "codes_left": devices.recovery_codes_left(self.user) if device else 0,
            "is_required": is_required(self.user),
        }
