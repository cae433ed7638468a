"""Message catalogues are compiled without the gettext programs."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from cms.operations.catalogues import ROOT, CatalogueError, catalogues, compile_changed

PACKAGE = "locale/packages/wagtail-8.0/wagtail/admin"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(root: Path, name: str, body: str) -> Path:
    path = root / name / "ms" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body, encoding="utf-8")
    return path


def text(path: Path, message: str) -> str:
    with path.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext(message)


def test_all_our_catalogues_and_those_of_packages_are_compiled(tmp_path):
    own = write(tmp_path, "locale", 'msgid "Act"\nmsgstr "Akta"\n')
    plugin = write(
        tmp_path, "plugins/a-plugin/src/a_plugin/locale", 'msgid "Page"\nmsgstr "Laman"\n'
    )
    package = write(tmp_path, f"{PACKAGE}/locale", 'msgid "Role"\nmsgstr "Peranan"\n')
    write(tmp_path, ".venv/lib/locale", "nonsense")
    assert compile_changed(tmp_path) == [own, plugin, package]
    assert text(own, "Act") == "Akta"
    assert text(plugin, "Page") == "Laman"
    assert text(package, "Role") == "Peranan"


def test_only_changed_catalogues_are_compiled_again(tmp_path):
    first = write(tmp_path, "locale", 'msgid "Act"\nmsgstr "Akta"\n')
    second = write(tmp_path, f"{PACKAGE}/locale", 'msgid "Act"\nmsgstr "Akta"\n')
    assert compile_changed(tmp_path) == [first, second]
    assert compile_changed(tmp_path) == []
    first.write_text(HEADER + 'msgid "Act"\nmsgstr "Undang-undang"\n', encoding="utf-8")
    later = first.with_suffix(".mo").stat().st_mtime + 1
    os.utime(first, (later, later))
    assert compile_changed(tmp_path) == [first]
    assert text(first, "Act") == "Undang-undang"


def test_fuzzy_and_untranslated_entries_are_left_out(tmp_path):
    path = write(
        tmp_path, "locale", '#, fuzzy\nmsgid "Act"\nmsgstr "Salah"\n\nmsgid "Role"\nmsgstr ""\n'
    )
    compile_changed(tmp_path)
    assert text(path, "Act") == "Act"
    assert text(path, "Role") == "Role"


@pytest.mark.parametrize("body", ['msgid "a"\nmsgstr "one " quote"\n', 'nonsense\nmsgid "a"\n'])
def test_a_malformed_catalogue_is_reported_with_its_line_and_replaces_nothing(tmp_path, body):
    path = write(tmp_path, "locale", 'msgid "Act"\nmsgstr "Akta"\n')
    compile_changed(tmp_path)
    path.write_text(HEADER + body, encoding="utf-8")
    later = path.with_suffix(".mo").stat().st_mtime + 1
    os.utime(path, (later, later))
    with pytest.raises(CatalogueError, match=r"django\.po.*line"):
        compile_changed(tmp_path)
    assert text(path, "Act") == "Akta"
    assert sorted(os.listdir(path.parent)) == ["django.mo", "django.po"]


def test_a_catalogue_that_is_not_utf8_is_reported(tmp_path):
    path = write(tmp_path, "locale", "")
    path.write_bytes(HEADER.encode() + b'msgid "a"\nmsgstr "\xff\xfe"\n')
    with pytest.raises(CatalogueError, match=r"django\.po"):
        compile_changed(tmp_path)


@pytest.mark.parametrize("path", list(catalogues(ROOT)), ids=lambda path: path.parent.parent.name)
def test_the_projects_own_catalogues_compile(tmp_path, path):
    copy = tmp_path / "locale" / path.parent.parent.name / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(path.read_bytes())
    assert compile_changed(tmp_path) == [copy]
    assert copy.with_suffix(".mo").stat().st_size > 0
