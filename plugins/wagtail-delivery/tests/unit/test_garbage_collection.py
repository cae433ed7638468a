"""During a rebuild Python seldom looks for garbage, and afterwards as before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from wagtail_delivery.publishing import rebuild as rebuilding
from wagtail_delivery.publishing.rebuild import NEW_OBJECTS, little_garbage_collection, rebuild

State = tuple[bool, tuple[int, int, int], bool]


def state() -> State:
    """Whether it runs, after how many new objects, and whether what is loaded is left out."""
    return gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() > 0


@pytest.fixture(params=[True, False], ids=["enabled", "disabled"])
def before(request: pytest.FixtureRequest) -> Iterator[State]:
    was_enabled, thresholds = gc.isenabled(), gc.get_threshold()
    assert not gc.get_freeze_count()
    (gc.enable if request.param else gc.disable)()
    gc.set_threshold(701, 11, 12)
    yield state()
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    (gc.enable if was_enabled else gc.disable)()


def seldom(before: State) -> State:
    return before[0], (NEW_OBJECTS, 11, 12), True


def test_it_is_as_before_after_the_block(before: State) -> None:
    with little_garbage_collection():
        assert state() == seldom(before)
    assert state() == before


def test_it_is_as_before_after_an_error(before: State) -> None:
    with pytest.raises(LookupError), little_garbage_collection():
        raise LookupError
    assert state() == before


@pytest.mark.parametrize("fails", [False, True])
def test_the_inner_of_two_blocks_changes_nothing(before: State, fails: bool) -> None:
    with little_garbage_collection():
        try:
            with little_garbage_collection():
                assert state() == seldom(before)
                if fails:
                    raise LookupError
        except LookupError:
            pass
        assert state() == seldom(before)
    assert state() == before


def test_what_a_server_has_frozen_stays_frozen(before: State) -> None:
    gc.freeze()
    with little_garbage_collection():
        assert state() == seldom(before)
    assert state() == (*before[:2], True)


@pytest.mark.django_db
def test_a_rebuild_that_is_left_in_the_middle_ends_it(
    before: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "every_source", lambda: ["wagtailcore.page:1"])
    progress = rebuild()
    next(progress)
    assert state() == seldom(before)
    progress.close()  # type: ignore[attr-defined]
    assert state() == before
