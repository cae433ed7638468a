"""XML of strangers: no document types, entities or external things, and bounds on its shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser
from django.utils.translation import gettext as _

from wagtail_localize_desk.exchange.entries import FileError

DEEPEST = 60
MOST_ELEMENTS = 200_000


@dataclass
class Element:
    """An element with its line, and within it text and elements in their order."""

    namespace: str
    name: str
    #: By local name; those of namespaces, such as `xml:space`, are left out.
    attributes: dict[str, str]
    line: int
    content: list[Element | str] = field(default_factory=list)

    def children(self, *names: str) -> Iterator[Element]:
        """The elements directly below with these names, of the same namespace."""
        for child in self.content:
            if not isinstance(child, Element) or child.namespace != self.namespace:
                continue
            if child.name in names:
                yield child

    def child(self, name: str) -> Element | None:
        return next(self.children(name), None)


class _Builder(ContentHandler):
    """Builds the tree; raises FileError where a bound is passed."""

    def __init__(self, parser: Any) -> None:
        super().__init__()
        self.root: Element | None = None
        self._parser = parser
        self._open: list[Element] = []
        self._count = 0

    @property
    def line(self) -> int:
        return int(self._parser.getLineNumber() or 1)

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS:
            raise FileError(
                _("Line %(line)d: the file has more elements, or deeper ones, than can be read.")
                % {"line": self.line}
            )
        own = {key[1]: value for key, value in attrs.items() if key[0] is None}
        element = Element(name[0] or "", name[1], own, self.line)
        if self._open:
            self._open[-1].content.append(element)
        else:
            self.root = element
        self._open.append(element)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802
        self._open.pop()

    def characters(self, content: str) -> None:
        inside = self._open[-1].content
        if inside and isinstance(inside[-1], str):
            inside[-1] += content
        else:
            inside.append(content)


def parse_xml(content: bytes) -> Element:
    """The root of a document; raises FileError with the line of what is wrong."""
    parser = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder = _Builder(parser)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(builder)
    try:
        parser.feed(content)
        parser.close()
    except DefusedXmlException as error:
        raise FileError(
            _("Line %(line)d has a document type or an entity, which is not read here.")
            % {"line": builder.line}
        ) from error
    except SAXParseException as error:
        raise FileError(
            _("Line %(line)d cannot be read as XML.") % {"line": error.getLineNumber() or 1}
        ) from error
    if builder.root is None:
        raise FileError(_("Line %(line)d cannot be read as XML.") % {"line": 1})
    return builder.root
