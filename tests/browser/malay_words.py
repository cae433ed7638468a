"""Checks that all words on a screen are Malay.

A word is Malay if a catalogue uses it in a translation. Editors' own texts are ignored, and so are
the exceptions listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

import django
import polib
from selenium.webdriver import Chrome

from cms.operations.catalogues import ROOT, catalogues

#: Words that no Malay translation contains but that may be on a screen.
EXPLAINED = {
    "names of services": {"github", "gravatar"},
    "names of file formats": {
        *("avif", "csv", "docx", "gif", "jpeg", "jpg", "pdf", "png", "pptx", "rtf", "svg", "txt"),
        *("tsv", "webp", "xlsx", "zip", "mb", "kb", "po"),
    },
    "keys of the keyboard": {"ctrl", "shift", "alt", "esc", "mod"},
    "time zones under the names of the IANA database": {
        *("asia", "kuala", "lumpur", "kuching", "myt", "gmt"),
    },
}
#: English words that Malay messages quote from settings and formats; elsewhere they are foreign.
QUOTED = frozenset(
    {
        *("allow", "british", "case", "cookie", "debug", "empty", "encoding", "false", "future"),
        *("header", "instance", "last", "none", "null", "parent", "snake", "string", "submit"),
        *("translations", "true"),
    }
)
#: Whole texts that need not be Malay.
WHOLE = {
    "models under their names in the code, in the report of page types": (
        r"^(pages|wagtailcore)\.\w+$",
    ),
    "languages under their own names": (r"^English$",),
}
_WHOLE = [re.compile(pattern) for patterns in WHOLE.values() for pattern in patterns]
_EXPLAINED = frozenset(word for words in EXPLAINED.values() for word in words)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PLACEHOLDER = re.compile(r"%\(\w+\)\w|%\w|\{\w*\}|<[^>]*>|&\w+;")
#: URLs, paths and e-mail addresses, also as examples.
_ADDRESS = re.compile(r"https?://\S*|\S+@\S+|(?<!\S)/\S*|\b127\.\S+|\bwww\.\S+")
#: The parts of Django whose words an admin sees.
_DJANGO = ("conf", "contrib/auth", "contrib/contenttypes", "contrib/humanize")
#: The least number of characters by which a truncated title is recognised.
_LEAST_CUT = 8

#: All texts that users can see or hear, each with its element, including those of closed menus,
#: dialogs and hints.
TEXTS = """
const found = [];
const named = ['title', 'aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext',
               'placeholder', 'alt', 'label', 'data-w-tooltip-content-value',
               'data-w-progress-active-value', 'data-w-progress-label-value',
               'data-w-clipboard-message-value'];
const silent = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'CODE', 'KBD']);
function where(node) { return node.tagName + '.' + (node.getAttribute('class') || ''); }
function walk(node, owner) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (node.textContent.trim()) found.push([node.textContent.trim(), where(owner)]);
    return;
  }
  if (node.nodeType === Node.DOCUMENT_FRAGMENT_NODE) {
    node.childNodes.forEach(child => walk(child, owner));
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || silent.has(node.tagName)) return;
  // A button of the date picker that Wagtail never has it show.
  if (node.matches('.xdsoft_save_selected')) return;
  if (node !== document.documentElement && (node.lang || 'ms') !== 'ms') return;
  for (const name of named) {
    const value = node.getAttribute(name);
    if (value && value.trim()) found.push([value.trim(), '@' + name + ' ' + where(node)]);
  }
  if (node.tagName === 'INPUT' && ['submit', 'button', 'reset'].includes(node.type)) {
    found.push([node.value, where(node)]);
  }
  // What somebody wrote is in the language that it was written in.
  if (node.isContentEditable || ['TEXTAREA', 'IFRAME'].includes(node.tagName)) return;
  node.childNodes.forEach(child => walk(child, node));
  if (node.shadowRoot) walk(node.shadowRoot, node);
  if (node.tagName === 'TEMPLATE') walk(node.content, node);
}
walk(document.documentElement);
return found;
"""


def words(text: str) -> set[str]:
    """The words of `text` in lower case, without single letters."""
    found = {match[0].casefold() for match in _WORD.finditer(text)}
    return {word for word in found if len(word) > 1}


def malay_words() -> set[str]:
    """All words of Malay translations: ours, and Django's own for the admin."""
    home = Path(django.__file__).parent
    files = [file for file in catalogues(ROOT) if "/ms/" in file.as_posix()]
    files += [home / part / "locale" / "ms" / "LC_MESSAGES" / "django.po" for part in _DJANGO]
    found: set[str] = set()
    for file in files:
        for entry in polib.pofile(str(file)):
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                found |= words(_PLACEHOLDER.sub(" ", text))
    return (found - QUOTED) | _EXPLAINED


class Screen:
    """Finds words on a screen that are not Malay."""

    def __init__(self, browser: Chrome, written: Iterable[str]) -> None:
        """`written`: texts by editors and administrators, such as titles and names."""
        self.browser = browser
        self.malay = malay_words()
        # Longest first, because a title may be part of another.
        plain = {" ".join(unescape(_PLACEHOLDER.sub("", text)).split()) for text in written}
        self.written = sorted(plain - {""}, key=len, reverse=True)

    def foreign(self) -> list[str]:
        """The texts with a word that is not Malay, each with its element."""
        language = self.browser.execute_script("return document.documentElement.lang")
        found = [] if language == "ms" else [f"The page says that it is in {language!r}."]
        for text, element in self.browser.execute_script(TEXTS):
            strange = words(self._without_written_texts(text)) - self.malay
            if strange:
                found.append(f"{text!r} ({', '.join(sorted(strange))}) in {element}")
        return list(dict.fromkeys(found))

    def _without_written_texts(self, text: str) -> str:
        text = " ".join(text.split())
        if any(pattern.match(text) for pattern in _WHOLE):
            return ""
        text = _ADDRESS.sub(" ", text)
        if text.endswith("…"):
            text = self._without_cut_title(text)
        for written in self.written:
            if written in text:
                text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", " ", text)
        return text

    def _without_cut_title(self, text: str) -> str:
        """The part of `text` before a truncated title or Malay word at its end."""
        for start in range(len(text) - _LEAST_CUT):
            cut = text[start:].rstrip("… ")
            if len(cut) >= _LEAST_CUT and any(title.startswith(cut) for title in self.written):
                return text[:start]
        last = text.rstrip("… ").rpartition(" ")[2]
        if len(last) > 2 and any(word.startswith(last.casefold()) for word in self.malay):
            return text.removesuffix(f"{last}…")
        return text
