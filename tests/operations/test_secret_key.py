"""The secret key that is made once and kept."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cms.settings.environment import EnvironmentSettingError
from cms.settings.secret_key import kept_secret_key


def test_it_is_made_once_for_its_owner_only(tmp_path):
    folder = tmp_path / "deep" / "down"
    key = kept_secret_key(folder)
    assert len(key) >= 50
    assert kept_secret_key(folder) == key
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
    assert os.listdir(folder) == ["secret-key"]


def test_two_folders_have_two_keys(tmp_path):
    assert kept_secret_key(tmp_path / "a") != kept_secret_key(tmp_path / "b")


def test_processes_that_start_together_agree(tmp_path):
    script = (
        "import sys; from pathlib import Path; from cms.settings.secret_key import kept_secret_key;"
        "sys.stdin.read(); print(kept_secret_key(Path(sys.argv[1])))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, tmp_path / "data"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        process.stdin.close()
    keys = {process.stdout.read() for process in processes}
    for process in processes:
        process.stdout.close()
        assert process.wait(30) == 0
    assert len(keys) == 1


@pytest.mark.parametrize("content", ["", "short", "\n" * 60])
def test_a_damaged_key_is_told_and_not_used(tmp_path, content):
    (tmp_path / "secret-key").write_text(content)
    with pytest.raises(EnvironmentSettingError, match="does not hold a key; remove it"):
        kept_secret_key(tmp_path)


def test_a_key_that_is_not_text_is_told(tmp_path):
    (tmp_path / "secret-key").write_bytes(b"\xff" * 60)
    with pytest.raises(EnvironmentSettingError, match="it is not text"):
        kept_secret_key(tmp_path)


def test_a_folder_that_cannot_be_one_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentSettingError, match="DATA_DIR"):
        kept_secret_key(tmp_path / "file" / "below")


def test_a_failure_to_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(EnvironmentSettingError, match="No space left on device"):
        kept_secret_key(tmp_path)
    assert os.listdir(tmp_path) == []
