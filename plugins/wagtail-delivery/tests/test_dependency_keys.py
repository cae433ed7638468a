"""Long dependency keys are shortened, and stay distinct."""

from __future__ import annotations

import pytest

from tests import samples
from tests.stored import document_of
from wagtail_delivery.hashes import dependency_hash
from wagtail_delivery.models import STORED_KEY_LENGTH, Dependency
from wagtail_delivery.store.documents import dependents_of
from wagtail_delivery.store.stored_keys import stored_key

SAME = "x" * STORED_KEY_LENGTH


def test_a_short_key_is_stored_unchanged() -> None:
    for key in ("testapp.plaintopic:1#place", SAME):
        assert stored_key(key) == key


def test_a_long_key_is_shortened_and_keeps_its_beginning() -> None:
    key = "testapp.plaintopic:" + SAME
    assert len(stored_key(key)) == STORED_KEY_LENGTH
    assert stored_key(key).startswith("testapp.plaintopic:xxx")


def test_long_keys_with_a_common_beginning_stay_distinct() -> None:
    assert stored_key(SAME + "1") != stored_key(SAME + "2")


@pytest.mark.django_db
def test_dependents_are_found_by_the_whole_of_a_long_key() -> None:
    document = document_of(samples.plain_topic())
    for key in (SAME + "1", SAME + "2"):
        Dependency.objects.create(document=document, key=dependency_hash(key))
    assert dependents_of([SAME + "1"]) == {document.source}
    assert dependents_of([SAME + "3", SAME]) == set()
