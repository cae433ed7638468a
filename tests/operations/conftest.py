from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from cms.operations import demo_accounts


@pytest.fixture
def demo_groups(db) -> None:
    """The demo accounts' groups."""
    for name in demo_accounts.ACCOUNTS.values():
        Group.objects.get_or_create(name=name)
