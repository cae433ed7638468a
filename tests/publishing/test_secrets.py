"""No draft, private page or untranslated text ever reaches the public, whatever editors do."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.nightly import NIGHTLY
from tests.publishing.secrets.initial_content import publish_initial_content
from tests.publishing.secrets.machine import SecretsMachine

#: SECRETS_EXAMPLES=500 searches longer. A failure prints how to reproduce it.
EXAMPLES = int(os.environ.get("SECRETS_EXAMPLES") or (60 if NIGHTLY else 2))


@pytest.mark.django_db
def test_nothing_secret_is_ever_public() -> None:
    publish_initial_content()
    run_state_machine_as_test(
        SecretsMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
