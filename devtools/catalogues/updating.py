"""Update the catalogues of other packages to the installed versions."""

from __future__ import annotations

import shutil
from pathlib import Path

import polib

from devtools.catalogues.packages import (
    PACKAGES,
    Key,
    PackageCatalogue,
    key_of,
    package_catalogues,
    text_of,
)


def update_catalogues(root: Path) -> list[PackageCatalogue]:
    """Rewrite all catalogues below `root`, keeping the existing translations.

    Returns the catalogues that lack translations, such as those of a package's new messages.
    Folders of versions that are not installed are removed.
    """
    catalogues = list(package_catalogues())
    texts = {catalogue: _texts(root, catalogue) for catalogue in catalogues}
    for catalogue in catalogues:
        catalogue.write(root, texts[catalogue])
    written = {catalogue.path(root) for catalogue in catalogues}
    for distribution in PACKAGES:
        for folder in root.glob(f"{distribution}-[0-9]*"):
            if not any(path.is_relative_to(folder) for path in written):
                shutil.rmtree(folder)
    return [
        catalogue
        for catalogue in catalogues
        if catalogue.messages().keys()
        - catalogue.translated(root).keys()
        - catalogue.shipped().keys()
    ]


def _texts(root: Path, catalogue: PackageCatalogue) -> dict[Key, str]:
    """The translations in the package's catalogues of any version; the same path wins."""
    name = f"{catalogue.domain}.po"
    files = sorted(
        root.glob(f"{catalogue.distribution}-[0-9]*/**/LC_MESSAGES/{name}"),
        key=lambda file: f"/{catalogue.folder}/" in file.as_posix(),
    )
    texts: dict[Key, str] = {}
    for file in files:
        for entry in polib.pofile(str(file)):
            if text_of(entry):
                texts[key_of(entry)] = text_of(entry)
    return texts
