"""The product imports pinned packages only, and development only adds to them."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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


def test_every_package_is_pinned_to_one_version():
    for file in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        entries = [line for line in lines if line and not line.lstrip().startswith("#")]
        assert all(PIN.match(line) for line in entries)


def test_development_installs_all_production_packages():
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_package_that_the_product_imports_is_installed_in_production():
    """A development-only package would be missing after `make run`."""
    pinned = {name for name, _version, _marker in pins("requirements.txt")}
    owners = packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in [ROOT / "manage.py", *(ROOT / "cms").rglob("*.py")]
        for name in imported(path)
        if name not in sys.stdlib_module_names and name != "cms"
        if not {normal(owner) for owner in owners.get(name, [])} & pinned
    }
    assert missing == set()
