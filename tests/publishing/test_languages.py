"""No text is ever public as another language, lost, or stale unseen, whoever does what when."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.nightly import NIGHTLY
from tests.publishing.languages.initial_content import publish_initial_content
from tests.publishing.languages.machine import LanguagesMachine

#: LANGUAGES_EXAMPLES=500 searches longer. A failure prints how to reproduce it.
EXAMPLES = int(os.environ.get("LANGUAGES_EXAMPLES") or (60 if NIGHTLY else 2))
STEPS = 20 if NIGHTLY else 15


@pytest.fixture
def three_languages(settings: Any) -> None:
    """As `CONTENT_LANGUAGES=ms,en,ta` enables them; what checks find is another test's."""
    languages = [*settings.WAGTAIL_CONTENT_LANGUAGES, ("ta", "Tamil")]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages
    settings.WAGTAIL_LOCALIZE_DESK_BLOCKING_CHECKS = []


@pytest.mark.django_db
@pytest.mark.usefixtures("three_languages")
def test_every_text_is_public_as_what_it_is() -> None:
    publish_initial_content()
    run_state_machine_as_test(
        LanguagesMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
