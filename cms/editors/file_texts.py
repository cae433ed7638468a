"""Who may edit the translated texts of library files."""

from __future__ import annotations

from wagtail.permissions import register_permission_policy

from cms.snippets.permissions import LocalePermissionPolicy
from wagtail_localize_desk.extending import FileTexts, FileTextsPolicy


class LocaleFileTextsPolicy(FileTextsPolicy, LocalePermissionPolicy):
    """Translated texts of files, limited to the user's languages as all other entries."""


def register_policy() -> None:
    """Register the policy; called before Wagtail looks it up."""
    register_permission_policy(FileTexts, LocaleFileTextsPolicy(FileTexts), exact_class=True)
