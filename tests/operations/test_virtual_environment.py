"""`.venv` is created once, updated after changes, and created again after an interruption."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cms.operations import virtual_environment
from cms.operations.virtual_environment import PreparationError, prepare
from tests.operations.programs import ROOT

RUN, DEV = "requirements.txt", "requirements-dev.txt"


class Project:
    """A folder with requirements that counts creations and installations; nothing is downloaded."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.created = 0
        self.installed: list[str] = []
        (root / RUN).write_text("a==1\n")
        (root / DEV).write_text("a==1\nb==1\n")

    def create(self, folder: Path) -> None:
        self.created += 1
        self.pretend(sys.implementation.cache_tag)

    def install(self, folder: Path, requirements: Path) -> None:
        self.installed.append(requirements.name)

    def pretend(self, tag: str) -> None:
        """Install a fake Python that reports the version `tag`."""
        python = self.folder / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f"#!/bin/sh\necho {tag}\n")
        python.chmod(0o755)


@pytest.fixture
def project(tmp_path, monkeypatch):
    project = Project(tmp_path)
    monkeypatch.setattr(virtual_environment, "_create", project.create)
    monkeypatch.setattr(virtual_environment, "_install", project.install)
    return project


def test_it_is_created_once(project):
    assert prepare(project.root, RUN) is True
    assert prepare(project.root, RUN) is False
    assert (project.created, project.installed) == (1, [RUN])


def test_development_requirements_are_added_and_include_production(project):
    prepare(project.root, RUN)
    assert prepare(project.root, DEV) is True
    assert prepare(project.root, RUN) is False
    assert prepare(project.root, DEV) is False
    assert (project.created, project.installed) == (1, [RUN, DEV])


def test_changed_requirements_are_installed_into_the_existing_environment(project):
    prepare(project.root, DEV)
    (project.root / RUN).write_text("a==2\n")
    (project.root / DEV).write_text("a==2\nb==1\n")
    assert prepare(project.root, RUN) is True
    assert prepare(project.root, DEV) is True
    assert (project.created, project.installed) == (1, [DEV, RUN, DEV])


def test_a_changed_plugin_is_installed_again(project):
    metadata = project.root / "plugins" / "some-plugin" / "pyproject.toml"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("[project]\n")
    prepare(project.root, RUN)
    assert prepare(project.root, RUN) is False
    metadata.write_text('[project]\ndependencies = ["a"]\n')
    assert prepare(project.root, RUN) is True
    assert (project.created, project.installed) == (1, [RUN, RUN])


@pytest.mark.parametrize("when", ["_create", "_install"])
def test_after_an_interruption_it_is_created_again(project, monkeypatch, when):
    def interrupted(folder: Path, *more: object) -> None:
        project.pretend(sys.implementation.cache_tag)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(virtual_environment, when, interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare(project.root, RUN)
    (project.folder / "half-written").write_text("")
    created = project.created
    assert prepare(project.root, RUN) is True
    assert project.created == created + 1
    assert not (project.folder / "half-written").exists()
    assert prepare(project.root, RUN) is False


def test_after_a_failed_update_it_is_created_again(project, monkeypatch):
    def fails(folder: Path, requirements: Path) -> None:
        raise PreparationError("no network")

    prepare(project.root, RUN)
    (project.root / RUN).write_text("a==2\n")
    with monkeypatch.context() as patch:
        patch.setattr(virtual_environment, "_install", fails)
        with pytest.raises(PreparationError):
            prepare(project.root, RUN)
    (project.root / RUN).write_text("a==1\n")
    assert prepare(project.root, RUN) is True
    assert project.created == 2


@pytest.mark.parametrize("broken", ["another version", "gone"])
def test_an_environment_whose_python_changed_or_is_missing_is_replaced(project, broken):
    prepare(project.root, RUN)
    if broken == "gone":
        (project.folder / "bin" / "python").unlink()
    else:
        project.pretend("cpython-310")
    assert prepare(project.root, RUN) is True
    assert project.created == 2


def test_an_environment_of_another_program_is_kept(project):
    project.pretend(sys.implementation.cache_tag)
    (project.folder / "theirs").write_text("")
    assert prepare(project.root, RUN) is True
    assert (project.created, project.installed) == (0, [RUN])
    assert (project.folder / "theirs").exists()


def test_a_concurrent_run_waits_and_has_nothing_to_do(project, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(folder: Path, requirements: Path) -> None:
        begun.set()
        assert go_on.wait(30)
        project.install(folder, requirements)

    monkeypatch.setattr(virtual_environment, "_install", slow)
    done: list[bool] = []
    first = threading.Thread(target=lambda: done.append(prepare(project.root, RUN)))
    first.start()
    assert begun.wait(30)
    second = threading.Thread(target=lambda: done.append(prepare(project.root, RUN)))
    second.start()
    second.join(0.3)
    assert second.is_alive()
    go_on.set()
    first.join(30)
    second.join(30)
    # The first has done the work, whichever of them ends first.
    assert sorted(done) == [False, True]
    assert (project.created, project.installed) == (1, [RUN])


def test_a_real_environment_without_packages(tmp_path):
    (tmp_path / RUN).write_text("")
    assert prepare(tmp_path, RUN) is True
    python = tmp_path / ".venv" / "bin" / "python"
    answer = subprocess.run(
        [python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True
    )
    assert Path(answer.stdout.strip()) == tmp_path / ".venv"
    assert prepare(tmp_path, RUN) is False


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Independent of the make that may be running these tests.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env=alone,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("target", ["run", "test", "lint"])
def test_too_old_a_python_is_reported_in_one_sentence(tmp_path, target):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    answer = make(target, f"PYTHON={old}")
    assert answer.returncode != 0
    assert answer.stdout == ""
    sentence, makes_own = answer.stderr.splitlines()
    assert sentence.startswith("Python 3.11 or newer is needed")
    assert makes_own.startswith("make")


def test_help_lists_every_command_that_the_readme_names():
    text = make("help").stdout
    for command in ("run", "test", "check", "lint", "snapshots", "bench", "help"):
        assert f"make {command} " in text
