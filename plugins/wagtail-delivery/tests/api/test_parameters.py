"""Parameters: what their schemas allow is accepted, and what is rejected they do not allow."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from jsonschema import Draft202012Validator
from rfc3339_validator import validate_rfc3339

from tests.api.conftest import PREFIX, Get, invalid_parameters
from tests.api.test_bad_input import ID, ask

Json = Any
NUL = "\0"
LONGEST = 2000
#: Only the server knows which cursors it issued; see `test_cursors`.
ISSUED = "cursor"


def parameters() -> list[tuple[str, Json]]:
    """Each parameter of the OpenAPI document, with the path of its operation."""
    document = json.loads(ask(f"{PREFIX}/openapi.json").content)
    return [
        (path, parameter)
        for path, item in document["paths"].items()
        for parameter in item["get"]["parameters"]
    ]


def values_of(schema: Json) -> st.SearchStrategy[Any]:
    """JSON values that `schema` allows."""
    if "anyOf" in schema:
        return st.one_of([values_of(one) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"], schema.get("format", ""):
        case "boolean", _:
            return st.booleans()
        case "integer", _:
            least, most = schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1)
            return st.sampled_from([least, most]) | st.integers(least, most)
        case "number", _:
            whole = st.integers(-(10**300), 10**300)
            return st.floats(schema["minimum"], schema["maximum"]) | whole
        case "string", "uuid":
            return st.uuids().map(str) | st.uuids().map(lambda value: str(value).upper())
        case "string", "date":
            return st.dates().map(str) | st.just("0000-02-29")
        case "string", "date-time":
            return _moments()
        case "string", "":
            return _texts(schema)
    raise AssertionError(f"no strategy for {schema}")


def _moments() -> st.SearchStrategy[str]:
    offsets = st.sampled_from(["Z", "z", "+23:59", "-23:59", "-00:00", "+08:00"])
    times = st.times().map(lambda time: time.isoformat()) | st.just("23:59:60.123456789")
    days = st.dates().map(str) | st.sampled_from(["0000-01-01", "9999-12-31", "0001-01-01"])
    return st.builds("{}{}{}{}".format, days, st.sampled_from("Tt"), times, offsets).filter(
        lambda text: validate_rfc3339(text) or ":60" in text
    )


def _texts(schema: Json) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=["Cs"])
    free = st.text(letters, min_size=schema.get("minLength", 0), max_size=30)
    found = free | st.from_regex(schema["pattern"], fullmatch=True, alphabet=letters)
    return found.filter(lambda text: is_allowed(schema, text))


def is_allowed(schema: Json, value: Json) -> bool:
    checker = Draft202012Validator.FORMAT_CHECKER
    return bool(Draft202012Validator(schema, format_checker=checker).is_valid(value))


def text_of(value: Json) -> str:
    """A JSON value as clients write it in a query."""
    return value if isinstance(value, str) else json.dumps(value)


def is_rejected(path: str, parameter: Json, text: str) -> bool:
    """Whether the response blames this value; all others are valid or left out."""
    if parameter["in"] == "path":
        # WSGI gives the decoded path as latin-1.
        response = ask(PREFIX + path.split("{")[0] + text.encode().decode("latin-1"))
    else:
        query = {"path": "/"} if path == "/resolve" else {}
        query |= {parameter["name"]: text}
        response = ask(PREFIX + path.replace("{id", f"{ID}{{").split("{")[0], urlencode(query))
    # A number that the change log has not reached yet is valid (503).
    assert response.status_code in (200, 304, 400, 404, 410, 503), response.content
    return response.status_code == 400 and parameter["name"] in invalid_parameters(response)


def test_the_schemas_have_the_limits(get: Get) -> None:
    """Every text says how long it may be and that it has no NUL."""
    for path, parameter in parameters():
        for schema in parameter["schema"].get("anyOf", [parameter["schema"]]):
            if schema["type"] != "string" or "format" in schema or "enum" in schema:
                continue
            assert not is_allowed(schema, f"/a{NUL}"), (path, parameter["name"])
            assert not is_allowed(schema, "/" * (LONGEST + 1)), (path, parameter["name"])


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [
        ("/authors", "cursor", ""),
        ("/authors", "cursor", "no-cursor"),
        ("/authors", "note", ""),
        ("/authors", "note", f"a{NUL}"),
        ("/authors", "note", "x" * (LONGEST + 1)),
        ("/authors", "tenure", "P4W"),
        ("/authors", "wakes", "08:00:00Z"),
        ("/authors", "price", "1e5"),
        ("/resolve", "path", ""),
        ("/resolve", "path", f"/a{NUL}"),
        ("/resolve", "path", "/" * (LONGEST + 1)),
        ("/resolve", "path", "a"),
        ("/authors", "at_least", "-1"),
        ("/authors", "at_least", "1.5"),
        ("/authors", "at_least", str(2**63)),
        ("/changes", "after", ""),
        ("/changes", "after", "1"),
        ("/changes", "after", "1-"),
        ("/changes", "after", "-1-1"),
        ("/changes", "after", "Now"),
        ("/changes", "limit", "0"),
        ("/changes", "limit", "1001"),
        ("/changes", "wait", "26"),
        ("/changes", "wait", "0.5"),
        ("/site", "site", ""),
        ("/site", "site", "a/b"),
        ("/site", "site", NUL),
        ("/authors/{id_or_slug}", "id_or_slug", f"a{NUL}"),
        ("/authors/{id_or_slug}", "id_or_slug", "x" * 256),
    ],
)
def test_what_is_rejected_is_not_allowed(get: Get, path: str, name: str, text: str) -> None:
    [parameter] = [one for where, one in parameters() if (where, one["name"]) == (path, name)]
    assert is_rejected(path, parameter, text)
    assert not is_allowed(parameter["schema"], text)


class AnyAllowedValue(TestCase):
    """Random values of every parameter."""

    @hypothesis_settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_what_is_allowed_is_accepted(self, data: Any) -> None:
        path, parameter = data.draw(st.sampled_from(self.tried()))
        assume(parameter["name"] != "at_least")  # the value is valid and not there yet: 503
        value = data.draw(values_of(parameter["schema"]))
        assert not is_rejected(path, parameter, text_of(value)), (path, parameter, value)

    @hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        index=st.integers(0, 10_000),
        text=st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(["%FF", "%00"]),
    )
    @example(index=0, text="%FF")
    def test_any_text_that_is_rejected_is_not_allowed(self, index: int, text: str) -> None:
        found = self.tried()
        path, parameter = found[index % len(found)]
        assume(parameter["in"] == "query" or text.strip("/."))
        if is_rejected(path, parameter, text):
            assert not is_allowed(parameter["schema"], text), (path, parameter["name"], quote(text))

    def tried(self) -> list[tuple[str, Json]]:
        return [(path, one) for path, one in parameters() if one["name"] != ISSUED]
