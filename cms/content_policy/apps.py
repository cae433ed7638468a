from __future__ import annotations

from django.apps import AppConfig


class ContentPolicyConfig(AppConfig):
    """Lets the admin run its own scripts and no others. It has no models."""

    name = "cms.content_policy"
    label = "cms_content_policy"

    def ready(self) -> None:
        from cms.content_policy import patches
        from cms.core import patching

        patching.apply(patches.PATCHES)
        patching.register_check(self.name, patches.PATCHES, "cms_content_policy.E001")
