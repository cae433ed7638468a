"""Reading the simple values that fields and blocks share: texts, references, yes or no."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.html import escape

from cms.content_files.entry_types import entry_types
from cms.content_files.plan import EntryReference, Keys, SourceEntry, SourceText
from cms.content_files.problems import Problems
from cms.content_files.reader import MappingNode, Node, ScalarNode

_YES_AND_NO = {"true": True, "false": False}


@dataclass(frozen=True)
class Where:
    """A position within an entry: its keys in the file and wagtail-localize's content path."""

    keys: Keys = ()
    content_path: str = ""

    def below(self, key: str, component: str) -> Where:
        """One level down: `key` in the file, `component` in the content path."""
        path = f"{self.content_path}.{component}" if self.content_path else component
        return Where((*self.keys, key), path)


class ValueReader:
    """Reads values of one entry; adds its texts to `entry` and mistakes to `problems`."""

    def __init__(self, entry: SourceEntry, problems: Problems) -> None:
        self.entry = entry
        self.problems = problems

    def scalar(self, node: Node) -> str | None:
        """The text of a scalar node; None if it is empty or not a scalar."""
        if isinstance(node, ScalarNode):
            return node.text
        self.problems.add(node.location, "Write a single value here.")
        return None

    def yes_or_no(self, node: Node, text: str | None) -> bool:
        """A value that is true or false."""
        if text not in _YES_AND_NO:
            self.problems.add(node.location, "Write true or false.")
        return _YES_AND_NO.get(text or "", False)

    def rich_text(self, node: Node, where: Where) -> str:
        """HTML of one paragraph, or of paragraphs under keys."""
        if isinstance(node, MappingNode):
            paragraphs = [(where.below(key, ""), item) for key, item in node.items.items()]
        else:
            paragraphs = [(where, node)]
        html = ""
        for inside, item in paragraphs:
            text = self.scalar(item)
            if text and "\n" in text.strip():
                self.problems.add(item.location, "Write each paragraph under a key of its own.")
            if text:
                self.text(item, Where(inside.keys, where.content_path), text)
                html += f"<p>{escape(text)}</p>"
        return html

    def reference(
        self, node: Node, model: type[models.Model], optional: bool = False
    ) -> EntryReference | None:
        """Another entry, by its key, or by file and key if `model` has entries in several files."""
        text = self.scalar(node)
        if text is None:
            if not optional:
                self.problems.add(node.location, "The name of another entry is missing.")
            return None
        fitting = [
            entry_type.name
            for entry_type in entry_types().values()
            if issubclass(entry_type.model, model)
        ]
        if "/" not in text and len(fitting) == 1:
            text = f"{fitting[0]}/{text}"
        if text.split("/")[0] in fitting:
            return EntryReference(text, node.location)
        self.problems.add(
            node.location,
            f"Write the entry as file/key; the file must be one of {', '.join(fitting)}.",
        )
        return None

    def text(self, node: Node, where: Where, words: str) -> None:
        """Record a text that every other language needs too."""
        if words.strip():
            self.entry.texts[where.keys] = SourceText(where.content_path, words, node.location)
