"""The messages of other packages, and our Malay catalogues of them.

Each catalogue has the same path as in the package itself, below a folder for the package and its
version: `locale/packages/wagtail-8.0.1/wagtail/admin/locale/ms/LC_MESSAGES/django.po`. So it can be
offered upstream unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import polib

LANGUAGE = "ms"


class Plurals(NamedTuple):
    """The number of a language's plural forms, and the catalogue header that declares it."""

    forms: int
    header: str


PLURALS = {
    LANGUAGE: Plurals(1, "nplurals=1; plural=0;"),
    "en": Plurals(2, "nplurals=2; plural=(n != 1);"),
}
#: Packages whose texts admin users see: the distribution and its import name.
PACKAGES = {
    "django": "django",
    "django-filter": "django_filters",
    "django-taggit": "taggit",
    "wagtail": "wagtail",
    "wagtail-localize": "wagtail_localize",
}
#: The parts of Django that the admin shows: forms, dates, error pages, accounts, relative times.
_PARTS = {"django": ("conf", "contrib/auth", "contrib/contenttypes", "contrib/humanize")}
_HEADER = {
    "Last-Translator": "PERKESO CMS",
    "Language-Team": "Malay",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": PLURALS[LANGUAGE].header,
}

#: The identity of a message: its context and its text.
Key = tuple[str | None, str]


def key_of(entry: polib.POEntry) -> Key:
    """The identity of `entry`."""
    return entry.msgctxt, entry.msgid


def text_of(entry: polib.POEntry) -> str:
    """The translation of `entry`; one for all counts, because Malay has one plural form."""
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def installed_package(package: str) -> Path:
    """The folder that `package` is installed in; raises LookupError if it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed.")
    return Path(spec.origin).parent


@dataclass(frozen=True)
class PackageCatalogue:
    """One domain of one app of an installed package."""

    distribution: str
    #: The package's own folder of catalogues, relative to site-packages.
    folder: str
    domain: str

    @property
    def installed(self) -> Path:
        """The folder of the installed package's catalogues."""
        package, _, rest = self.folder.partition("/")
        return installed_package(package) / rest

    # Cached, because an installed package does not change.
    @cache  # noqa: B019
    def messages(self) -> dict[Key, polib.POEntry]:
        """All messages of the installed package, as its developers extracted them."""
        own = self._file(self.installed, "en")
        # Without an English catalogue, all messages that the package was ever translated from.
        files = [own] if own.exists() else sorted(self.installed.glob(f"*/{self._name}"))
        return {
            key_of(entry): entry
            for file in files
            for entry in polib.pofile(str(file))
            if not entry.obsolete
        }

    @cache  # noqa: B019
    def shipped(self) -> dict[Key, polib.POEntry]:
        """The package's own Malay translations."""
        return _translated(self._file(self.installed, LANGUAGE))

    def path(self, root: Path) -> Path:
        """The path of our catalogue below `root`, the folder of packages."""
        name = f"{self.distribution}-{version(self.distribution)}"
        return self._file(root / name / self.folder, LANGUAGE)

    def translated(self, root: Path) -> dict[Key, polib.POEntry]:
        """The translations in our catalogue."""
        return _translated(self.path(root))

    def write(self, root: Path, texts: dict[Key, str]) -> None:
        """Replace our catalogue by the package's messages, in their order, with these `texts`.

        Translations that the package itself ships unchanged are left out.
        """
        shipped = self.shipped()
        catalogue = polib.POFile(wrapwidth=100)
        catalogue.metadata = {
            "Project-Id-Version": f"{self.distribution} {version(self.distribution)}",
            **_HEADER,
        }
        for key, message in self.messages().items():
            text = texts.get(key, "")
            if key in shipped and text in ("", text_of(shipped[key])):
                continue
            catalogue.append(_entry(message, text))
        path = self.path(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))

    @property
    def _name(self) -> str:
        return f"LC_MESSAGES/{self.domain}.po"

    def _file(self, folder: Path, language: str) -> Path:
        return folder / language / self._name


def package_catalogues() -> Iterator[PackageCatalogue]:
    """All catalogues of other packages that admin users may see, in a fixed order."""
    for distribution, package in PACKAGES.items():
        home = installed_package(package)
        for folder in _folders(home, _PARTS.get(distribution, ("**",))):
            domains = {file.stem for file in folder.glob("*/LC_MESSAGES/*.po")}
            for domain in sorted(domains):
                yield PackageCatalogue(
                    distribution, f"{package}/{folder.relative_to(home).as_posix()}", domain
                )


def _folders(home: Path, parts: Iterable[str]) -> list[Path]:
    return sorted(
        folder
        for part in parts
        for folder in home.glob(f"{part}/locale")
        if not {"test", "tests"} & set(folder.parts)
    )


def _translated(file: Path) -> dict[Key, polib.POEntry]:
    if not file.exists():
        return {}
    return {
        key_of(entry): entry
        for entry in polib.pofile(str(file))
        if text_of(entry) and not entry.obsolete and not entry.fuzzy
    }


def _entry(message: polib.POEntry, text: str) -> polib.POEntry:
    return polib.POEntry(
        msgctxt=message.msgctxt,
        msgid=message.msgid,
        msgid_plural=message.msgid_plural,
        msgstr="" if message.msgid_plural else text,
        msgstr_plural={0: text} if message.msgid_plural else {},
        occurrences=message.occurrences,
        comment=message.comment,
        flags=[flag for flag in message.flags if flag.endswith("-format")],
    )
