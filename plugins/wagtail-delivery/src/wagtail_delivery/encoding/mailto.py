"""`mailto:` links (RFC 6068) as attributes that a front-end assembles into a link again.

`mailto:` + user + `@` + domain + `?` + query is a legal link: the user is percent-encoded, and
recipients after the first are in the query's `to`, which means the same as in the path.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

#: The percent-encoded `@`, which means the same in a URL.
AT_IN_URL = "%40"

_SCHEME = "mailto:"
#: Characters that browsers remove within a URL, and at its ends.
_LINE_ENDS = re.compile(r"[\t\n\r]")
_AROUND_URL = "".join(map(chr, range(0x21)))
#: One of several recipients; a quoted string is at most as long as RFC 5321 allows. RFC 6068
#: separates recipients by commas alone, but Outlook users type semicolons.
_RECIPIENT = re.compile(r'(?:"(?:[^"\\]|\\.){0,64}+"|[^,;"])++')
_SPECIALS = r'\x00-\x20\x7f"(),:;<>@\[\]\\'
#: An addr-spec (RFC 5322, 3.4.1) in any script: a dot-atom or quoted string, and a domain.
_ADDRESS = re.compile(
    rf'("(?:[^"\\\x00-\x1f]|\\.)+"|[^{_SPECIALS}]+)@([^{_SPECIALS}/?#]+|\[[^{_SPECIALS}]*\])'
)
_RESERVED_IN_USER = re.compile(r"""[\x00-\x20\x7f"#%&,/:;<=>?@\[\\\]^`{|}()]""")


def is_mailto(href: str) -> bool:
    """Whether a browser follows `href` as a `mailto:` link."""
    return _plain_url(href)[: len(_SCHEME)].lower() == _SCHEME


def address_attributes(user: str, domain: str, query: str = "") -> dict[str, str | None]:
    """The attributes of a link to an address; `query` has the subject and other parameters."""
    attributes: dict[str, str | None] = {
        "data-email-user": _RESERVED_IN_USER.sub(lambda found: quote(found.group(), ""), user),
        "data-email-domain": domain,
    }
    if query:
        attributes["data-email-query"] = query
    return attributes


def mailto_attributes(href: str) -> dict[str, str | None] | None:
    """The attributes of an `<a>` for a `mailto:` link; None if none of its recipients is legal.

    A link without any recipient, such as "share by e-mail", keeps its `href`.
    """
    path, _, query = _plain_url(href)[len(_SCHEME) :].partition("?")
    recipients = [path]
    parameters: list[str] = []
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        if unquote(name).lower() == "to":
            recipients.append(value)
        elif parameter:
            # Carbon copies are addresses too.
            parameters.append(parameter.replace("@", AT_IN_URL))
    written = [part.strip() for part in _RECIPIENT.findall(unquote(",".join(recipients)))]
    found = [match for recipient in written if (match := _ADDRESS.fullmatch(recipient))]
    if not any(written):
        return {"href": _SCHEME + ("?" + "&".join(parameters) if parameters else "")}
    if not found:
        return None
    if more := ",".join(quote(match.group(), "") for match in found[1:]):
        parameters.insert(0, f"to={more}")
    return address_attributes(found[0][1], found[0][2], "&".join(parameters))


def _plain_url(href: str) -> str:
    """`href` as browsers read it."""
    return _LINE_ENDS.sub("", href).strip(_AROUND_URL)
