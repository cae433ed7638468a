"""The product imports pinned packages only, and development only adds to them."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = re.compile(r"^-e plugins/([a-z-]+)$", re.M)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+))?$", re.M)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> set[tuple[str, str, str]]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return {(normal(name), version, marker) for name, version, marker in PIN.findall(text)}


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).partition(".")[0])
    return names


def plugins(file: str) -> set[str]:
    """The plugins that a file installs from their folders."""
    return set(PLUGIN.findall((ROOT / file).read_text(encoding="utf-8")))


def import_names(names: set[str]) -> set[str]:
    """The packages that plugins are imported as."""
    return {path.parent.name for name in names for path in source(name).glob("*/__init__.py")}


def source(plugin: str) -> Path:
    return ROOT / "plugins" / plugin / "src"


def required(plugin: str) -> set[str]:
    """The distributions that a plugin's metadata requires, those of its extras included."""
    text = (ROOT / "plugins" / plugin / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    extras = project.get("optional-dependencies", {}).values()
    requirements = [*project["dependencies"], *chain.from_iterable(extras)]
    return {normal(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in requirements}


def not_provided(paths: list[Path], distributions: set[str], packages: set[str]) -> set[str]:
    """What `paths` import from neither the standard library, `distributions` nor `packages`."""
    owners = packages_distributions()
    return {
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths
        for name in imported(path) - sys.stdlib_module_names - packages
        if not {normal(owner) for owner in owners.get(name, [])} & distributions
    }


def test_everything_is_pinned_to_one_version_or_a_plugin():
    for file in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        entries = [line for line in lines if line and not line.lstrip().startswith("#")]
        assert all(PIN.match(line) or PLUGIN.match(line) for line in entries)


def test_every_plugin_is_installed_from_its_folder():
    folders = {path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml")}
    assert plugins("requirements.txt") == plugins("requirements-dev.txt") == folders != set()


@pytest.mark.parametrize("plugin", sorted(plugins("requirements.txt")))
def test_a_plugin_requires_all_that_it_imports(plugin):
    modules = list(source(plugin).rglob("*.py"))
    assert not_provided(modules, required(plugin), import_names({plugin})) == set()


def test_development_installs_all_production_packages():
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_package_that_the_product_imports_is_installed_in_production():
    """A development-only package would be missing after `make run`."""
    pinned = {name for name, _version, _marker in pins("requirements.txt")}
    modules = [ROOT / "manage.py", *(ROOT / "cms").rglob("*.py")]
    ours = {"cms", *import_names(plugins("requirements.txt"))}
    assert not_provided(modules, pinned, ours) == set()
