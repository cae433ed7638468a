"""Build the plugins' sdists and wheels, and check their contents."""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from devtools.packages.commands import CheckError, run

ROOT = Path(__file__).resolve().parents[2]
#: Files of a plugin's folder that its sdist must contain.
SDIST_FILES = ("CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "hatch_build.py")


@dataclass(frozen=True)
class Built:
    """One plugin's distributions."""

    plugin: Path
    sdist: Path
    wheel: Path

    @property
    def package(self) -> str:
        """The import name."""
        return self.plugin.name.replace("-", "_")


def plugins() -> list[Path]:
    """The folders of the plugins."""
    return sorted(path.parent for path in (ROOT / "plugins").glob("*/pyproject.toml"))


def build(plugin: Path, folder: Path) -> Built:
    """Build the sdist of `plugin`, and the wheel from the sdist, into `folder`.

    The build backend is the environment's own, so its version is pinned. Raises CheckError if the
    build fails.
    """
    target = folder / plugin.name
    run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", target, plugin],
        cwd=folder,
    )
    [sdist], [wheel] = target.glob("*.tar.gz"), target.glob("*.whl")
    return Built(plugin, sdist, wheel)


def check(built: Built) -> None:
    """Check metadata, contents and README of both distributions; raises CheckError."""
    scripts = Path(sys.executable).parent
    run([scripts / "twine", "check", "--strict", built.sdist, built.wheel], cwd=built.plugin)
    run([scripts / "check-wheel-contents", built.wheel], cwd=built.plugin)
    if faults := [*wheel_faults(built), *sdist_faults(built)]:
        raise CheckError("\n".join(faults))


def wheel_faults(built: Built) -> Iterator[str]:
    """Missing and superfluous files of the wheel, one sentence for each."""
    names = set(ZipFile(built.wheel).namelist())
    source = built.plugin / "src"
    needed = {
        str(path.relative_to(source))
        for path in (source / built.package).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".mo")
    }
    needed |= {name.removesuffix(".po") + ".mo" for name in needed if name.endswith(".po")}
    needed.add(f"{built.package}/py.typed")
    if not any(name.endswith(".mo") for name in needed):
        yield f"{built.package} has no message catalogues."
    yield from (f"{built.wheel.name} lacks {name}." for name in sorted(needed - names))
    for name in sorted(names - needed):
        if not name.partition("/")[0].endswith(".dist-info"):
            yield f"{built.wheel.name} has {name}, which is not in {source}."


def sdist_faults(built: Built) -> Iterator[str]:
    """Missing files of the sdist, one sentence for each."""
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {*SDIST_FILES, "tests/conftest.py", f"src/{built.package}/__init__.py"}
    yield from (f"{built.sdist.name} lacks {name}." for name in sorted(needed - names))
