"""The check of all catalogues: ours pass, and errors in a copy of them are found."""

from __future__ import annotations

import shutil
from pathlib import Path

import polib
import pytest

from devtools.catalogues.__main__ import ROOT, check
from devtools.catalogues.checking import check_messages
from devtools.catalogues.packages import PackageCatalogue, package_catalogues
from devtools.catalogues.updating import update_catalogues

ADMIN = next(
    catalogue
    for catalogue in package_catalogues()
    if (catalogue.folder, catalogue.domain) == ("wagtail/admin/locale", "django")
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of our catalogues, list of terms and source, to break."""
    shutil.copytree(ROOT / "locale", tmp_path / "locale")
    for package in (ROOT / "plugins").glob("*/src"):
        shutil.copytree(package, tmp_path / package.relative_to(ROOT))
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "terminology.md", tmp_path / "docs")
    for folder in ("cms", "templates"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    return tmp_path


def change(path: Path, message: str, **changes: object) -> None:
    catalogue = polib.pofile(str(path))
    entry = catalogue.find(message)
    assert entry is not None
    for name, value in changes.items():
        setattr(entry, name, value)
    catalogue.save()


def own(root: Path, language: str = "ms") -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def desk(root: Path) -> Path:
    package = root / "plugins" / "wagtail-localize-desk" / "src" / "wagtail_localize_desk"
    return own(package)


def admin(root: Path) -> Path:
    return ADMIN.path(root / "locale" / "packages")


def test_everything_is_translated():
    report = check_messages(ROOT)
    assert report.problems == []
    assert sum(report.counts.values()) > 3000


@pytest.mark.parametrize(
    ("file", "message", "changes", "problem"),
    [
        (admin, "Publish", {"msgstr": ""}, "'Publish' has no translation"),
        (admin, "Publish", {"flags": ["fuzzy"]}, "'Publish' has no translation"),
        (admin, "Publish", {"msgstr": "Siarkan"}, "'publish' is 'terbit'"),
        (admin, "Publish", {"msgid": "Publishh"}, "'Publishh' is not a message of the installed"),
        (admin, "Copy %(title)s", {"msgstr": "Salin"}, "the placeholder %(title)s is missing"),
        (
            admin,
            "There is %(counter)s match",
            {"msgstr_plural": {0: "Terdapat 1 padanan"}},
            "the placeholder %(counter)s is missing",
        ),
        (
            admin,
            "There is %(counter)s match",
            {"msgstr_plural": {0: "%(counter)s padanan", 1: "%(counter)s padanan"}},
            "the number of plural forms must be 1",
        ),
        (
            admin,
            "There is %(counter)s match",
            {"msgid_plural": "There are matches"},
            "the plural is 'There are %(counter)s matches'",
        ),
        (admin, "This field is required.", {"msgstr": "Wajib diisi."}, "'Medan ini wajib diisi.'"),
        (own, "Acts", {"msgstr": ""}, "locale/ms: 'Acts' (cms/"),
        (own, "Acts", {"msgid": "Actss"}, "locale/ms: 'Actss' is no longer one of our messages"),
        (
            desk,
            "translated string",
            {"msgstr": ""},
            "wagtail_localize_desk/locale/ms: 'translated string' (wagtail_localize_desk/mo",
        ),
        (own, "Source", {"msgstr": "Asal"}, "'source' is 'sumber'"),
        (
            lambda root: own(root, "en"),
            "%(count)d entry",
            {"msgstr_plural": {0: "%(count)d entry", 1: "entries"}},
            "the placeholder %(count)d is missing",
        ),
        (lambda root: own(root, "en"), "Acts", {"msgstr": ""}, "locale/en: 'Acts' (cms/"),
        (
            own,
            "%(count)d entry",
            {"msgstr_plural": {0: "%(count)d entri", 1: "%(count)d entri"}},
            "locale/ms: '%(count)d entry': the number of plural forms must be 1",
        ),
        (
            own,
            "%(count)d entry",
            {"msgid_plural": "", "msgstr": "%(count)d entri", "msgstr_plural": {}},
            "locale/ms: '%(count)d entry': the plural is '%(count)d entries'",
        ),
        (
            lambda root: own(root, "en"),
            "%(count)d entry",
            {"msgstr_plural": {0: "%(count)d entry"}},
            "locale/en: '%(count)d entry': the number of plural forms must be 2",
        ),
    ],
)
def test_errors_are_found(copy, file, message, changes, problem):
    change(file(copy), message, **changes)
    found = [line for line in check_messages(copy).problems if problem in line]
    assert found


@pytest.mark.parametrize("file", [own, desk, admin, lambda root: own(root, "en")])
def test_a_catalogue_is_well_formed(copy, file):
    catalogue = polib.pofile(str(file(copy)))
    catalogue.metadata["Plural-Forms"] = "nplurals=3; plural=0;"
    catalogue.append(catalogue[0])
    catalogue.save()
    problems = check_messages(copy).problems
    assert any("Plural-Forms is 'nplurals=3; plural=0;', not" in line for line in problems)
    assert any(line.endswith(f"{catalogue[0].msgid!r} occurs 2 times") for line in problems)


def test_messages_of_a_plugin_without_a_catalogue_are_reported(copy):
    desk(copy).unlink()
    assert [
        line for line in check_messages(copy).problems if "wagtail_localize_desk/locale" in line
    ]


def test_a_message_has_one_translation(copy):
    change(own(copy), "Title", msgstr="Tajuk itu")
    assert any("but 'Tajuk' in" in line for line in check_messages(copy).problems)


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("Unpin toolbar", "wagtail/admin/static/wagtailadmin/js/draftail.js: "),
        ("Aging pages", "wagtail/admin/wagtail_hooks.py:"),
    ],
)
def test_messages_only_in_the_source_of_a_package_are_reported(monkeypatch, copy, text, location):
    """As after an upgrade with outdated catalogues."""
    real = PackageCatalogue.messages

    def messages(catalogue):
        return {key: entry for key, entry in real(catalogue).items() if key[1] != text}

    monkeypatch.setattr(PackageCatalogue, "messages", messages)
    problems = check_messages(copy).problems
    assert any(location in line and f"{text!r} is in no catalogue" in line for line in problems)


def test_unreadable_bundles_are_reported(monkeypatch):
    monkeypatch.setattr(
        "devtools.catalogues.checking.messages_in_bundles", lambda package, known: iter(())
    )
    assert [line for line in check_messages(ROOT).problems if "see catalogues/javascript" in line]


def test_the_exit_status_reports_success(monkeypatch, copy, capsys):
    assert check() == 0
    assert "all translated" in capsys.readouterr().out
    change(own(copy), "Acts", msgstr="")
    monkeypatch.setattr("devtools.catalogues.__main__.ROOT", copy)
    assert check() == 1
    assert "'Acts' (cms/" in capsys.readouterr().err


def test_a_new_version_of_a_package_is_reported_and_keeps_its_translations(copy):
    packages = copy / "locale" / "packages"
    now = ADMIN.path(packages).relative_to(packages).parts[0]
    before = {path.relative_to(packages): path.read_text() for path in packages.rglob("*.po")}
    (packages / now).rename(packages / "wagtail-7.9")
    problems = check_messages(copy).problems
    assert any(line.startswith("wagtail-7.9/") for line in problems)
    assert any("'Publish' has no translation" in line for line in problems)
    assert update_catalogues(packages) == []
    assert {path.relative_to(packages): path.read_text() for path in packages.rglob("*.po")} == (
        before
    )


def test_messages_added_by_an_upgrade_are_reported(copy):
    packages = copy / "locale" / "packages"
    change(ADMIN.path(packages), "Convert alias", msgid="A message of an older version")
    assert update_catalogues(packages) == [ADMIN]
    text = ADMIN.path(packages).read_text()
    assert "A message of an older version" not in text
    assert 'msgid "Convert alias"\nmsgstr ""' in text
