"""Nobody sees or changes in the admin what is not theirs: every address, by each group."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.editors.admin_rights import table
from tests.editors.admin_rights.addresses import Address, addresses
from tests.editors.admin_rights.walking import Walk
from tests.editors.admin_rights.world import ACCOUNTS, temporary_world
from tests.nightly import NIGHTLY

pytestmark = pytest.mark.django_db

#: Every other run walks one address of so many.
SAMPLE = 20


@pytest.fixture
def snapshot_update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--snapshot-update"))


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    with temporary_world(django_db_blocker) as world:
        yield Walk(world)


@pytest.fixture(scope="module")
def everywhere(walk: Walk) -> list[Address]:
    return addresses(walk.world)


@pytest.fixture(scope="module")
def sample(everywhere: list[Address]) -> list[Address]:
    """All addresses with NIGHTLY=1, otherwise always the same ones of them."""
    return [
        address for address in everywhere if NIGHTLY or crc32(address.row.encode()) % SAMPLE == 0
    ]


def test_the_table_has_every_address(everywhere: list[Address], snapshot_update: bool) -> None:
    if snapshot_update:
        return
    missing = {address.row for address in everywhere} - table.read().keys()
    assert not missing, (
        f"New addresses in the admin: {sorted(missing)}. Write them into {table.FILE.name} with "
        "NIGHTLY=1 and --snapshot-update, and review what each group sees and changes there."
    )
    gone = table.read().keys() - {address.row for address in everywhere}
    assert not gone, f"Remove from {table.FILE.name} the addresses that are gone: {sorted(gone)}"


@pytest.mark.parametrize("account", ACCOUNTS)
def test_what_each_group_sees_and_changes(
    walk: Walk, sample: list[Address], account: str, snapshot_update: bool
) -> None:
    found = {address.row: walk.result(account, address) for address in sample}
    expected = table.read()
    if snapshot_update:
        for row, cell in found.items():
            expected.setdefault(row, dict.fromkeys(ACCOUNTS, ""))[account] = cell
        if NIGHTLY:
            expected = {row: expected[row] for row in found}
        table.write(expected)
        return
    wrong = [
        f"{row}\n    now:   {cell or 'refused'}\n    table: {expected[row][account] or 'refused'}"
        for row, cell in found.items()
        if row in expected and cell != expected[row][account]
    ]
    assert not wrong, f"The {account} sees or changes something else:\n" + "\n".join(wrong)


def test_no_address_takes_a_form_that_is_for_another(walk: Walk, sample: list[Address]) -> None:
    """What such a form would do was never meant: a copy's form overwrote the original."""
    changed = {address.row: walk.taken_from_elsewhere(address) for address in sample}
    assert {row: changes for row, changes in changed.items() if changes} == {}


@pytest.mark.parametrize("account", ["translator", "publisher"])
def test_what_one_may_not_see_is_answered_as_what_does_not_exist(
    walk: Walk, everywhere: list[Address], sample: list[Address], account: str
) -> None:
    unlike = {}
    tried = 0
    # Publishers see all but the private files, so those few are tried in every run.
    for address in everywhere if account == "publisher" else sample:
        for url, (thing, of_nothing) in address.named.items():
            if walk.sees(account, thing):
                continue
            for method in ("get", "post"):
                answer, missing = (
                    walk.exchange(account, method, tried_url)[0] for tried_url in (url, of_nothing)
                )
                tried += 1
                if answer.status_code != missing.status_code:
                    unlike[f"{method} {url}"] = (answer.status_code, missing.status_code)
    assert tried
    assert unlike == {}
