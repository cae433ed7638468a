"""Remove list items that have no content, which readers see as a bullet without words."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass, field

from wagtail_delivery.encoding.html.tokens import (
    VOID_ELEMENTS,
    EndTag,
    StartTag,
    TextToken,
    Token,
    tokens_of,
)

_LISTS = frozenset({"ol", "ul"})
#: Void elements that show something by themselves.
_VISIBLE = VOID_ELEMENTS - {"area", "base", "br", "col", "link", "meta", "param", "source", "wbr"}


def without_empty_items(fragment: str) -> str:
    """`fragment` without empty list items and lists; everything else keeps its bytes.

    The editor stores a list that begins indented as an item with nothing but a list in it. Such an
    item goes, and the items of its list take its place.
    """
    if "<li" not in fragment.lower():
        return fragment
    pruning = _Pruning()
    for token in tokens_of(fragment):
        pruning.add(token)
    return pruning.html()


@dataclass(slots=True)
class _Element:
    """An open list or item: the index of its start tag, and what was found in it so far."""

    name: str
    start: int
    #: Whether it has content: of an item, beside the lists in it; of a list, in its items.
    has_content: bool = False
    #: Of an item: the indexes of the tags of each list in it.
    lists: list[tuple[int, int]] = field(default_factory=list)
    #: Of an item: the number of open elements in it, by name.
    open: Counter[str] = field(default_factory=Counter)
    #: Of a list: the number of its items, and the tags of a list that its only item consists of.
    items: int = 0
    inner_tags: tuple[str, str] | None = None


class _Pruning:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[_Element] = []
        self.names: Counter[str] = Counter()

    def html(self) -> str:
        while self.open:
            self._close("")
        return "".join(self.out)

    def add(self, token: Token) -> None:
        match token:
            case StartTag(name="li"):
                if self.open and self.open[-1].name == "li":
                    self._close("")
                self._open(token)
            case StartTag() if token.name in _LISTS:
                self._open(token)
            case EndTag() if self.names[token.name]:
                while self.open[-1].name != token.name:
                    self._close("")
                self._close(token.source)
            case _:
                self.out.append(token.source)
                if _is_content(token) or not self._is_balanced(token):
                    self._mark_content()

    def _is_balanced(self, token: Token) -> bool:
        """Whether the tags in the innermost item are pairs so far: it can only go as a whole."""
        open_elements = self.open[-1].open if self.open else Counter[str]()
        if isinstance(token, StartTag) and token.name not in VOID_ELEMENTS:
            open_elements[token.name] += 1
        elif isinstance(token, EndTag):
            open_elements[token.name] -= 1
            return open_elements[token.name] >= 0
        return True

    def _open(self, tag: StartTag) -> None:
        self.open.append(_Element(tag.name, len(self.out)))
        self.names[tag.name] += 1
        self.out.append(tag.source)

    def _mark_content(self) -> None:
        if self.open:
            self.open[-1].has_content = True
        if len(self.open) > 1 and self.open[-1].name in _LISTS:
            # Content of a list outside its items is content of the item around the list.
            self.open[-2].has_content = True

    def _close(self, end_tag: str) -> None:
        """Close the innermost element with `end_tag`, which is empty if it has none."""
        element = self.open.pop()
        self.names[element.name] -= 1
        self.out.append(end_tag)
        parent = self.open[-1] if self.open else None
        element.has_content = element.has_content or any(element.open.values())
        if element.has_content and element.items == 1 and element.inner_tags:
            self.out[element.start], self.out[-1] = element.inner_tags
        elif element.lists and not element.has_content:
            self._unwrap(element, parent)
        elif not element.has_content:
            del self.out[element.start :]
            return
        if parent is None:
            return
        if element.name in _LISTS and parent.name == "li":
            parent.lists.append((element.start, len(self.out) - 1))
        else:
            parent.has_content = True
            parent.items += 1

    def _unwrap(self, item: _Element, parent: _Element | None) -> None:
        """Remove everything of `item` except the lists in it, or the items of those lists."""
        done = item.start
        for start, end in item.lists:
            inner_tags = self.out[start], self.out[end]
            # An item outside any list leaves its lists whole.
            begin, stop = (start, end + 1) if parent is None else (start + 1, end)
            self._blank(done, begin)
            done = stop
            if parent is not None:
                parent.inner_tags = inner_tags if len(item.lists) == 1 else None
        self._blank(done, len(self.out))

    def _blank(self, start: int, end: int) -> None:
        self.out[start:end] = [""] * (end - start)


def _is_content(token: Token) -> bool:
    match token:
        case StartTag():
            return token.name in _VISIBLE
        case TextToken():
            return bool(html.unescape(token.source).strip())
    return False
