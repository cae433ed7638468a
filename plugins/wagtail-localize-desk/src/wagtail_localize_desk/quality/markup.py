"""Tags: the pieces of markup that a translation must keep."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_localize_desk.quality.pairs import Finding, Pair

#: wagtail-localize keeps attributes apart, and leaves the id by which it finds them.
TAG = re.compile(r"<\s*([a-zA-Z][\w-]*)([^>]*)>")
IDENTITY = re.compile(r"""\bid\s*=\s*["']?([^"'\s>]+)""")
#: Tags that only change how words look: a language may have no word for them.
LOOK = {"b", "strong", "i", "em", "br"}


def check_markup(pair: Pair) -> Iterator[Finding]:
    """Links and other tags that are missing, or are not in the source."""
    source, target = _tags(pair.source), _tags(pair.words)
    for (name, identity), count in sorted((source - target).items()):
        yield Finding(_check(name), _missing_message(name, identity, count))
    for (name, identity), _count in sorted((target - source).items()):
        shown = f"<{name}>" if not identity else f"<{name} id={identity}>"
        yield Finding(
            _check(name), _("The translation has %(tag)s; the source does not.") % {"tag": shown}
        )


def _tags(html: str) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for name, attributes in TAG.findall(html):
        identity = IDENTITY.search(attributes)
        found[name.lower(), identity[1] if identity else ""] += 1
    return found


def _check(name: str) -> str:
    if name == "a":
        return "links"
    return "formatting" if name in LOOK else "tags"


def _missing_message(name: str, identity: str, count: int) -> str:
    if name == "a":
        return _("The link %(identity)s of the source is missing.") % {"identity": identity}
    message = ngettext(
        "<%(name)s> of the source is missing.",
        "<%(name)s> of the source is missing %(count)d times.",
        count,
    )
    return message % {"name": name, "count": count}
