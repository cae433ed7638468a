"""The files that are only checked here: units of systemd, and those for containers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from cms.settings.environment import VARIABLES
from devtools.proxies import DEPLOY, varnish_bounds
from tests.deploy.programs import program
from tests.operations.programs import ROOT

UNITS = DEPLOY / "systemd"
#: Variables of other programs.
FOREIGN = {"POSTGRES_PASSWORD"}


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Each directive is known, and each program is there."""
    analyze = program("systemd-analyze", "systemd")
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.write_text(file.read_text().replace("/srv/perkeso-cms", str(ROOT)))
    units = sorted(
        file.name.replace("task@.", "task@delivery_prune.")
        for file in tmp_path.iterdir()
        if file.suffix in {".service", ".timer"}
    )
    verified = subprocess.run(
        [analyze, "verify", "--man=no", *units],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_every_command_that_is_started_is_one_of_manage_py() -> None:
    services = "\n".join(file.read_text() for file in UNITS.glob("*.service"))
    tasks = {file.stem.partition("@")[2] for file in UNITS.glob("*@?*.timer")}
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())["services"]
    started = {
        service["command"].split()[0]
        for service in compose.values()
        if service["image"] == "perkeso-cms"
    }
    named = set(re.findall(r"manage\.py (\w+)", services)) | tasks | started
    assert {"serve", "delivery_worker", "serve_delivery", "delivery_images"} <= named
    assert named <= set(get_commands())


def test_varnish_has_the_same_bounds_in_a_container() -> None:
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())["services"]
    started = compose["varnish"]["command"]
    bounds = varnish_bounds()
    assert "Transient=malloc,512m" in bounds
    assert started[-len(bounds) - 4 : -len(bounds)] == [
        *("-a", "public=127.0.0.1:6081"),
        *("-a", "purge=127.0.0.1:6082"),
    ]
    assert started[-len(bounds) :] == bounds


@pytest.mark.parametrize(
    "name", ["systemd/env.example", "systemd/delivery.env.example", "docker/env.example"]
)
def test_examples_name_variables_that_exist(name: str) -> None:
    names = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / name).read_text(), re.MULTILINE))
    assert names - FOREIGN <= {*VARIABLES, "DJANGO_SETTINGS_MODULE"}


def test_the_image_has_what_the_product_needs() -> None:
    """The folders that `.dockerignore` lets in, as Docker refuses to copy what is not there."""
    listed = (ROOT / ".dockerignore").read_text().splitlines()
    kept = [line[1:] for line in listed if line.startswith("!")]
    assert all(list(ROOT.glob(pattern)) for pattern in kept), kept
    assert {"cms", "content", "locale", "plugins", "templates", "manage.py"} <= set(kept)
