from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group

from cms.operations import demo_accounts
from tests.operations.slow_server import Server, running_server


@pytest.fixture
def demo_groups(db) -> None:
    """The demo accounts' groups."""
    for name in demo_accounts.ACCOUNTS.values():
        Group.objects.get_or_create(name=name)


@pytest.fixture(scope="module")
def slow_server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def server(slow_server: Server) -> Iterator[Server]:
    """The module's server, with connections that end with the test."""
    with contextlib.ExitStack() as connections:
        yield replace(slow_server, connections=connections)
