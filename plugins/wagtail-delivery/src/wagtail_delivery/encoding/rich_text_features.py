"""The markup that a rich text may have: what the features of its editor can store.

Editors store nothing else. Code, imports and older versions of a project can, so rich text is
cleaned when it is compiled. What a feature can store is asked of Wagtail's own registry, which also
has the features of a project: the rules by which its converters read and write HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.editor_html import (
    BASE_WHITELIST_RULES,
    EmbedTypeRule,
    LinkTypeRule,
    WhitelistRule,
)
from wagtail.admin.rich_text.converters.html_ruleset import HTMLRuleset
from wagtail.rich_text import features as registry
from wagtail.whitelist import Whitelister, allow_without_attributes, check_url

from wagtail_delivery.encoding.html.tokens import Attributes, StartTag, start_tag, tokens_of

#: The editor's own key of a block, of no use to readers and front-ends.
BLOCK_KEY = "data-block-key"
#: Elements and attributes that run code or restyle the page, which no feature can allow.
_NEVER = frozenset({"script", "style"})
_NEVER_ATTRIBUTE = re.compile(r"on|srcdoc$")
_URL_ATTRIBUTES = frozenset(
    {"action", "background", "cite", "data", "formaction", "href", "longdesc", "poster", "src"}
)
_SELECTOR = re.compile(r"""([\w-]+)(?:\[([\w-]+)(?:=["']?(.*?)["']?)?\])?""")
#: The attribute that says what a link or an embed stands for.
_TYPE_ATTRIBUTES = {"a": "linktype", "embed": "embedtype"}


def features_of(editor: str, features: Sequence[str] | None) -> tuple[str, ...]:
    """The features of a field or block, given its `editor` and `features`."""
    if features is None:
        features = getattr(get_rich_text_editor_widget(editor), "features", None)
    return tuple(registry.get_default_features() if features is None else features)


class AllowedMarkup:
    """The elements and attributes that a rich text with `features` can have."""

    def __init__(self, features: Sequence[str]) -> None:
        self.features = features
        #: The result of each rule is the attribute that its selector names, and whether the
        #: feature's attributes are known without asking its converter.
        self.read = HTMLRuleset()
        #: Functions that remove the attributes of an element that are not allowed.
        self.cleaners: dict[str, list[Callable[[Any], None]]] = {
            name: [rule] for name, rule in BASE_WHITELIST_RULES.items()
        }
        for feature in features:
            whitelist = _editor_rules(feature)
            for rule in whitelist:
                if isinstance(rule, WhitelistRule):
                    self.cleaners.setdefault(rule.element, []).append(rule.handler)
            for selector in _selectors(feature):
                if match := _SELECTOR.fullmatch(selector):
                    self.read.add_rule(selector, (match[2], bool(whitelist)))
        self.types = set(_types_of(features))
        self.known_types = {
            found
            for converter in ("contentstate", "editorhtml")
            for found in _types_of(registry.get_converter_features(converter))
        }

    def allows_element(self, name: str) -> bool:
        """Whether some tag of this name is allowed."""
        known = name in self.cleaners or name in self.read.element_rules
        return known and name not in _NEVER

    def kept(self, tag: StartTag) -> Attributes | None:
        """The attributes of `tag` that are allowed; None if the tag is not."""
        attributes = {name: value for name, value in tag.attributes.items() if name != BLOCK_KEY}
        type_attribute = _TYPE_ATTRIBUTES.get(tag.name, "")
        if link_type := attributes.get(type_attribute):
            # Handlers make the output, so only the type matters.
            found = (tag.name, link_type)
            return attributes if found in self.types or found not in self.known_types else None
        if not self.allows_element(tag.name) or not self._matches(tag.name, attributes):
            return None
        if not attributes:
            return attributes
        kept = self._without_unknown(tag.name, attributes)
        return kept if self._matches(tag.name, kept) else None

    def _matches(self, name: str, attributes: Attributes) -> bool:
        if name in self.read.element_rules:
            return self.read.match(name, attributes) is not None or name in BASE_WHITELIST_RULES
        return name in self.cleaners

    def _without_unknown(self, name: str, attributes: Attributes) -> Attributes:
        matching = [
            result
            for _, matches, result in self.read.element_rules.get(name, ())
            if matches(attributes)
        ]
        known = {attribute for attribute, _ in matching}
        element = f"{start_tag(name, attributes)}x</{name}>"
        for cleaner in () if known.issuperset(attributes) else self.cleaners.get(name, ()):
            known |= _cleaned(cleaner, name, element)
        kept = {attribute: value for attribute, value in attributes.items() if attribute in known}
        if kept != attributes and not all(is_known for _, is_known in matching):
            stored = self._stored_again(name, element)
            kept = {
                attribute: value
                for attribute, value in attributes.items()
                if attribute in known or stored.get(attribute) == (value or "")
            }
        return {
            attribute: value for attribute, value in kept.items() if _is_harmless(attribute, value)
        }

    def _stored_again(self, name: str, element: str) -> Attributes:
        """The attributes that the editor would store after reading `element`."""
        converter = ContentstateConverter(self.features)
        try:
            stored = converter.to_database_format(converter.from_database_format(element))
        except Exception:
            # The editor could not open it.
            return {}
        return _attributes_in(stored, name)


def _editor_rules(feature: str) -> list[Any]:
    """The rules of `feature` for editors that work on HTML."""
    return list(registry.get_converter_rule("editorhtml", feature) or ())


def _selectors(feature: str) -> list[str]:
    """The selectors of the elements that `feature` reads in Draftail."""
    rule = registry.get_converter_rule("contentstate", feature) or {}
    return [*dict(rule.get("from_database_format", {}))]


def _types_of(features: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The types of links ("a") and embeds ("embed") that `features` can store."""
    for feature in features:
        for rule in _editor_rules(feature):
            if isinstance(rule, LinkTypeRule):
                yield "a", rule.link_type
            elif isinstance(rule, EmbedTypeRule):
                yield "embed", rule.embed_type
        for selector in _selectors(feature):
            match = _SELECTOR.fullmatch(selector)
            if match and match[3] and _TYPE_ATTRIBUTES.get(match[1]) == match[2]:
                yield match[1], match[3]


def _cleaned(cleaner: Callable[[Any], None], name: str, element: str) -> set[str]:
    """The attributes that `cleaner`, Wagtail's rule for elements called `name`, leaves."""
    whitelister = Whitelister()
    whitelister.element_rules = {"[document]": allow_without_attributes, name: cleaner}
    return set(_attributes_in(whitelister.clean(element)))


def _attributes_in(html: str, name: str = "") -> Attributes:
    """The attributes of the first element (called `name`) in `html`."""
    for token in tokens_of(html):
        if isinstance(token, StartTag) and name in {"", token.name}:
            return token.attributes
    return {}


def _is_harmless(attribute: str, value: str | None) -> bool:
    if _NEVER_ATTRIBUTE.match(attribute):
        return False
    is_url = attribute.rpartition(":")[2] in _URL_ATTRIBUTES
    return not is_url or check_url(value or "") is not None
