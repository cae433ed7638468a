"""Long dependency keys are stored without mistaking one for another."""

from __future__ import annotations

import pytest

from tests import samples
from tests.stored import document_of
from wagtail_delivery.models import DEPENDENCY_KEY_LENGTH, Dependency
from wagtail_delivery.store.documents import _replace_dependencies, dependents_of
from wagtail_delivery.store.stored_keys import stored_key

SAME = "x" * DEPENDENCY_KEY_LENGTH


def test_a_key_that_fits_is_stored_as_it_is() -> None:
    for key in ("testapp.plaintopic:1#place", SAME):
        assert stored_key(key) == key


def test_a_longer_key_keeps_its_beginning_and_fits() -> None:
    key = "testapp.plaintopic:" + SAME
    assert len(stored_key(key)) == DEPENDENCY_KEY_LENGTH
    assert stored_key(key).startswith("testapp.plaintopic:xxx")


@pytest.mark.django_db
def test_keys_that_differ_only_beyond_the_limit_are_different() -> None:
    document = document_of(samples.plain_topic())
    _replace_dependencies(document, frozenset({SAME + "1", SAME + "2"}))
    assert Dependency.objects.filter(document=document).count() == 2
    assert dependents_of([SAME + "1"]) == {document.source}
    assert dependents_of([SAME + "3", SAME]) == set()
