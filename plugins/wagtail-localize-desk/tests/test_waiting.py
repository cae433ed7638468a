"""Translators, reviewers and publishers are told what waits for them, and nobody else is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale
from wagtail.users.models import UserProfile
from wagtail_localize.models import Translation

from tests.newsroom.content import (
    HEADING,
    published_article,
    published_topic,
    republish,
    submit,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.people import browser_of, member, translator_of
from tests.test_review_steps import workflow_on, written_by
from wagtail_localize_desk.digest import send_digests
from wagtail_localize_desk.models import Assignment, DigestPreference
from wagtail_localize_desk.review_steps import approve_translation, ready_for_review
from wagtail_localize_desk.waiting import tasks_of

pytestmark = pytest.mark.django_db


def titles(items: Any) -> list[str]:
    return [item.title for item in items]


def test_open_strings_wait_for_those_who_may_change_the_target(article, en, home, translator):
    translate(article, en, HEADING)
    [item] = tasks_of(translator).to_translate
    assert (item.title, item.language, item.count) == ("Berita", "English", 1)
    assert item.edit_url == reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    for other in (member(), translator_of(home)):
        assert not tasks_of(other)
    translate(article, en)
    assert not tasks_of(translator)


def test_a_translation_waits_since_its_source_was_changed(article, en, translator):
    translate(article, en)
    Translation.objects.update(created_at=timezone.now() - timedelta(days=9))
    republish(article, title="Berita baharu")
    [item] = tasks_of(translator).to_translate
    assert (item.days, item.count) == (0, 1)


def test_an_untouched_translation_waits_since_it_was_begun(article, translator):
    Translation.objects.update(created_at=timezone.now() - timedelta(days=9, hours=1))
    assert tasks_of(translator).to_translate[0].days == 9


def test_each_step_is_told_to_those_who_have_to_act(
    article, en, english_home, translator, publisher
):
    workflow_on(english_home, publisher)
    written_by(article, en, translator)
    ready_for_review(translation_of(article, en), translator)
    assert not tasks_of(translator)
    tasks = tasks_of(publisher)
    assert titles(tasks.to_review) == ["Berita"]
    assert not tasks.to_translate
    approve_translation(translation_of(article, en), publisher)
    assert not tasks_of(publisher)


def test_approved_text_that_is_not_public_waits_for_publishers(
    article, en, english_home, translator, publisher
):
    written_by(article, en, translator)
    assert not approve_translation(translation_of(article, en), publisher).refused
    assert titles(tasks_of(publisher).to_publish) == ["Berita"]
    assert not tasks_of(translator)
    translation_of(article, en).save_target(user=publisher, publish=True)
    assert not tasks_of(publisher)


def test_ones_own_assignments_come_first(home, english_home, en, translator):
    first, second = (
        published_article(home, title=title, slug=title.lower()) for title in ("Satu", "Dua")
    )
    for article in (first, second):
        submit(article, en)
    Assignment.objects.create(
        object_key=second.translation_key,
        target_language="en",
        assignee=translator,
        due_on=date(2020, 1, 1),
    )
    found = tasks_of(translator).to_translate
    assert titles(found) == ["Dua", "Satu"]
    assert (found[0].is_mine, found[0].is_late) == (True, True)
    html = browser_of(translator).get(reverse("wagtailadmin_home")).content.decode()
    assert "Assigned to you" in html
    assert "Overdue since" in html


def test_the_dashboard_shows_titles_only_to_those_who_may_work_on_them(
    article, en, home, translator, publisher
):
    for user, sees in ((translator, True), (translator_of(home), False), (member(), False)):
        html = browser_of(user).get(reverse("wagtailadmin_home")).content.decode()
        assert ("translations-to-translate" in html) == sees


def test_the_dashboard_takes_no_more_queries_for_more(home, english_home, en, publisher):
    workflow_on(english_home, publisher)
    counts = []
    for wanted in (1, 6):
        for number in range(wanted):
            article = published_article(
                home, title=f"B {wanted} {number}", slug=f"b{wanted}{number}"
            )
            submit(article, en)
            topic = published_topic(home.locale)
            submit(topic, en)
        written_by(article, en, english_home.owner)
        ready_for_review(translation_of(article, en), User.objects.create_superuser(f"r{wanted}"))
        user = User.objects.get(pk=publisher.pk)
        tasks_of(user)
        user = User.objects.get(pk=publisher.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tasks = tasks_of(user)
        assert len(tasks.to_translate) >= wanted
        assert tasks.to_review
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20, counts


# The e-mail


def text_of(message: mail.EmailMessage) -> str:
    return f"{message.subject}\n{message.body}"


def test_each_is_told_once_a_day_and_only_if_something_waits(article, en, translator, home):
    UserProfile.objects.create(user=translator, preferred_language="en")
    translator_of(home)
    call_command("translation_digest")
    [message] = mail.outbox
    assert message.to == [translator.email]
    assert message.subject == "1 translation is waiting for you"
    assert "Berita (English)" in message.body
    address = f"/admin/pages/{target_of(article, en).pk}/edit/#to-do"
    assert f"http://testserver{address}" in message.body
    assert send_digests() == 0
    assert send_digests(timezone.localdate() + timedelta(days=1)) == 1


def test_the_digest_is_in_the_language_of_its_reader(article, en, translator):
    UserProfile.objects.create(user=translator, preferred_language="ms")
    Translation.objects.update(created_at=timezone.now() - timedelta(days=3, hours=1))
    with translation.override("en"):
        send_digests()
    text = text_of(mail.outbox[0])
    assert "1 terjemahan sedang menunggu" in text
    assert "3 hari" in text
    assert "string" not in text


def test_the_digest_counts_correctly_in_english(article, home, en, translator):
    submit(published_article(home, title="Dua", slug="dua"), en)
    Translation.objects.update(created_at=timezone.now() - timedelta(days=1, hours=1))
    UserProfile.objects.create(user=translator, preferred_language="en")
    send_digests()
    text = text_of(mail.outbox[0])
    assert "2 translations are waiting for you" in text
    assert "Waiting for 1 day." in text
    assert "&" not in text


def test_everybody_can_switch_the_digest_off(article, translator):
    client = browser_of(translator)
    account = reverse("wagtailadmin_account")
    html = client.get(account).content.decode()
    assert 'name="translation_digest-is_wanted"' in html
    # The other panels of the page need their values too.
    form = {"name_email-first_name": "A", "name_email-last_name": "B"}
    form |= {"name_email-email": translator.email, "locale-preferred_language": ""}
    form |= {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    client.post(account, form)
    assert not DigestPreference.objects.get(user=translator).is_wanted
    assert send_digests() == 0


def test_a_failing_mail_server_is_tried_again(article, translator, monkeypatch, caplog):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("wagtail_localize_desk.digest.send_mail", fail)
        assert send_digests() == 0
    assert "could not be sent" in caplog.text
    assert send_digests() == 1


def test_a_locale_without_translations_is_no_error(db):
    Locale.objects.get_or_create(language_code="ta")
    assert not tasks_of(User.objects.create_superuser("root"))
    assert send_digests() == 0
