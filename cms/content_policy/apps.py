from __future__ import annotations

from django.apps import AppConfig


class ContentPolicyConfig(AppConfig):
    """Lets the admin run its own scripts and no others. It has no models."""

    name = "cms.content_policy"
    label = "cms_content_policy"

    def ready(self) -> None:
        from cms.content_policy import checks, patches

        patches.apply()
        checks.register()
