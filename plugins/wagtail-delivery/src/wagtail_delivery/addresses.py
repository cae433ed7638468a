"""The canonical forms of front-end addresses: all spellings of one address have the same form.

Documents, routes and redirects have their paths in canonical form, and `/resolve` brings the path
that it is asked for into it.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

from django.utils.encoding import iri_to_uri
from django.utils.http import RFC3986_SUBDELIMS

#: The path of a site itself.
ROOT_PATH = "/"
#: Characters that Django does not percent-encode in a path segment.
_SEGMENT = f"{RFC3986_SUBDELIMS}~:@"
#: As in a segment, without what separates the parameters of a query.
_PARAMETER = "!$'()*,;~:@/?"
_CANONICAL_SEGMENTS = re.compile(rf"[A-Za-z0-9_.{re.escape(_SEGMENT)}/-]*")
#: Parameters that search engines, social networks and mailing tools add to the links they show.
_TRACKING = re.compile(
    r"utm_\w+|gclid|gclsrc|gad_source|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|twclid|li_fat_id|"
    r"igshid|igsh|yclid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi"
)


def canonical_path(path: str) -> str:
    """`path`, encoded as in RFC 3986: UTF-8 of Unicode's form NFC, with hex digits in upper case.

    A slash that is part of a segment stays percent-encoded. Bytes that are not UTF-8 are kept.
    """
    if _CANONICAL_SEGMENTS.fullmatch(path):
        return path
    return "/".join(_encoded(unquote(part, errors=_KEEP), _SEGMENT) for part in path.split("/"))


def canonical_query(query: str) -> str:
    """The parameters of `query` in alphabetical order, each encoded alike; without empty ones."""
    return "&".join(sorted(_parameter(part) for part in query.split("&") if part))


def without_tracking(query: str) -> str:
    """The canonical `query` without the parameters that track where a visitor came from."""
    parts = query.split("&")
    return "&".join(part for part in parts if not _TRACKING.fullmatch(part.partition("=")[0]))


def split_address(address: str) -> tuple[str, str]:
    """The canonical path and query of an address without scheme and host; a fragment is dropped."""
    path, _, query = address.partition("#")[0].partition("?")
    return canonical_path(path), canonical_query(query)


def redirected_address(path: str, query: str = "") -> str:
    """The address of a redirect from a canonical path and query.

    As in Wagtail, it has no trailing slash, and parameters of its last segment (`;`) are sorted.
    """
    bare = path.rstrip("/") or ROOT_PATH
    before, slash, last = bare.rpartition("/")
    name, *parameters = last.split(";")
    bare = ";".join([f"{before}{slash}{name}", *sorted(parameters)])
    return f"{bare}?{query}" if query else bare


def canonical_link(link: str) -> str:
    """A link of an editor as a URI reference: a path of the front-end's in its canonical form.

    The rest is encoded where it has characters that no URI may have.
    """
    if not link.startswith("/") or link.startswith("//"):
        return iri_to_uri(link)
    parts = urlsplit(link)
    return iri_to_uri(parts._replace(path=canonical_path(parts.path)).geturl())


#: How undecodable bytes survive decoding and encoding.
_KEEP = "surrogateescape"


def _parameter(part: str) -> str:
    pieces = (unquote(piece.replace("+", " "), errors=_KEEP) for piece in part.split("=", 1))
    return "=".join(_encoded(piece, _PARAMETER) for piece in pieces)


def _encoded(text: str, safe: str) -> str:
    return quote(unicodedata.normalize("NFC", text), safe=safe, errors=_KEEP)
