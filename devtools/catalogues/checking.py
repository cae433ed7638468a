"""Check that all texts of the admin are translated, and correctly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

from devtools.catalogues import rules
from devtools.catalogues.extraction import Message, messages_of_package
from devtools.catalogues.javascript import messages_in_bundles
from devtools.catalogues.own import own_catalogues
from devtools.catalogues.packages import (
    LANGUAGE,
    PLURALS,
    Key,
    key_of,
    package_catalogues,
    text_of,
)
from devtools.catalogues.terminology import Terminology

#: Packages whose source is read as well: their own catalogues may lag behind it.
_READ = ("taggit", "wagtail", "wagtail_localize")
#: Those of them that have messages in JavaScript.
_WITH_JAVASCRIPT = ("wagtail", "wagtail_localize")


@dataclass
class Report:
    """The problems found, and the number of messages checked per catalogue."""

    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def check_messages(root: Path) -> Report:
    """Check the catalogues in `root`: the product's, its plugins', and those of other packages."""
    report = Report()
    terminology = Terminology(root / "docs" / "terminology.md")
    packages = root / "locale" / "packages"
    translations: dict[Key, tuple[str, str]] = {}
    known: set[Key] = set()
    known_to_javascript: set[str] = set()
    catalogues = list(package_catalogues())
    for catalogue in catalogues:
        name = f"{catalogue.folder} ({catalogue.domain})"
        messages, ours = catalogue.messages(), catalogue.translated(packages)
        known |= messages.keys()
        if catalogue.domain == "djangojs":
            known_to_javascript |= {text for _context, text in messages}
        report.counts[name] = len(messages)
        problems = [*_package_problems(messages, catalogue.shipped(), ours, terminology)]
        if (file := catalogue.path(packages)).exists():
            problems += _file_problems(file, LANGUAGE)
        report.problems += [f"{name}: {problem}" for problem in problems]
        report.problems += _contradictions(name, ours, translations)
    report.problems += _unknown_in_source(known, known_to_javascript)
    report.problems += _superfluous(
        packages, {catalogue.path(packages) for catalogue in catalogues}
    )
    _check_own(root, terminology, translations, report)
    return report


def _package_problems(
    messages: dict[Key, polib.POEntry],
    shipped: dict[Key, polib.POEntry],
    ours: dict[Key, polib.POEntry],
    terminology: Terminology,
) -> Iterator[str]:
    translated = {**shipped, **ours}
    for key, message in messages.items():
        if key not in translated:
            yield f"{message.msgid!r} has no translation"
        else:
            printf = any(flag.endswith("python-format") for flag in message.flags)
            yield from _entry_problems(
                message.msgid_plural, translated[key], LANGUAGE, terminology, printf=printf
            )
    for key in ours.keys() - messages.keys():
        yield f"{key[1]!r} is not a message of the installed package"


def _entry_problems(
    plural: str,
    entry: polib.POEntry,
    language: str,
    terminology: Terminology | None = None,
    *,
    printf: bool = False,
) -> Iterator[str]:
    """Problems of a translation; `plural` is the source's plural form, or empty."""
    forms = PLURALS[language].forms if plural else 0
    if entry.msgid_plural != plural:
        yield f"{entry.msgid!r}: the plural is {plural!r}"
    elif list(entry.msgstr_plural) != list(range(forms)):
        yield f"{entry.msgid!r}: the number of plural forms must be {forms}"
    else:
        english = plural or entry.msgid
        for text in entry.msgstr_plural.values() if plural else [entry.msgstr]:
            yield from _text_problems(english, text, terminology, printf=printf)


def _file_problems(file: Path, language: str) -> Iterator[str]:
    """Problems of a catalogue as a file."""
    catalogue = polib.pofile(str(file))
    wanted = PLURALS[language].header
    header = catalogue.metadata.get("Plural-Forms", "")
    if header.replace(" ", "") != wanted.replace(" ", ""):
        yield f"Plural-Forms is {header!r}, not {wanted!r}"
    times = Counter(key_of(entry) for entry in catalogue if not entry.obsolete)
    yield from (f"{key[1]!r} occurs {count} times" for key, count in times.items() if count > 1)


def _contradictions(
    name: str, ours: dict[Key, polib.POEntry], translations: dict[Key, tuple[str, str]]
) -> Iterator[str]:
    """Django merges all catalogues, so each message must have only one translation."""
    for key, entry in ours.items():
        text = text_of(entry)
        before, where = translations.setdefault(key, (text, name))
        if before != text:
            yield f"{name}: {key[1]!r} is {text!r}, but {before!r} in {where}"


def _unknown_in_source(known: set[Key], known_to_javascript: set[str]) -> Iterator[str]:
    """Messages of packages that are missing from their own catalogues."""
    for package in _READ:
        for message in messages_of_package(package):
            if message.key not in known:
                yield f"{message.location}: {message.key[1]!r} is in no catalogue of the package"
        found = False
        for text, file in messages_in_bundles(package, known_to_javascript):
            found = True
            if text not in known_to_javascript:
                yield f"{file}: {text!r} is in no catalogue of the package"
        if package in _WITH_JAVASCRIPT and not found:
            yield f"{package}: no message found in its JavaScript; see catalogues/javascript.py"


def _superfluous(root: Path, read: set[Path]) -> Iterator[str]:
    """Files that no installed package uses, such as those of another version."""
    for file in sorted(root.rglob("*.po")):
        if file not in read:
            yield f"{file.relative_to(root)}: belongs to no installed version of a package"


def _check_own(
    root: Path,
    terminology: Terminology,
    translations: dict[Key, tuple[str, str]],
    report: Report,
) -> None:
    """Check the catalogues of the product and of each plugin against their sources."""
    for catalogue in own_catalogues(root):
        entries, messages = catalogue.entries(), catalogue.messages()
        problems = [
            *_own_problems(messages, entries, catalogue.language, terminology),
            *(_file_problems(catalogue.file, catalogue.language) if entries else ()),
        ]
        report.problems += [f"{catalogue.name}: {problem}" for problem in problems]
        report.counts[catalogue.name] = len(messages)
        if catalogue.language == LANGUAGE:
            used = {key: entries[key] for key in messages.keys() & entries.keys()}
            report.problems += _contradictions(catalogue.name, used, translations)


def _own_problems(
    messages: dict[Key, Message],
    entries: dict[Key, polib.POEntry],
    language: str,
    terminology: Terminology,
) -> Iterator[str]:
    for key, message in messages.items():
        if key not in entries or not entries[key].translated() or entries[key].fuzzy:
            yield f"{key[1]!r} ({message.location}) is not translated"
        else:
            listed = terminology if language == LANGUAGE else None
            yield from _entry_problems(message.plural, entries[key], language, listed)
    for key in entries.keys() - messages.keys():
        yield f"{key[1]!r} is no longer one of our messages"


def _text_problems(
    english: str, text: str, terminology: Terminology | None, *, printf: bool = False
) -> Iterator[str]:
    """Problems of the translation `text`; `printf` forces the check of percent placeholders."""
    printf = printf or "%(" in english or "%s" in english
    listed = terminology.problems(english, text) if terminology is not None else ()
    for problem in (*rules.problems(english, text, printf=printf), *listed):
        yield f"{english!r} -> {text!r}: {problem}"
