"""No input of a person or a program gives a server error: every address and form of the admin."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.admin_input.crawler import Crawler
from tests.editors.admin_rights.addresses import addresses
from tests.editors.admin_rights.walking import Walk
from tests.editors.admin_rights.world import temporary_world
from tests.nightly import NIGHTLY

pytestmark = pytest.mark.django_db

#: Every other run walks one address of so many.
SAMPLE = 50
#: Tests that share the addresses with NIGHTLY=1, so that several processes can walk.
PARTS = range(8) if NIGHTLY else range(1)
#: Wagtail's own test of its error page.
MEANT_TO_FAIL = {"failwhale/"}


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    with temporary_world(django_db_blocker) as world:
        yield Walk(world)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("account", ["officer", "superuser"])
def test_no_input_gives_a_server_error(walk: Walk, account: str, part: int) -> None:
    crawler = Crawler(walk, account, urls=None if NIGHTLY else 2)
    for address in addresses(walk.world):
        number = crc32(address.row.encode())
        is_ours = number % len(PARTS) == part if NIGHTLY else number % SAMPLE == 1
        if is_ours and address.row not in MEANT_TO_FAIL:
            crawler.visit(address)
    assert not crawler.failures, "\n".join(crawler.failures[:50])


# The samples above are tried on each database; blocks take the same inputs, whatever stores them.
@pytest.mark.any_database
def test_no_text_in_a_page_gives_a_server_error(walk: Walk) -> None:
    crawler = Crawler(walk, "superuser")
    crawler.edit_pages()
    assert not crawler.failures, "\n".join(crawler.failures)
