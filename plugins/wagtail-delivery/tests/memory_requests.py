"""Requests in all spellings, as clients may send them to the memory of answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

from tests.memories import PREFIX, Asked, Memory

ALLOWED_ORIGINS = ["https://a.example", "https://b.example"]
ORIGINS = [
    *(*ALLOWED_ORIGINS, "https://other.example", "https://A.example", "https://a.example/"),
    *("https://a.example, https://b.example", "null", "", "*", "https://a.example\xff"),
]
#: Written into a request when it is sent: the ETag of its response, that of another one, and the
#: number of the change log.
ETAG, OTHER_ETAG, NUMBER, NEXT_NUMBER = "{etag}", "{other}", "{number}", "{next}"

METHODS = [*["GET"] * 12, *["HEAD"] * 4, "OPTIONS", "POST", "DELETE", "get", "head", "\xff", ""]
#: What follows the path.
ENDS = [*[""] * 12, "/", "//", "/x", "\0", "%00", "\xff", "\xc3\xa9", " ", "."]

bytes_as_text = st.text(st.characters(max_codepoint=0xFF), max_size=6)
#: Further parts of the query string.
parts = st.one_of(
    st.sampled_from(
        [
            *("limit=1", "limit=2", "limit=02", "limit=0", "limit=1000000", "limit=-1", "limit="),
            *("order=title", "order=-title", "order=position", "order=id", "order=colour"),
            *("locale=en", "locale=ms", "locale=MS", "locale=xx", "fallback=ms", "fallback=en"),
            *("site=default", "site=second.example:8080", "cursor=x", "path=/", "parent=x"),
            *(f"at_least={number}" for number in (NUMBER, NEXT_NUMBER, "0", "-1", "9" * 30, "x")),
            *("", "=", "=1", "limit", "colour=red", "%zz=1", "locale=%zz", "locale=%", "%FF=1"),
            *("locale=%FF", "locale=en%00", "locale=\xe9", "limit=%EF%BC%91", "path=/%C3%A9/"),
            *(f"path=/{'a' * 2000}", f"{'a' * 3000}=1", "&" * 120, "limit=1;order=id", "a=1#b"),
        ]
    ),
    bytes_as_text,
    st.builds("{}={}".format, st.sampled_from(["limit", "order", "locale", "path"]), bytes_as_text),
)


def _percent(pattern: str, form: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, lambda found: form.format(ord(found[0])), text)


#: Other ways to write a name or a value of the query string.
WRITINGS: list[Callable[[str], str]] = [
    *[str] * 6,
    _percent("e", "%{:02x}"),
    _percent(r"(?<!%)(?<!%.)[^%]", "%{:02X}"),
    lambda text: unquote(text, "latin-1"),
    lambda text: text.replace("%2F", "%2f").replace("/", "%2F"),
    lambda text: text.replace("%20", "+"),
    str.upper,
]

VARIABLES: dict[str, st.SearchStrategy[str]] = {
    "HTTP_IF_NONE_MATCH": st.one_of(
        st.sampled_from(
            [
                *(ETAG, f"W/{ETAG}", f" {ETAG} ", f'"x", {ETAG}', f'"x",W/{ETAG},"y"', "*", " * "),
                *(f"{ETAG}, *", f"*, {ETAG}", OTHER_ETAG, f"w/{ETAG}", f"{ETAG}x", f"{ETAG}\xe9"),
                *(f"{OTHER_ETAG}, {ETAG}", '"x"', "x", "", ",", '"', "W/", '""', "\xff"),
                ", ".join([*['"x"'] * 500, ETAG]),
            ]
        ),
        bytes_as_text,
    ),
    "HTTP_IF_MATCH": st.sampled_from(["*", '"x"', ETAG]),
    "HTTP_IF_MODIFIED_SINCE": st.just("Fri, 01 Jan 2100 00:00:00 GMT"),
    "HTTP_RANGE": st.just("bytes=0-3"),
    "HTTP_ORIGIN": st.sampled_from(ORIGINS),
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": st.sampled_from(["GET", "POST"]),
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": st.sampled_from(["if-none-match", "x-other"]),
    "HTTP_ACCEPT": st.sampled_from(["text/html", "application/xml;q=1", "\xff"]),
    "HTTP_ACCEPT_ENCODING": st.sampled_from(["gzip", "br, gzip;q=0", "identity;q=0", ""]),
    "HTTP_ACCEPT_LANGUAGE": st.sampled_from(["ms", "en;q=0.5, *", "\xff"]),
    "HTTP_CACHE_CONTROL": st.sampled_from(["no-cache", "no-store", "only-if-cached"]),
    "HTTP_HOST": st.sampled_from(["second.example:8080", "other.example", "bad host", "", "[::1]"]),
    "HTTP_X_FORWARDED_HOST": st.just("second.example:8080"),
    "HTTP_X_FORWARDED_PROTO": st.sampled_from(
        ["https", "http", "https, http", "http, https", " https ", "HTTPS", ""]
    ),
    "wsgi.url_scheme": st.sampled_from(["https", "http"]),
    "SERVER_PROTOCOL": st.sampled_from(["HTTP/1.0", "HTTP/2.0"]),
    "SERVER_PORT": st.sampled_from(["443", "8080"]),
    "HTTP_COOKIE": st.sampled_from(["sessionid=x", "django_language=ms", "\xff"]),
    "HTTP_AUTHORIZATION": st.just("Bearer x"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": st.just("DELETE"),
    "SCRIPT_NAME": st.sampled_from(["/below", "/api"]),
    "CONTENT_LENGTH": st.sampled_from(["5", "0", "x", ""]),
    "CONTENT_TYPE": st.sampled_from(["application/json", "\xff"]),
}
#: Twice as often: what responses depend on.
NAMES = [
    *VARIABLES,
    *["HTTP_IF_NONE_MATCH"] * 4,
    *["HTTP_ORIGIN", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme"] * 2,
]


@dataclass(frozen=True)
class Spelling:
    """A request for one of the addresses that there will be."""

    #: Of the kind of address, and of the address within it.
    kind: int
    number: int
    method: str
    end: str
    parts: list[str]
    #: By which the parts of the query are sorted.
    ranks: list[int]
    #: Whether the first of its own parts is there twice.
    repeats: bool
    names_as: Callable[[str], str]
    values_as: Callable[[str], str]
    variables: dict[str, str]

    def asked(self, addresses: Sequence[Sequence[str]], memory: Memory) -> Asked:
        """The request, now that it is known what there is."""
        kind = addresses[self.kind % len(addresses)]
        address = kind[self.number % len(kind)]
        path, _, query = (PREFIX + address).partition("?")
        own = query.split("&") if query else []
        given = [*own, *own[: self.repeats], *self.parts]
        ranked = sorted(enumerate(given), key=lambda one: self.ranks[one[0] % len(self.ranks)])
        written = "&".join(self._written(part) for _place, part in ranked)
        asked = Asked(path + self.end, _with_numbers(written, memory), self.method)
        etag = memory.ask_plain(replace(asked, method="GET")).header("ETag")
        other = memory.ask_plain(Asked(f"{PREFIX}/pages")).header("ETag")
        variables = {
            name: value.replace(ETAG, etag).replace(OTHER_ETAG, other)
            for name, value in self.variables.items()
        }
        return replace(asked, variables=tuple(variables.items()))

    def _written(self, part: str) -> str:
        if "{" in part:
            return part
        name, equals, value = part.partition("=")
        return f"{self.names_as(name)}{equals}{self.values_as(value)}"


def _with_numbers(query: str, memory: Memory) -> str:
    number = memory.kept.sequence
    return query.replace(NUMBER, str(number)).replace(NEXT_NUMBER, str(number + 1))


def _variable(name: str) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.just(name), VARIABLES[name])


variables = st.lists(st.sampled_from(NAMES).flatmap(_variable), max_size=4).map(dict)
spellings: st.SearchStrategy[Any] = st.builds(
    Spelling,
    kind=st.integers(min_value=0, max_value=11),
    number=st.integers(min_value=0, max_value=100_000),
    method=st.sampled_from(METHODS),
    end=st.sampled_from(ENDS),
    parts=st.one_of(st.just([]), st.lists(parts, max_size=3)),
    ranks=st.permutations(range(4)),
    repeats=st.sampled_from([False] * 7 + [True]),
    names_as=st.sampled_from(WRITINGS),
    values_as=st.sampled_from(WRITINGS),
    variables=variables,
)
#: The address as it is.
plain_spellings: st.SearchStrategy[Any] = st.builds(
    Spelling,
    kind=st.integers(min_value=0, max_value=11),
    number=st.integers(min_value=0, max_value=100_000),
    method=st.sampled_from(["GET", "HEAD"]),
    end=st.just(""),
    parts=st.just([]),
    ranks=st.just([0]),
    repeats=st.just(False),
    names_as=st.just(str),
    values_as=st.just(str),
    variables=variables,
)
