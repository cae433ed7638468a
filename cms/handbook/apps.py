from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks

from cms.handbook.reading import files


class HandbookConfig(AppConfig):
    """Shows the handbooks in the admin."""

    name = "cms.handbook"
    label = "cms_handbook"

    def ready(self) -> None:
        checks.register(check_files_are_there)


def check_files_are_there(**kwargs: Any) -> list[checks.CheckMessage]:
    """An error for each handbook that was left out of an installation.

    The admin's pages link to sections of them.
    """
    return [
        checks.Error(
            f"The handbook {file} is missing.",
            hint="Install the folder docs/ beside cms/.",
            id="cms.handbook.E001",
        )
        for file in files()
        if not file.is_file()
    ]
