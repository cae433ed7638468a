"""The checks of translations, on this project's own content and on errors planted in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from tests.translation_quality.correct_pairs import PAIRS
from tests.translation_quality.planted_errors import RULES, Correct, planted
from wagtail_localize_desk.quality.pairs import ApprovedTerm, Pair
from wagtail_localize_desk.quality.running import findings
from wagtail_localize_desk.term_models import Term, approved_terms

CONTENT = Path(settings.BASE_DIR) / "content"
#: What the checks must reach.
FEWEST_ERRORS = 200
LEAST_CAUGHT = 0.95
MOST_FALSE_ALARMS = 0.02


def pairs_of(source: dict[str, Any], target: dict[str, Any]) -> list[Correct]:
    """The texts that stand at the same place of two content files."""
    found = []
    for key, words in target.items():
        if isinstance(words, dict) and isinstance(source.get(key), dict):
            found += pairs_of(source[key], words)
        elif isinstance(words, str) and isinstance(source.get(key), str) and key != "slug":
            found.append(Correct(source[key], words))
    return found


@pytest.fixture(scope="module")
def own_content() -> list[Correct]:
    found = []
    for file in sorted((CONTENT / "en").glob("*.yaml")):
        source, target = (
            yaml.safe_load((CONTENT / language / file.name).read_text(encoding="utf-8"))
            for language in ("ms", "en")
        )
        found += pairs_of(source, target)
    return found


@pytest.fixture
def terms(db: None) -> tuple[ApprovedTerm, ...]:
    call_command("load_terms", CONTENT / "terms.csv", verbosity=0)
    return approved_terms("ms", "en")


def told(pair: Correct, terms: tuple[ApprovedTerm, ...]) -> set[str]:
    return {found.check for found in findings(Pair(pair[0], pair[1], "ms", "en", None, terms))}


def test_right_translations_are_not_told_to_be_wrong(
    own_content: list[Correct], terms: tuple[ApprovedTerm, ...]
) -> None:
    assert len(own_content) > 40
    alarms = {pair: found for pair in own_content if (found := told(pair, terms))}
    assert len(alarms) <= MOST_FALSE_ALARMS * len(own_content), alarms
    correct = [Correct(*pair) for pair in PAIRS]
    alarms = {pair: found for pair in correct if (found := told(pair, terms))}
    assert len(alarms) <= MOST_FALSE_ALARMS * len(correct), alarms


def test_planted_errors_are_caught(
    own_content: list[Correct], terms: tuple[ApprovedTerm, ...]
) -> None:
    correct = own_content + [Correct(*pair) for pair in PAIRS]
    errors = list(planted(correct))
    kinds = Counter(error.kind for error in errors)
    assert kinds.keys() == RULES.keys()
    assert len(errors) >= FEWEST_ERRORS
    missed = [error for error in errors if not told(Correct(error.source, error.words), terms)]
    assert len(missed) <= (1 - LEAST_CAUGHT) * len(errors), missed
    # No kind is missed as a whole.
    assert all(count < kinds[kind] for kind, count in Counter(each.kind for each in missed).items())


def test_the_terms_are_the_official_names(terms: tuple[ApprovedTerm, ...]) -> None:
    names = {term.source: term.translations for term in terms}
    assert names["Pertubuhan Keselamatan Sosial"] == ("Social Security Organisation",)
    assert names["Akta Keselamatan Sosial Suri Rumah 2022"] == (
        "Housewives' Social Security Act 2022",
    )
    # A second time adds none, and changes none.
    Term.objects.filter(term="AKSP").update(note="Changed.")
    call_command("load_terms", CONTENT / "terms.csv", verbosity=0)
    assert Term.objects.count() == len(terms)
    assert Term.objects.get(term="AKSP").note == "Changed."
