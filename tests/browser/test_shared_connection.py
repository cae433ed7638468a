"""What browser tests store is not undone by another request that fails beside it."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import pytest
import requests
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.urls(__name__),
]

FAILING, STORED = Event(), Event()


def fail(request: HttpRequest) -> HttpResponse:
    """Undo a transaction, after another request had a moment to store something meanwhile."""
    with transaction.atomic():
        Group.objects.create(name="undone")
        FAILING.set()
        STORED.wait(1)
        transaction.set_rollback(True)
    return HttpResponse()


def store(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="stored")
    STORED.set()
    return HttpResponse()


urlpatterns = [path("fail/", fail), path("store/", store)]


def test_a_failing_request_undoes_nothing_of_another(live_server: Any) -> None:
    def get(name: str) -> None:
        assert requests.get(f"{live_server.url}/{name}/", timeout=120).status_code == 200

    failing = Thread(target=get, args=["fail"])
    failing.start()
    assert FAILING.wait(120)
    get("store")
    failing.join()
    assert [
        *Group.objects.filter(name__in=["stored", "undone"]).values_list("name", flat=True)
    ] == ["stored"]
