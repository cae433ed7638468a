from __future__ import annotations

from django.apps import AppConfig


class LoginConfig(AppConfig):
    """Guards the log-in pages. It has no models; django-axes keeps the failed attempts."""

    name = "cms.login"
    label = "cms_login"
