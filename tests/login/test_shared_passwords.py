"""Wrong shared passwords are counted by restriction and address, and refused for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from cms.login.models import SharedPasswordFailure
from tests.factories import HomePageFactory, SiteFactory
from tests.login.attempts import ADDRESS

pytestmark = pytest.mark.usefixtures("limits")

PASSWORD = "kongsi-rahsia"


def make_restriction(name: str = "Sulit", password: str = PASSWORD) -> CollectionViewRestriction:
    collection = Collection.get_first_root_node().add_child(instance=Collection(name=name))
    return CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password=password
    )


@pytest.fixture
def restriction(db) -> CollectionViewRestriction:
    return make_restriction()


def send(restriction, password, address=ADDRESS, *, client=None, language="ms", **more):
    client = client or Client()
    client.cookies["django_language"] = language
    form = {"password": password, "return_url": "/documents/", **more}
    path = f"/documents/authenticate_with_password/{restriction.pk}/"
    return client.post(path, form, REMOTE_ADDR=address)


def fail(restriction, times, address=ADDRESS):
    for _ in range(times):
        answer = send(restriction, "salah", address)
    return answer


def minutes_earlier(minutes: int) -> None:
    for failure in SharedPasswordFailure.objects.all():
        failure.attempted_at -= timedelta(minutes=minutes)
        failure.save()


def test_the_right_password_opens_the_documents_of_a_collection(restriction):
    file = ContentFile(b"%PDF-1.4", "sulit.pdf")
    paper = get_document_model().objects.create(
        title="Sulit", file=file, collection=restriction.collection
    )
    address = f"/documents/{paper.pk}/{paper.filename}"
    client = Client()
    assert 'type="password"' in client.get(address).text
    assert fail(restriction, 1).status_code == 200
    answer = send(restriction, PASSWORD, client=client, return_url=address)
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert b"".join(client.get(address)) == b"%PDF-1.4"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ms", "Terlalu banyak kata laluan yang salah. Cuba lagi dalam 12 minit."),
        ("en", "Too many wrong passwords. Try again in 12 minutes."),
    ],
)
def test_too_many_wrong_passwords_are_refused_until_the_wait_is_over(restriction, language, words):
    assert fail(restriction, 3).status_code == 200
    assert fail(restriction, 1).status_code == 429
    minutes_earlier(3)
    refused = send(restriction, PASSWORD, language=language)
    assert refused.status_code == 429
    assert words in refused.text
    assert 0 < int(refused["Retry-After"]) <= 12 * 60
    assert "sessionid" not in refused.cookies
    # Refused attempts do not lengthen the wait.
    fail(restriction, 20)
    minutes_earlier(12)
    assert send(restriction, PASSWORD).status_code == 302


def test_no_password_is_compared_during_the_wait(restriction, monkeypatch):
    fail(restriction, 4)
    monkeypatch.setattr(
        "wagtail.forms.constant_time_compare", lambda *args: pytest.fail("was compared")
    )
    assert send(restriction, PASSWORD).status_code == 429


def test_readers_at_other_addresses_are_not_locked_out(restriction):
    fail(restriction, 20)
    assert send(restriction, PASSWORD, "192.0.2.1").status_code == 302


def test_an_address_cannot_go_from_one_restriction_to_the_next(restriction):
    others = [make_restriction(f"Lain {number}") for number in range(3)]
    for other in others:
        fail(other, 2)
    assert send(restriction, PASSWORD).status_code == 429


def test_the_right_password_clears_no_failures(restriction):
    """Otherwise whoever knows one could go on guessing between two right ones."""
    other = make_restriction("Lain")
    for _ in range(3):
        assert fail(other, 1).status_code == 200
        send(restriction, PASSWORD)
        send(other, PASSWORD)
    assert fail(other, 1).status_code == 429


def test_old_failures_are_deleted(restriction):
    fail(restriction, 3)
    minutes_earlier(15)
    fail(restriction, 1)
    assert SharedPasswordFailure.objects.count() == 1


def test_wrong_passwords_are_logged_without_the_password(restriction, caplog):
    send(restriction, "salah-sekali")
    [message] = [item.getMessage() for item in caplog.records if item.name == "cms.login"]
    assert message == f"A wrong shared password for collection {restriction.pk} from {ADDRESS}."


def test_the_reader_is_sent_to_no_other_server(restriction):
    answer = send(restriction, PASSWORD, return_url="https://evil.example.org/")
    assert answer["Location"] == "/"


@pytest.mark.parametrize("kind", ["login", "groups"])
def test_a_restriction_without_a_password_has_no_form(restriction, kind):
    CollectionViewRestriction.objects.update(restriction_type=kind)
    assert send(restriction, PASSWORD).status_code == 404


# Pages


@pytest.fixture
def page_restriction(db) -> PageViewRestriction:
    home = HomePageFactory()
    SiteFactory(root_page=home)
    return PageViewRestriction.objects.create(
        page=home, restriction_type="password", password=PASSWORD
    )


def page_address(restriction, page_id=None) -> str:
    page_id = page_id or restriction.page_id
    return f"/ms/_util/authenticate_with_password/{restriction.pk}/{page_id}/"


def test_the_password_of_a_page_is_for_editors_as_the_page_is(page_restriction):
    """The public reads the API, which has no private page: it would only use the form to guess."""
    exists, missing = page_address(page_restriction), page_address(page_restriction, 999_999)
    form = {"password": PASSWORD, "return_url": "/ms/"}
    for address in (exists, missing):
        for answer in (Client().get(address), Client().post(address, form)):
            assert answer["Location"] == f"/admin/login/?next={address}"


def test_wrong_passwords_of_editors_for_a_page_count_too(page_restriction):
    client = Client()
    client.force_login(User.objects.create_superuser("pentadbir"))
    address = page_address(page_restriction)
    assert 'type="password"' in client.get("/ms/").text
    answers = [
        client.post(address, {"password": "salah", "return_url": "/ms/"}).status_code
        for _ in range(4)
    ]
    assert answers == [200, 200, 200, 429]
    form = {"password": PASSWORD, "return_url": "/ms/"}
    assert client.post(address, form).status_code == 429
    minutes_earlier(15)
    assert client.post(address, form)["Location"] == "/ms/"
    assert 'type="password"' not in client.get("/ms/").text
