"""No address answers to the password alone: each treats it as nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.plugin import DjangoDbBlocker

from cms.login.second_factor.middleware import SecondFactorMiddleware
from tests.editors.admin_rights.addresses import Address, addresses
from tests.editors.admin_rights.world import World, temporary_world
from tests.login.codes import give_app
from tests.nightly import NIGHTLY

pytestmark = pytest.mark.django_db

#: Addresses that ask for what is missing, or lead there.
OWN = {
    "login/": {"get"},
    "second-factor/code/": {"get", "post"},
    "second-factor/set-up/": {"get", "post"},
    # Nobody is sent on here, so that the session ends.
    "logout/": {"post"},
}
#: What differs between any two responses: tokens and nonces.
CHANCE = re.compile(r"[A-Za-z0-9]{32,64}")
#: Every other run tries one address of so many in every way.
SAMPLE = 10
AJAX = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with temporary_world(django_db_blocker) as made:
        user = User.objects.create_superuser("superuser")
        give_app(user)
        yield made


@pytest.fixture(scope="module")
def everywhere(world: World) -> list[Address]:
    return addresses(world)


@pytest.fixture
def half(world: World) -> Client:
    """A superuser who has given only the password."""
    client = Client()
    client.force_login(User.objects.get(username="superuser"))
    return client


def answer(client: Client, method: str, url: str, **headers: str) -> tuple[int, str, str]:
    """What tells an answer from another: its status, where it leads, and its words."""
    response: HttpResponse = getattr(client, method)(url, headers=headers)
    content = b"".join(response) if response.streaming else response.content
    return (
        response.status_code,
        response.headers.get("Location", ""),
        CHANCE.sub("", content.decode(errors="replace")),
    )


def compared(half: Client, address: Address, url: str, *, everything: bool) -> Iterator[str]:
    """The requests to `url` that the password alone has answered in another way than nobody."""
    tries = [("get", {}), ("get", AJAX), ("post", {}), ("post", AJAX)]
    for method, headers in tries if everything else tries[:1]:
        if method in OWN.get(address.row, ()):
            continue
        # Each with cookies of its own, as messages pile up in them.
        client, nobody = Client(), Client()
        client.cookies = half.cookies.copy()
        if answer(client, method, url, **headers) != answer(nobody, method, url, **headers):
            yield f"{method} {url} {headers}"


def in_sample(address: Address) -> bool:
    """Whether an address is tried in every way, and not just opened. All are with NIGHTLY=1."""
    return bool(NIGHTLY) or crc32(address.row.encode()) % SAMPLE == 0


def test_every_address_of_the_admin_treats_the_password_alone_as_nobody(half, everywhere):
    assert len(everywhere) > 250
    wrong = [
        request
        for address in everywhere
        for request in compared(half, address, address.urls[0], everything=in_sample(address))
    ]
    assert wrong == []


def test_so_they_do_where_the_second_factor_is_required_and_not_set_up(half, everywhere, settings):
    settings.REQUIRE_SECOND_FACTOR = "administrators"
    TOTPDevice.objects.all().delete()
    half.force_login(User.objects.get(username="superuser"))
    wrong = [
        request
        for address in everywhere
        if in_sample(address)
        for request in compared(half, address, address.urls[0], everything=True)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ms/",
        "/en/",
        "/api/v1/pages",
        "/api/v1/site?locale=ms",
        "/documents/1/x.pdf",
        "/media/x",
    ],
)
def test_so_does_every_other_address(half, path):
    assert list(compared(half, Address(path), path, everything=True)) == []


def test_ajax_gets_a_status_and_no_page(half):
    assert half.get("/admin/api/main/pages/", headers=AJAX).status_code == 403
    assert half.post("/admin/images/chooser/create/", headers=AJAX).status_code == 403


def test_asynchronous_code_sees_nobody_either(half):
    request = RequestFactory().get("/admin/")
    request.session = half.session
    gate = SecondFactorMiddleware(lambda request: HttpResponse())
    AuthenticationMiddleware(gate)(request)
    assert async_to_sync(request.auser)().is_anonymous
    assert request.user.is_anonymous
