"""Fixtures of the snippets' tests."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import Locale
from wagtail.users.models import UserProfile


@pytest.fixture
def admin(db: None, client: Client) -> Client:
    """The client of an administrator with a Malay admin."""
    user = User.objects.create_superuser("pentadbir", "pentadbir@example.test", "rahsia")
    UserProfile.objects.create(user=user, preferred_language="ms")
    client.force_login(user)
    return client


@pytest.fixture
def malay(db: None) -> Locale:
    return Locale.objects.get(language_code="ms")


@pytest.fixture
def english(db: None) -> Locale:
    return Locale.objects.get(language_code="en")
