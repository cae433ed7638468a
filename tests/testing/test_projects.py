"""The projects that a run of the tests selects, and the paths for each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtools.testing.projects import Project, find_projects, selection


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A product with one project inside its tests, and a plugin with three projects."""
    for name in (
        "tests/pages/test_rules.py",
        "tests/inner/settings.py",
        "tests/inner/test_a.py",
        "plugins/wagtail-delivery/tests/settings.py",
        "plugins/wagtail-delivery/tests/settings_i18n.py",
        "plugins/wagtail-delivery/tests/test_pages.py",
        "plugins/wagtail-delivery/tests/unit/settings.py",
        "plugins/wagtail-delivery/tests/unit/test_html.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


PLUGIN = {
    "wagtail-delivery: tests.settings": ["plugins/wagtail-delivery/tests"],
    "wagtail-delivery: tests.settings_i18n": ["plugins/wagtail-delivery/tests"],
    "wagtail-delivery: tests.unit.settings": ["plugins/wagtail-delivery/tests/unit"],
}
PRODUCT = {"tests.inner.settings": ["tests/inner"], "product": ["tests"]}


def chosen(root: Path, words: str) -> dict[str, list[str]]:
    """The relative paths selected for each project."""
    projects = find_projects(root)
    wanted = selection(words, root)
    found = {project.name: wanted.within(project, projects) for project in projects}
    return {
        name: [path.removeprefix(f"{root}/") for path in paths]
        for name, paths in found.items()
        if paths is not None
    }


def test_a_plugins_tests_run_in_its_folder_with_each_of_its_settings(root: Path) -> None:
    plugin = root / "plugins" / "wagtail-delivery"
    assert find_projects(root)[1] == Project(
        "wagtail-delivery: tests.settings_i18n", plugin, plugin / "tests", "tests.settings_i18n"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", PLUGIN | PRODUCT),
        ("-k tests -x", PLUGIN | PRODUCT),
        ("plugins/wagtail-delivery", PLUGIN),
        ("tests", PRODUCT),
        ("tests/pages -k rule", {"product": ["tests/pages"]}),
        ("tests/pages/test_rules.py::test_x", {"product": ["tests/pages/test_rules.py::test_x"]}),
        ("tests/inner/test_a.py", {"tests.inner.settings": ["tests/inner/test_a.py"]}),
        (
            "plugins/wagtail-delivery/tests/unit/test_html.py tests/pages",
            {
                "wagtail-delivery: tests.unit.settings": [
                    "plugins/wagtail-delivery/tests/unit/test_html.py"
                ],
                "product": ["tests/pages"],
            },
        ),
    ],
)
def test_paths_are_assigned_to_their_projects(
    root: Path, words: str, expected: dict[str, list[str]]
) -> None:
    assert chosen(root, words) == expected


def test_options_are_passed_to_pytest_unchanged(root: Path) -> None:
    assert selection("tests/pages -k 'a and not b' -x", root).options == ("-k", "a and not b", "-x")


def test_only_the_unit_tests_have_a_database_of_their_own() -> None:
    follows = {project.name: project.follows_database_url for project in find_projects()}
    assert [name for name, does in follows.items() if not does] == [
        "wagtail-delivery: tests.unit.settings"
    ]


def test_only_large_projects_run_on_all_processors() -> None:
    assert [project.name for project in find_projects() if project.is_large] == [
        "wagtail-delivery: tests.settings_i18n",
        "wagtail-localize-desk: tests.settings",
        "product",
    ]
