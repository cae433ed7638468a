"""What all tests share: which of them belong to the settings in use, and the snapshot option."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from cms.operations.catalogues import ROOT, compile_changed

# Django reads compiled catalogues only.
compile_changed(ROOT)

TESTS = Path(__file__).parent
SETTINGS = os.environ.get("DJANGO_SETTINGS_MODULE", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--snapshot-update",
        action="store_true",
        help="Write the snapshots of the public contract anew instead of comparing with them.",
    )


def own_project(folder: Path) -> bool:
    """Whether the tests in `folder` need settings that are not in use.

    A folder with settings of its own is a Wagtail project of its own; `make test` runs it so.
    """
    modules = [
        ".".join(path.relative_to(TESTS.parent).with_suffix("").parts)
        for path in folder.glob("settings*.py")
    ]
    return bool(modules) and SETTINGS not in modules


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if collection_path.is_dir() and own_project(collection_path):
        return True
    return None


@pytest.fixture(autouse=True)
def language_is_given_back() -> Iterator[None]:
    """A request of Django's client leaves its language to whatever comes after it in the thread."""
    with translation.override(translation.get_language()):
        yield
