"""E-mails are in the language of their recipient, not of the user who caused them."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale, PageSubscription
from wagtail.users.models import UserProfile

from cms.editors.groups import OFFICER, PUBLISHER, ensure_groups
from cms.pages.models import HomePage, StandardPage
from tests.factories import HomePageFactory

pytestmark = pytest.mark.django_db


def account(name: str, group: str, language: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.test", "rahsia")
    user.groups.add(Group.objects.get(name=group))
    if language:
        UserProfile.objects.create(user=user, preferred_language=language)
    return user


@pytest.fixture
def home() -> HomePage:
    page = HomePageFactory(locale=Locale.get_default())
    ensure_groups()
    return page


def sent_to(name: str) -> str:
    (found,) = [message for message in mail.outbox if message.to == [f"{name}@example.test"]]
    return f"{found.subject}\n{found.body}"


@pytest.mark.parametrize("sender", ["ms", "en", ""])
def test_each_recipient_of_a_submission_reads_their_own_language(home, sender):
    officer = account("pegawai", OFFICER.name, sender)
    account("melayu", PUBLISHER.name, "ms")
    account("inggeris", PUBLISHER.name, "en")
    account("baharu", PUBLISHER.name, "")
    page = StandardPage(title="Notis", slug="notis", live=False, owner=officer)
    home.add_child(instance=page)
    page.save_revision(user=officer)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(officer)
    data = {
        "title": "Notis",
        "slug": "notis",
        "summary": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-submit": "1",
    }
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    for name in ("melayu", "baharu"):
        text = sent_to(name)
        assert "telah dihantar" in text
        assert "submitted" not in text
        assert "Anda boleh" in text
    assert "has been submitted" in sent_to("inggeris")
    assert "telah dihantar" not in sent_to("inggeris")


@pytest.mark.parametrize(
    ("decision", "words"), [("approve", "diluluskan"), ("reject", "Perubahan diminta")]
)
def test_a_decision_is_sent_in_the_authors_language(home, decision, words):
    officer = account("pegawai", OFFICER.name, "ms")
    publisher = account("inggeris", PUBLISHER.name, "en")
    page = StandardPage(title="Notis", slug="notis", live=False, owner=officer)
    home.add_child(instance=page)
    page.save_revision(user=officer)
    with override("en"):
        state = page.get_workflow().start(page, officer)
        mail.outbox.clear()
        getattr(state.current_task_state, decision)(user=publisher, comment="Baik")
    text = sent_to("pegawai")
    assert words in text
    assert not re.search(r"\b(approved|rejected|the|page)\b", text)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ms", "Sila ikut pautan di bawah untuk menetapkan semula kata laluan anda"),
        ("", "Sila ikut pautan di bawah untuk menetapkan semula kata laluan anda"),
        ("en", "Please follow the link below to reset your password"),
    ],
)
@pytest.mark.parametrize("chosen", ["ms", "en"])
def test_the_password_reset_email_is_in_the_accounts_language(home, language, words, chosen):
    account("lupa", OFFICER.name, language)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.post(f"/admin/language/{chosen}/")
    client.post("/admin/password_reset/", {"email": "lupa@example.test"})
    assert words in sent_to("lupa")
    asked = client.get("/admin/password_reset/").content.decode()
    assert ("Tetapkan semula" in asked) == (chosen == "ms")


@pytest.mark.parametrize("causing", ["ms", "en"])
def test_the_html_of_an_email_is_in_the_recipients_language(home, settings, causing):
    settings.WAGTAILADMIN_NOTIFICATION_USE_HTML = True
    officer = account("pegawai", OFFICER.name, causing)
    account("melayu", PUBLISHER.name, "ms")
    account("inggeris", PUBLISHER.name, "en")
    page = StandardPage(title="Notis", slug="notis", live=False, owner=officer)
    home.add_child(instance=page)
    page.save_revision(user=officer)
    with override(causing):
        page.get_workflow().start(page, officer)
    html = {message.to[0]: message.alternatives[0][0] for message in mail.outbox}
    assert "telah dihantar" in html["melayu@example.test"]
    assert "submitted" not in html["melayu@example.test"]
    assert "has been submitted" in html["inggeris@example.test"]
    assert "dihantar" not in html["inggeris@example.test"]


@pytest.mark.parametrize("causing", ["ms", "en"])
def test_each_subscriber_to_comments_reads_their_own_language(home, causing):
    writer = account("penulis", OFFICER.name, causing)
    page = StandardPage(title="Notis", slug="notis", live=False, owner=writer)
    home.add_child(instance=page)
    page.save_revision(user=writer)
    for name, language in (("melayu", "ms"), ("inggeris", "en")):
        subscriber = account(name, OFFICER.name, language)
        PageSubscription.objects.create(page=page, user=subscriber, comment_notifications=True)
    client = Client()
    client.force_login(writer)
    data = {
        "title": "Notis",
        "slug": "notis",
        "summary": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "1",
        "comments-INITIAL_FORMS": "0",
        "comments-0-text": "Sila semak.",
        "comments-0-contentpath": "title",
        "comments-0-replies-TOTAL_FORMS": "0",
        "comments-0-replies-INITIAL_FORMS": "0",
    }
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    malay, english = sent_to("melayu"), sent_to("inggeris")
    assert "Komen baharu" in malay
    assert not re.search(r"\b(comment|comments|new|the|page)\b", malay, re.IGNORECASE)
    assert re.search(r"\bnew comments?\b", english, re.IGNORECASE)
    assert "omen baharu" not in english


def test_a_cancelled_submission_sends_no_email(home):
    """When an upgrade adds one, its language needs a test."""
    officer = account("pegawai", OFFICER.name, "ms")
    account("inggeris", PUBLISHER.name, "en")
    page = StandardPage(title="Notis", slug="notis", live=False, owner=officer)
    home.add_child(instance=page)
    page.save_revision(user=officer)
    state = page.get_workflow().start(page, officer)
    mail.outbox.clear()
    state.cancel(user=officer)
    assert mail.outbox == []
