"""Reads and checks the whole folder of content files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.models import Page

from cms.content_files.entry_types import EntryType, entry_types
from cms.content_files.ordering import in_order
from cms.content_files.pairing import pair_entry
from cms.content_files.plan import SourceEntry, TranslatedEntry
from cms.content_files.planning import plan_entry
from cms.content_files.problems import ContentError, FileLocation, Problems
from cms.content_files.reader import MappingNode, read_file


@dataclass
class Content:
    """The content of the files, in an order in which it can be written."""

    language: str
    entries: list[SourceEntry] = field(default_factory=list)
    translations: list[TranslatedEntry] = field(default_factory=list)
    #: Folders of languages that the project does not use.
    left_out: list[str] = field(default_factory=list)


def read_content(folder: Path) -> Content:
    """The content in `folder`: the source language and its translations.

    Each language has a folder named by its code, with one file per content type. The source
    language is the project's. Raises `ContentError` with every mistake in every file.
    """
    language = settings.LANGUAGE_CODE
    source_folder = folder / language
    if not source_folder.is_dir():
        raise ContentError([f"{folder} has no folder {language!r} with the source texts."])
    problems = Problems()
    content = Content(language)
    entries: dict[str, SourceEntry] = {}
    for entry_type, mapping in _files(source_folder, problems):
        for key, node in mapping.items.items():
            entry = plan_entry(entry_type, key, node, problems)
            entries[entry.name] = entry
    _check_references(entries, problems)
    languages = {code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES} - {language}
    translations: dict[str, dict[str, TranslatedEntry]] = {}
    for translated in sorted(path for path in folder.iterdir() if path.is_dir()):
        if translated.name in languages:
            translations[translated.name] = _translations(translated, entries, problems)
        elif translated.name not in {language, "sources"}:
            content.left_out.append(translated.name)
    problems.raise_if_any()
    content.entries = in_order(entries)
    content.translations = [
        found[entry.name] for found in translations.values() for entry in content.entries
    ]
    return content


def _files(folder: Path, problems: Problems) -> list[tuple[EntryType, MappingNode]]:
    known = entry_types()
    found = []
    for path in sorted(folder.iterdir()):
        name = f"{folder.parent.name}/{folder.name}/{path.name}"
        if path.suffix == ".yaml" and path.stem in known:
            found.append((known[path.stem], read_file(path, name, problems)))
        else:
            problems.add(
                FileLocation(name, 1),
                f"No content type has this file. File names are {', '.join(known)}.",
            )
    return found


def _translations(
    folder: Path, entries: dict[str, SourceEntry], problems: Problems
) -> dict[str, TranslatedEntry]:
    found: dict[str, TranslatedEntry] = {}
    files = {}
    for entry_type, mapping in _files(folder, problems):
        files[entry_type.name] = mapping.location
        for key, node in mapping.items.items():
            name = f"{entry_type.name}/{key}"
            if name in entries:
                found[name] = pair_entry(entries[name], folder.name, node, problems)
            else:
                problems.add(node.location, f"No source entry {name} to translate.")
    for name, entry in entries.items():
        if name not in found:
            location = files.get(entry.entry_type.name, entry.location)
            problems.add(location, f"The {folder.name} translation of {name} is missing.")
    return found


def _check_references(entries: dict[str, SourceEntry], problems: Problems) -> None:
    for entry in entries.values():
        for reference in entry.references():
            if reference.target not in entries:
                problems.add(reference.location, f"No entry {reference.target}.")
        if entry.entry_type.is_page:
            _check_parent(entry, entries, problems)


def _check_parent(entry: SourceEntry, entries: dict[str, SourceEntry], problems: Problems) -> None:
    parent = entries.get(entry.parent.target) if entry.parent else None
    if entry.parent and not parent:
        return  # Reported already.
    parent_model = parent.entry_type.model if parent else Page
    page_model: Any = entry.entry_type.model
    if parent_model not in page_model.allowed_parent_page_models():
        location = entry.parent.location if entry.parent else entry.location
        below = parent.name if parent else "the root"
        problems.add(location, f"A page of {entry.entry_type.name} is not allowed below {below}.")
