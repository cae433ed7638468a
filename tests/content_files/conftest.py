from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.content_files.files import ContentFolder


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    return ContentFolder(tmp_path / "content")


@pytest.fixture
def load(db: None, folder: ContentFolder) -> Callable[..., str]:
    """A function that loads the folder and returns the command's output."""

    def load_folder(*options: str) -> str:
        out = StringIO()
        call_command("load_content", str(folder.path), *options, stdout=out)
        return out.getvalue()

    return load_folder
