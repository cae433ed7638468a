"""Reading environment variables: each form, and the sentence for what is not of that form."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.settings import environment
from cms.settings.environment import EnvironmentSettingError, Variable

ROOT = Path(__file__).resolve().parents[2]
THING = Variable("THING", "", "what the thing is for")


@pytest.mark.parametrize("unset", [None, "", "   "])
def test_an_unset_or_empty_variable_has_its_default(monkeypatch, unset):
    monkeypatch.delenv("THING", raising=False)
    if unset is not None:
        monkeypatch.setenv("THING", unset)
    assert Variable("THING", "8000", "").text() == "8000"
    assert THING.text() == ""
    assert THING.items() == THING.hosts() == THING.origins() == []
    assert THING.origin() == ""
    assert THING.flag() is False
    assert THING.flag(default=True) is True
    assert THING.one_of("info", "warning", default="info") == "info"
    with pytest.raises(EnvironmentSettingError, match="THING must be set: what the thing is for"):
        THING.required()


@pytest.mark.parametrize(
    ("value", "flag"), [("yes", True), ("ON", True), ("1", True), ("No", False), ("false", False)]
)
def test_a_flag_wins_over_its_default(monkeypatch, value, flag):
    monkeypatch.setenv("THING", value)
    assert THING.flag(default=not flag) is flag


@pytest.mark.parametrize("value", ["2", "maybe", "y es", "0x1"])
def test_what_is_no_flag_is_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(EnvironmentSettingError, match=r"^THING must be yes or no"):
        THING.flag()


@pytest.mark.parametrize(("value", "number"), [("1", 1), ("0065535", 65535), (" 80 ", 80)])
def test_numbers_within_bounds(monkeypatch, value, number):
    monkeypatch.setenv("THING", value)
    assert THING.number(least=1, most=65535) == number


@pytest.mark.parametrize(
    "value", ["0", "65536", "-1", "1.5", "1e3", "٣", "0x50", "8_000", "9" * 30, "9" * 5000]
)
def test_other_numbers_are_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(
        EnvironmentSettingError, match=r"^THING must be a whole number from 1 to 65535"
    ):
        THING.number(least=1, most=65535)


def test_items_are_trimmed_and_never_empty(monkeypatch):
    monkeypatch.setenv("THING", " a.example, ,b.example,")
    assert THING.items() == ["a.example", "b.example"]


def test_choices_do_not_mind_case(monkeypatch):
    monkeypatch.setenv("THING", "Warning")
    assert THING.one_of("info", "warning") == "warning"
    monkeypatch.setenv("THING", "EN,zh-Hans")
    assert THING.subset_of("ms", "en", "zh-hans") == ["en", "zh-hans"]


@pytest.mark.parametrize("value", ["fr", "ms,fr", "ms,ms", ","])
def test_other_choices_are_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(EnvironmentSettingError, match=r"^THING must"):
        THING.subset_of("ms", "en")
    with pytest.raises(EnvironmentSettingError, match=r"^THING must"):
        THING.one_of("ms", "en")


def test_origins_lose_the_slash_but_nothing_else(monkeypatch):
    monkeypatch.setenv("THING", "https://WWW.example.org/,http://[::1]:3000,*")
    assert THING.origins() == ["https://www.example.org", "http://[::1]:3000", "*"]


@pytest.mark.parametrize(
    "value",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org/path",
        "https://example.org?x=1",
        "https://user@example.org",
        "https://example.org:port",
        "https://[::1",
        "//example.org",
        "https://example.org, ,nonsense",
    ],
)
def test_other_origins_are_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(EnvironmentSettingError, match=r"^THING must hold"):
        THING.origins()


@pytest.mark.parametrize(
    "value", ["https://a.example/cms", "http://[::1]:80", "https://a.example/"]
)
def test_an_address_may_have_a_path_but_no_slash_at_its_end(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    assert THING.address() == value.rstrip("/")


@pytest.mark.parametrize("value", ["a.example/cms", "/cms", "https:///cms", "https://a.example/?x"])
def test_other_addresses_are_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(EnvironmentSettingError, match=r"^THING must hold"):
        THING.address()


def test_a_path_prefix(monkeypatch):
    assert THING.path_prefix() == ""
    monkeypatch.setenv("THING", "/cms/laman/")
    assert THING.path_prefix() == "/cms/laman"


@pytest.mark.parametrize("value", ["cms", "//cms", "/cms?x", "https://a.example/cms", "/a b"])
def test_other_prefixes_are_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(EnvironmentSettingError, match=r"^THING must be a path"):
        THING.path_prefix()


def test_hosts(monkeypatch):
    monkeypatch.setenv("THING", "cms.example.org,.example.org,127.0.0.1,[::1],*")
    assert THING.hosts() == ["cms.example.org", ".example.org", "127.0.0.1", "[::1]", "*"]


@pytest.mark.parametrize(
    "value", ["https://cms.example.org", "cms.example.org/x", "cms.example.org:80", "[::1", "a@b"]
)
def test_other_hosts_are_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(EnvironmentSettingError, match=r"^THING must hold host names"):
        THING.hosts()


def test_a_name_is_declared_once():
    with pytest.raises(ImproperlyConfigured, match="PORT is declared twice"):
        environment.variable("PORT", "1", "again")


def test_no_other_module_reads_the_environment():
    """What is read elsewhere would be missing from README's table."""
    # Set, not read: the settings that hold where nobody says.
    allowed = {"manage.py", "cms/wsgi.py", "cms/settings/environment.py"}
    readers = set()
    for path in [ROOT / "manage.py", *(ROOT / "cms").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                readers.add(path.relative_to(ROOT).as_posix())
    assert readers <= allowed
