"""Set-up steps are idempotent, and fail with one sentence."""

from __future__ import annotations

import os
import shutil

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import storages
from django.core.management import CommandError
from django.db import OperationalError

from cms.operations import catalogues, set_up, static_files


def test_a_data_folder_is_created_with_its_parents(tmp_path):
    folder = tmp_path / "a" / "b"
    set_up.ensure_data_folder(folder)
    assert folder.is_dir()
    assert os.listdir(folder) == []


def test_a_data_folder_that_cannot_be_created_is_reported_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match=r"Cannot write to the folder .+ \(.+\); set DATA_DIR"):
        set_up.ensure_data_folder(tmp_path / "file" / "below")


def test_a_data_folder_that_is_not_writable_is_reported_in_one_sentence(tmp_path, monkeypatch):
    def refuse(**options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(set_up.tempfile, "TemporaryFile", refuse)
    with pytest.raises(CommandError, match=r"Cannot write to the folder .+ \(Permission denied\)"):
        set_up.ensure_data_folder(tmp_path)


def test_a_malformed_catalogue_is_reported_in_one_sentence(monkeypatch):
    def broken(root: object) -> None:
        raise catalogues.CatalogueError("The catalogue x cannot be compiled: line 3")

    monkeypatch.setattr(catalogues, "compile_changed", broken)
    with pytest.raises(CommandError, match="line 3"):
        set_up.compile_catalogues(lambda text: None)


def test_a_failing_database_is_named_without_its_password(monkeypatch):
    class Broken:
        settings_dict = {"HOST": "db.example", "NAME": "cms", "PASSWORD": "hunter2"}

        def cursor(self) -> None:
            raise OperationalError("disk I/O error\nsecond line")

    monkeypatch.setattr(set_up, "connection", Broken())
    with pytest.raises(CommandError) as refusal:
        set_up.check_database()
    assert str(refusal.value) == "Cannot use the database db.example/cms: disk I/O error"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_migrating_again_reports_nothing_and_restores_missing_permissions():
    permission = Permission.objects.get(codename="access_admin")
    permission.delete()
    reported: list[str] = []
    set_up.migrate(reported.append)
    assert reported == []
    assert Permission.objects.filter(codename="access_admin").exists()


@pytest.fixture
def static_root(settings, tmp_path):
    """A project with one folder of static files, and its STATIC_ROOT."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    settings.STATIC_ROOT.parent.mkdir()
    return settings.STATIC_ROOT


def test_static_files_are_collected_again_only_when_one_changes(static_root, settings):
    reported: list[str] = []
    set_up.collect_static_files(reported.append)
    set_up.collect_static_files(reported.append)
    assert reported == ["Collecting static files ..."]
    assert (static_root / "a.css").read_text() == "a{}"

    (settings.STATICFILES_DIRS[0] / "a.css").write_text("a{b:c}")
    (settings.STATICFILES_DIRS[0] / "b.css").write_text("b{}")
    set_up.collect_static_files(reported.append)
    assert len(reported) == 2
    assert (static_root / "a.css").read_text() == "a{b:c}"

    (settings.STATICFILES_DIRS[0] / "b.css").unlink()
    set_up.collect_static_files(reported.append)
    assert not (static_root / "b.css").exists()


def test_static_files_are_collected_again_after_their_removal(static_root):
    static_files.collect()
    shutil.rmtree(static_root)
    assert not static_files.is_current()


def test_an_interrupted_collection_is_repeated(static_root, monkeypatch):
    static_files.collect()

    def interrupted(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(static_files, "call_command", interrupted)
        with pytest.raises(KeyboardInterrupt):
            static_files.collect()
    assert not static_files.is_current()
    static_files.collect()
    assert static_files.is_current()


def test_another_storage_collects_again(static_root, settings):
    static_files.collect()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    assert not static_files.is_current()
    static_files.collect()
    assert (static_root / "staticfiles.json").exists()
    assert storages["staticfiles"].url("a.css") != "/static/a.css"
