"""Loads the content in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.models import Locale, Page, Revision

from cms.content_files.folder import Content, read_content
from cms.content_files.ledger import Ledger, Since
from cms.content_files.outcome import LEFT_ALONE, WRITTEN, Outcome, decide
from cms.content_files.plan import EntryReference, SourceEntry, TranslatedEntry
from cms.content_files.problems import Problems
from cms.content_files.site import ensure_site
from cms.content_files.translating import edited_in_the_editor, write_translation
from cms.content_files.writing import create_draft_page, find, write
from wagtail_delivery.extending import publishing

Say = Callable[[str], None]


def load(folder: Path, *, overwrite: bool, check: bool, say: Say) -> list[Outcome]:
    """Load the content files in `folder`; returns the outcome for each entry.

    `overwrite` also writes entries that were edited or deleted since the last load. `check` rolls
    everything back at the end. Progress goes to `say`. Raises `ContentError`, with nothing written,
    if a file is malformed or a model rejects a value.
    """
    content = read_content(folder)
    for language in content.left_out:
        say(f"{language}: skipped; it is not a language of this project.")
    outcomes: list[Outcome] = []
    # One publication: the API's documents are compiled once, after everything is written.
    with suppress(RolledBack), publishing():
        outcomes = Loader(content, overwrite, say).run()
        if check:
            raise RolledBack
    return outcomes


class RolledBack(Exception):  # noqa: N818 - not an error
    """Ends a check and rolls back its writes."""


class Loader:
    """One load of some content: the source language first, then its translations."""

    def __init__(self, content: Content, overwrite: bool, say: Say) -> None:
        self.content = content
        self.overwrite = overwrite
        self.say = say
        self.ledger = Ledger()
        self.problems = Problems()
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.entries = {entry.name: entry for entry in content.entries}
        self.reported = 0

    def run(self) -> list[Outcome]:
        """Write everything; returns the outcome for each entry, in the order of writing."""
        outcomes = {entry.name: self._outcome(entry) for entry in self.content.entries}
        # Pages and snippets may refer to each other, so all pages are created as drafts first.
        for entry in self.content.entries:
            if entry.entry_type.is_page and outcomes[entry.name] is Outcome.CREATED:
                with self._problems_at(entry):
                    self._create_draft(entry)
        for entry in self.content.entries:
            if outcomes[entry.name] in WRITTEN:
                with self._problems_at(entry):
                    self._write(entry)
            self._report(entry, self.content.language, outcomes[entry.name])
        self._ensure_site()
        translated_outcomes = []
        for translated in self.content.translations:
            outcome = self._translated_outcome(translated, outcomes[translated.source.name])
            if outcome in WRITTEN:
                with self._problems_at(translated.source):
                    self._translate(translated)
            self._report(translated.source, translated.language, outcome)
            translated_outcomes.append(outcome)
        return [*outcomes.values(), *translated_outcomes]

    def _find(self, entry: SourceEntry, language: str | None = None) -> Any | None:
        return find(entry, self.locales[language or self.content.language])

    def _outcome(self, entry: SourceEntry) -> Outcome:
        language = self.content.language
        since = self.ledger.since(entry.name, language, self._find(entry))
        return decide(since, self.ledger.says(entry.name, language, entry.digest()), self.overwrite)

    def _translated_outcome(self, entry: TranslatedEntry, of_source: Outcome) -> Outcome:
        if of_source in LEFT_ALONE:
            return Outcome.LEFT_SOURCE
        name, language = entry.source.name, entry.language
        since = self.ledger.since(name, language, self._find(entry.source, language))
        if since is Since.AS_LOADED and edited_in_the_editor(entry, self.locales[language]):
            since = Since.EDITED
        return decide(since, self.ledger.says(name, language, entry.digest()), self.overwrite)

    def _create_draft(self, entry: SourceEntry) -> None:
        if entry.parent is None:
            parent = Page.get_first_root_node()
        else:
            parent = Page.objects.get(pk=self._primary_key(entry.parent))
        create_draft_page(entry, self.locales[self.content.language], parent)

    def _write(self, entry: SourceEntry) -> None:
        locale = self.locales[self.content.language]
        revision = write(entry, locale, self._find(entry), self._primary_key)
        self._record(entry, self.content.language, entry.digest(), revision)

    def _translate(self, entry: TranslatedEntry) -> None:
        locale = self.locales[entry.language]
        revision = write_translation(entry, self._find(entry.source), locale, self.problems)
        self.problems.raise_if_any()
        self._record(entry.source, entry.language, entry.digest(), revision)

    def _record(self, entry: SourceEntry, language: str, digest: str, revision: Revision) -> None:
        self.ledger.record(entry.name, language, digest, self._find(entry, language), revision)

    def _primary_key(self, reference: EntryReference) -> Any:
        found = self._find(self.entries[reference.target])
        if found is None:
            self.problems.add(
                reference.location,
                f"{reference.target} was deleted since it was loaded. Load with --overwrite or "
                "remove this reference.",
            )
            self.problems.raise_if_any()
            return None
        return found.pk

    def _ensure_site(self) -> None:
        roots = [
            entry for entry in self.content.entries if entry.entry_type.is_page and not entry.parent
        ]
        home = self._find(roots[0]) if roots else None
        if home is not None and ensure_site(home):
            self.say("Created the default site.")

    @contextmanager
    def _problems_at(self, entry: SourceEntry) -> Iterator[None]:
        """Report a model's validation errors with the field's line, and stop."""
        try:
            yield
        except ValidationError as error:
            by_field = getattr(error, "error_dict", {NON_FIELD_ERRORS: [error]})
            for name, errors in by_field.items():
                for one in errors:
                    self.problems.add_error(entry.location_of(name), one)
            self.problems.raise_if_any()

    def _report(self, entry: SourceEntry, language: str, outcome: Outcome) -> None:
        self.reported += 1
        total = len(self.content.entries) + len(self.content.translations)
        self.say(
            f"[{self.reported:{len(str(total))}}/{total}] {language} {entry.name}: {outcome.value}"
        )
