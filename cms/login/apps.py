from __future__ import annotations

from django.apps import AppConfig


class LoginConfig(AppConfig):
    """Guards log-ins. django-axes and django-otp keep what they count and check."""

    name = "cms.login"
    label = "cms_login"

    def ready(self) -> None:
        from cms.login.second_factor import sessions

        sessions.connect()
