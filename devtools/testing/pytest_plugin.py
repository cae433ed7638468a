"""The runner's pytest plugin, active in every project: it selects tests and reports results.

The plugins' tests also run without it: `pytest` in a plugin's folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

MARKERS = {
    "serial": "runs while no other test does, because it depends on time",
    "slow": "left out by `make test-fast`",
    "needs_database": "depends on the database without requesting a database fixture",
    "any_database": "gives the same result on every database, so one is enough",
}
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed", "deselected")
#: Number of tests left to the run with `--serial=only`.
LEFT_SERIAL = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("perkeso")
    group.addoption(
        "--serial",
        choices=["with", "without", "only"],
        default="with",
        help="Include, exclude or select the tests marked `serial`.",
    )
    group.addoption("--fast", action="store_true", help="Leave out slow and serial tests.")
    group.addoption(
        "--only-database",
        action="store_true",
        help="Leave out tests that do not depend on the database.",
    )
    group.addoption("--report-to", type=Path, help="Write the numbers of this run to a file.")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_SERIAL] = 0
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


# Selection


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = [item for item in items if is_wanted(item, config)]
    if config.option.serial == "without" and not config.option.fast:
        config.stash[LEFT_SERIAL] = sum(is_marked(item, "serial") for item in wanted)
    if config.option.serial != "with":
        only = config.option.serial == "only"
        wanted = [item for item in wanted if is_marked(item, "serial") == only]
    if left := [item for item in items if item not in set(wanted)]:
        config.hook.pytest_deselected(items=left)
    items[:] = longest_files_first(wanted)


def longest_files_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Files with slow tests first, then by the number of tests.

    With `--dist=loadfile --no-loadscope-reorder` the last files are short, and no worker is left
    waiting for the other.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)

    def length(tests: list[pytest.Item]) -> tuple[bool, int]:
        return any(is_marked(item, "slow") for item in tests), len(tests)

    return [item for tests in sorted(files.values(), key=length, reverse=True) for item in tests]


def is_wanted(item: pytest.Item, config: pytest.Config) -> bool:
    if config.option.fast and (is_marked(item, "slow") or is_marked(item, "serial")):
        return False
    return not config.option.only_database or depends_on_database(item)


def depends_on_database(item: pytest.Item) -> bool:
    """Whether the result may differ between databases."""
    if is_marked(item, "any_database"):
        return False
    fixtures = {"db", "transactional_db", "live_server"}.intersection(
        getattr(item, "fixturenames", ())
    )
    return bool(fixtures) or is_marked(item, "django_db") or is_marked(item, "needs_database")


def is_marked(item: pytest.Item, name: str) -> bool:
    return item.get_closest_marker(name) is not None


# Databases


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    if fixturedef.argname != "django_db_setup" or "MIGRATED_DATABASES" not in os.environ:
        return (yield)
    # Imported here because it needs Django's settings.
    from devtools.testing.migrated import databases_restored, migrations_copied

    with migrations_copied():
        result = yield
    blocker = request.getfixturevalue("django_db_blocker")
    restored = ExitStack()
    with blocker.unblock():
        restored.enter_context(databases_restored())
    request.addfinalizer(restored.close)
    return result


# The report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each xdist worker counts all the tests left to the run with `--serial=only`."""
    left = getattr(node, "workeroutput", {}).get("left_serial", 0)
    node.config.stash[LEFT_SERIAL] = max(node.config.stash[LEFT_SERIAL], left)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_serial"] = session.config.stash[LEFT_SERIAL]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.option.report_to is None:
        return
    numbers = {name: len(terminalreporter.stats.get(name, ())) for name in OUTCOMES}
    numbers["left_serial"] = config.stash[LEFT_SERIAL]
    config.option.report_to.write_text(json.dumps(numbers), encoding="utf-8")
