"""The table of all attributes of Wagtail, Django and Treebeard that this plugin replaces.

Wagtail has no hook around a publish, and its publish action runs in no transaction. Its admin
answers an error while publishing with a bare 500. The patches cover each entry point without a
fork; a system check fails if other code replaces a patched attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wagtail_delivery.publishing import (
    admin_errors,
    alias_patches,
    file_patches,
    schedule_patches,
    status_panel,
    wagtail_patches,
)
from wagtail_delivery.publishing.patching import Patch, applied, install, missing

__all__ = ["Patch", "applied", "apply", "missing"]

#: What makes the patches: one for each action, tracked model, view or form that exists.
TABLE: tuple[Callable[[], Iterator[Patch]], ...] = (
    alias_patches.update_of_aliases,
    wagtail_patches.actions_that_publish,
    wagtail_patches.saving_and_deleting,
    wagtail_patches.moving_in_trees,
    wagtail_patches.approving,
    wagtail_patches.views_that_publish,
    wagtail_patches.views_that_save_drafts,
    wagtail_patches.forms_of_files,
    wagtail_patches.views_without_signals,
    wagtail_patches.automatic_redirects,
    file_patches.creating_renditions,
    file_patches.finding_renditions,
    file_patches.storing_files,
    # Around the views above: the reason is shown in the form, and the whole request is undone.
    admin_errors.forms_that_report,
    schedule_patches.schedules,
    status_panel.status_of_publications,
)


def apply() -> None:
    """Put all patches in place when the app is ready; doing so twice is once."""
    for patches in TABLE:
        install(patches())
