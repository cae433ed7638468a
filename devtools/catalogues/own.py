"""Catalogues of this repository's own messages: the product's, and one in each plugin.

The product has catalogues in Malay and English. A plugin has one in Malay, inside its package, so
its wheel contains it; its source is in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from devtools.catalogues.extraction import Message, messages_in
from devtools.catalogues.packages import LANGUAGE, Key, key_of


@dataclass(frozen=True)
class OwnCatalogue:
    """One catalogue, and the folders whose messages it translates."""

    #: Its folder, relative to the repository; used in reports.
    name: str
    file: Path
    language: str
    sources: tuple[Path, ...]

    def messages(self) -> dict[Key, Message]:
        """All messages of the sources, each at its first occurrence."""
        found: dict[Key, Message] = {}
        for message in messages_in(*self.sources):
            found.setdefault(message.key, message)
        return found

    def entries(self) -> dict[Key, polib.POEntry]:
        """All entries of the file that are not obsolete; empty if there is no file."""
        if not self.file.exists():
            return {}
        return {
            key_of(entry): entry for entry in polib.pofile(str(self.file)) if not entry.obsolete
        }


def own_catalogues(root: Path) -> Iterator[OwnCatalogue]:
    """All catalogues of the product and the plugins in `root`, in a fixed order."""
    for language in (LANGUAGE, "en"):
        yield _catalogue(root, root, language, (root / "cms", root / "templates"))
    for package in sorted(root.glob("plugins/*/src/*/__init__.py")):
        yield _catalogue(root, package.parent, LANGUAGE, (package.parent,))


def _catalogue(root: Path, folder: Path, language: str, sources: tuple[Path, ...]) -> OwnCatalogue:
    home = folder / "locale" / language
    name = home.relative_to(root).as_posix()
    return OwnCatalogue(name, home / "LC_MESSAGES" / "django.po", language, sources)
