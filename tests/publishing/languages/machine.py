"""Malay, English and Tamil, in a newsroom where everybody works in random order.

Officers, translators, reviewers, publishers and code use the addresses of the product. After each
step everything is read from the public API, and the words tell whether it has told the truth.
"""

from __future__ import annotations

from django.db import transaction
from hypothesis.stateful import invariant

from tests.publishing.languages.held_rules import HeldRules
from tests.publishing.languages.tree_rules import TreeRules
from wagtail_delivery.extending import verify
from wagtail_localize_desk.models import StringChange


class LanguagesMachine(TreeRules, HeldRules):
    """Starts from the content of `publish_initial_content`; rolls its changes back."""

    def __init__(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        super().__init__()
        self.note_initial_content()

    def teardown(self) -> None:
        try:
            # Takes as long as all the rest, so it runs once, at the end.
            assert not list(verify())
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            super().teardown()

    @invariant()
    def readers_are_told_the_truth(self) -> None:
        self.read()
        self.every_text_has_the_language_that_is_declared()
        self.no_other_language_is_public_that_nobody_chose()
        self.stale_is_told()
        self.what_waits_is_not_public()

    @invariant()
    def no_saved_string_is_gone(self) -> None:
        kept = set(StringChange.objects.values_list("words_after", flat=True))
        assert self.saved <= kept, self.saved - kept
