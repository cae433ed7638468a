"""What people and programs send to the admin: odd input gets an answer, never a server error.

Imports no other part of the product but `core`.
"""

from __future__ import annotations

from django.apps import AppConfig


class AdminInputConfig(AppConfig):
    """Mends the places of Wagtail and its packages that fail on odd input. It has no models."""

    name = "cms.admin_input"
    label = "cms_admin_input"

    def ready(self) -> None:
        from cms.admin_input import integers, patches
        from cms.core import patching

        integers.register_lookups()
        patching.apply(patches.PATCHES)
        patching.register_check(self.name, patches.PATCHES, "cms_admin_input.E001")
