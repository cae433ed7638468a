"""A text and its translations go public together, in one transaction."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks
from wagtail.log_actions import registry
from wagtail.models import Locale, Page

from tests.newsroom.content import (
    HEADING,
    body,
    publish_translation,
    published_article,
    published_topic,
    republish,
    segment_at,
    string_at,
    strings,
    submit,
    target_of,
    translate,
    translate_string,
    translation_of,
)
from tests.newsroom.models import Article, Topic
from tests.newsroom.people import browser_of, member, publisher_of, translator_of
from tests.newsroom.workflows import workflow_on
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.extending import (
    HeldPublicationError,
    approve,
    approve_translation,
    publishing_together,
    ready_for_review,
    release,
    release_if_ready,
    translation_status,
)
from wagtail_localize_desk.held_publication import withdraw
from wagtail_localize_desk.models import HeldPublication, State, TranslatedString
from wagtail_localize_desk.review import rows_of
from wagtail_localize_desk.waiting import held_publications

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def officer(home):
    user = publisher_of(home)
    speak_english(user)
    return user


@pytest.fixture
def reviewer(english_home):
    user = publisher_of(english_home)
    speak_english(user)
    return user


@pytest.fixture
def both(article, en, translator, reviewer) -> Article:
    """An article that is public and approved in both languages."""
    translate(article, en)
    approve(strings(article, en), reviewer)
    publish_translation(article, en)
    return Article.objects.get(pk=article.pk)


def hold(instance, user=None, **fields) -> HeldPublication:
    """Change fields of an instance and publish it together with its translations."""
    draft = type(instance).objects.get(pk=instance.pk)
    for name, value in fields.items():
        setattr(draft, name, value)
    with publishing_together() as asked:
        draft.save_revision(user=user).publish(user=user)
    (held,) = asked.held
    return held


def approve_all(article, en, reviewer) -> None:
    assert not approve(rows_of(translation_of(article, en)), reviewer).refused


def heading(instance) -> str:
    return str(instance.body[0].value["heading"])


def public(article, en) -> list[str]:
    """The headings that readers have in Malay and in English."""
    return [
        heading(Article.objects.get(pk=article.pk)),
        heading(Article.objects.get(translation_key=article.translation_key, locale=en)),
    ]


NEW = "The new heading"
BEFORE = ["Tajuk", "EN Tajuk"]
AFTER = ["Tajuk baharu", NEW]


def test_it_waits_until_its_translation_is_approved(both, en, officer, reviewer):
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    assert public(both, en) == BEFORE
    row = string_at(both, en, HEADING)
    assert (row.source_words, row.state) == ("Tajuk baharu", State.NEEDS_REVIEW)
    translate_string(segment_at(both, HEADING), en, NEW)
    assert public(both, en) == BEFORE
    approve_all(both, en, reviewer)
    assert public(both, en) == AFTER
    assert not HeldPublication.objects.exists()
    assert translation_status(target_of(both, en)).status == "complete"
    entry = registry.get_logs_for_instance(both).get(action="wagtail_localize_desk.release")
    assert entry.user == reviewer
    assert entry.revision == held.revision


def test_readers_are_told_nothing_of_what_waits(both, en, officer):
    before = translation_status(target_of(both, en))
    hold(both, officer, body=body(heading="Tajuk baharu"), title="Lain")
    assert translation_status(target_of(both, en)) == before
    assert before.status == "complete"


def test_what_was_stale_before_stays_so(both, en, officer):
    republish(both, body=body(heading="Tajuk kedua"))
    before = translation_status(target_of(both, en))
    assert before.stale == {HEADING}
    hold(both, officer, title="Lain")
    assert translation_status(target_of(both, en)) == before


def test_a_text_that_needs_no_new_translation_waits_for_nothing(both, en, officer):
    held = hold(both, officer)
    assert release_if_ready(held, officer)
    assert not HeldPublication.objects.exists()


def test_all_languages_are_waited_for(both, en, officer, reviewer):
    tamil = Locale.objects.create(language_code="ta")
    submit(both, tamil)
    hold(both, officer, body=body(heading="Tajuk baharu"))
    translate_string(segment_at(both, HEADING), en, NEW)
    approve_all(both, en, reviewer)
    assert public(both, en) == BEFORE
    words = {row.path: "தலைப்பு" for row in strings(both, tamil) if row.path != "slug"}
    translate(both, tamil, **words)
    admin = member(models=["publish_topic"])
    admin.is_superuser = True
    admin.save()
    approve_all(both, tamil, admin)
    assert public(both, en) == AFTER
    assert target_of(both, tamil).live


def test_a_translation_taken_offline_is_neither_waited_for_nor_published(both, en, officer):
    target_of(both, en).unpublish()
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    assert release_if_ready(held, officer)
    assert heading(Article.objects.get(pk=both.pk)) == "Tajuk baharu"
    assert not target_of(both, en).live


# Nothing goes public alone


def test_no_path_publishes_the_translation_alone(both, en, officer, reviewer):
    hold(both, officer, body=body(heading="Tajuk baharu"))
    translate_string(segment_at(both, HEADING), en, NEW)
    target = target_of(both, en)
    translation = translation_of(both, en)
    translation.save_target(user=reviewer, publish=False)
    revision = target_of(both, en).latest_revision
    for publish in (
        lambda: revision.publish(user=reviewer),
        lambda: revision.publish(),
        lambda: target.save_revision().publish(),
        lambda: translation.save_target(user=reviewer, publish=True),
        lambda: publish_translation(both, en),
    ):
        with pytest.raises(HeldPublicationError, match="is published together with its source"):
            publish()
    assert public(both, en) == BEFORE


def test_the_admin_says_what_the_translation_waits_for(both, en, officer, reviewer):
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    translate_string(segment_at(both, HEADING), en, NEW)
    target = target_of(both, en)
    answer = browser_of(reviewer).post(
        reverse("wagtailadmin_pages:edit", args=[target.pk]), {"action": "publish"}
    )
    assert answer.status_code == 409
    address = reverse("wagtail_localize_desk:held", args=[held.pk])
    assert address in answer.content.decode()
    assert public(both, en) == BEFORE


def test_the_end_of_a_workflow_publishes_nothing_alone(
    both, english_home, en, officer, reviewer, translator
):
    workflow_on(english_home, reviewer)
    tamil = Locale.objects.create(language_code="ta")
    submit(both, tamil)
    hold(both, officer, body=body(heading="Tajuk baharu"))
    translate_string(segment_at(both, HEADING), en, NEW)
    translation = translation_of(both, en)
    ready_for_review(translation, translator)
    approve_translation(translation_of(both, en), reviewer)
    assert not target_of(both, en).workflow_in_progress
    assert public(both, en) == BEFORE
    stop = translation_of(both, tamil)
    stop.enabled = False
    stop.save()
    assert public(both, en) == BEFORE
    assert release_if_ready(HeldPublication.objects.get(), officer)
    assert public(both, en) == AFTER


def test_the_last_step_of_a_workflow_releases_both(
    both, english_home, en, officer, reviewer, translator
):
    workflow_on(english_home, reviewer)
    hold(both, officer, body=body(heading="Tajuk baharu"))
    translate_string(segment_at(both, HEADING), en, NEW)
    ready_for_review(translation_of(both, en), translator)
    # Strings alone do not release a text that is still in its workflow.
    approve(rows_of(translation_of(both, en)), reviewer)
    assert public(both, en) == BEFORE
    approve_translation(translation_of(both, en), reviewer)
    assert public(both, en) == AFTER


def test_a_sync_does_not_take_the_new_words_from_translators(both, en, officer, reviewer):
    hold(both, officer, body=body(heading="Tajuk baharu"))
    admin = member()
    admin.is_superuser = True
    admin.save()
    source = translation_of(both, en).source
    answer = browser_of(admin).post(
        reverse("wagtail_localize:update_translations", args=[source.pk]),
        {"publish_translations": "on"},
    )
    assert answer.status_code == 409
    assert string_at(both, en, HEADING).source_words == "Tajuk baharu"
    assert public(both, en) == BEFORE


# The end of waiting


def test_it_is_released_early_with_a_reason(both, en, officer):
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    release(held, officer, "The rates change tonight.")
    assert public(both, en) == ["Tajuk baharu", "EN Tajuk"]
    assert translation_status(target_of(both, en)).stale == {HEADING}
    entry = registry.get_logs_for_instance(both).get(action="wagtail_localize_desk.release")
    assert entry.data["reason"] == "The rates change tonight."
    assert "The rates change tonight." in str(entry.message)


def test_translators_get_the_public_text_back_if_it_is_withdrawn(both, en, officer):
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    withdraw(held, officer)
    assert public(both, en) == BEFORE
    row = string_at(both, en, HEADING)
    assert (row.source_words, row.words, row.is_current) == ("Tajuk", "EN Tajuk", True)
    assert translation_status(target_of(both, en)).status == "complete"
    # The text is still a draft.
    draft = Article.objects.get(pk=both.pk).get_latest_revision_as_object()
    assert heading(draft) == "Tajuk baharu"


def test_publishing_the_source_at_once_ends_the_waiting(both, en, officer):
    hold(both, officer, body=body(heading="Tajuk baharu"))
    republish(both, body=body(heading="Tajuk segera"))
    assert not HeldPublication.objects.exists()
    assert public(both, en) == ["Tajuk segera", "EN Tajuk"]
    assert translation_status(target_of(both, en)).stale == {HEADING}


def test_a_later_version_takes_the_place_of_the_one_that_waits(both, en, officer, reviewer):
    hold(both, officer, body=body(heading="Tajuk lain"))
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    assert HeldPublication.objects.get() == held
    translate_string(segment_at(both, HEADING), en, NEW)
    approve_all(both, en, reviewer)
    assert public(both, en) == AFTER


def test_a_draft_of_later_stays_a_draft(both, en, officer, reviewer):
    hold(both, officer, body=body(heading="Tajuk baharu"))
    draft = Article.objects.get(pk=both.pk).get_latest_revision_as_object()
    draft.title = "Belum siap"
    draft.save_revision()
    translate_string(segment_at(both, HEADING), en, NEW)
    approve_all(both, en, reviewer)
    assert public(both, en) == AFTER
    page = Article.objects.get(pk=both.pk)
    assert (page.title, page.has_unpublished_changes) == ("Berita", True)


def test_what_does_not_fit_is_told_and_keeps_the_approval(both, en, officer, reviewer):
    held = hold(both, officer, title="Tajuk halaman")
    long = "x" * 300
    translate_string(segment_at(both, "title"), en, long)
    # The checks say so earlier; here only the publication is tried.
    TranslatedString.objects.filter(object_key=both.translation_key).update(state=State.APPROVED)
    assert not release_if_ready(held, reviewer)
    held.refresh_from_db()
    assert "255" in held.problem
    assert Article.objects.get(pk=both.pk).title == "Berita"
    with pytest.raises(ValidationError):
        release(held, officer, "Now")
    assert HeldPublication.objects.exists()
    assert Article.objects.get(pk=both.pk).title == "Berita"


def test_a_revision_that_waits_is_not_purged(both, en, officer):
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    Article.objects.get(pk=both.pk).save_revision()
    Article.objects.get(pk=both.pk).save_revision()
    call_command("purge_revisions", verbosity=0)
    held.refresh_from_db()
    assert held.revision.content_object == both


def test_a_text_that_waits_can_be_deleted(both, en, officer):
    hold(both, officer, body=body(heading="Tajuk baharu"))
    Article.objects.get(pk=both.pk).delete()
    assert not HeldPublication.objects.exists()


def test_a_new_text_can_wait_for_its_first_translation(home, english_home, en, officer, reviewer):
    page = home.add_child(
        instance=Article(title="Baharu", slug="baharu", body=body(), locale=home.locale, live=False)
    )
    page.save_revision()
    submit(page, en)
    hold(page, officer)
    assert not Article.objects.get(pk=page.pk).live
    translate(page, en)
    approve_all(page, en, reviewer)
    assert Article.objects.get(pk=page.pk).live
    assert target_of(page, en).live
    assert public(page, en) == BEFORE


def test_a_snippet_waits_as_a_page_does(ms, en, english_home, reviewer):
    topic = published_topic(ms)
    submit(topic, en)
    translate(topic, en)
    publish_translation(topic, en)
    hold(topic, None, name="Topik baharu")
    assert Topic.objects.get(pk=topic.pk).name == "Topik"
    translate(topic, en, name="A new subject")
    approve_all(topic, en, reviewer)
    assert Topic.objects.get(pk=topic.pk).name == "Topik baharu"
    assert target_of(topic, en).name == "A new subject"


# In the admin


def editor_form(page: Page, client, **fields: str) -> dict[str, str]:
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    form = BeautifulSoup(html, "html.parser").select_one("form[data-edit-form]")
    data = {
        tag["name"]: tag.get("value", "")
        for tag in form.select("input[name], textarea[name]")
        if tag.get("type") not in ("checkbox", "radio", "submit", "file")
    }
    return {**data, **fields}


def test_the_editor_offers_both_ways(both, en, officer):
    client = browser_of(officer)
    address = reverse("wagtailadmin_pages:edit", args=[both.pk])
    assert 'value="together"' in client.get(address).content.decode()
    answer = client.post(
        address,
        editor_form(both, client, title="Berita baharu", **{"action-publish": "together"}),
        follow=True,
    )
    held = HeldPublication.objects.get()
    assert (held.user, held.revision.content["title"]) == (officer, "Berita baharu")
    assert Article.objects.get(pk=both.pk).title == "Berita"
    shown = answer.content.decode()
    assert "“Berita baharu” waits for its translations" in shown
    assert "This version is published once its translations are approved." in shown
    assert "has been published" not in shown
    client.post(
        address,
        editor_form(both, client, title="Berita segera", **{"action-publish": "action-publish"}),
    )
    assert Article.objects.get(pk=both.pk).title == "Berita segera"
    assert not HeldPublication.objects.exists()


def test_a_text_that_waits_for_nothing_is_published_by_the_same_request(both, en, officer):
    client = browser_of(officer)
    before = Article.objects.get(pk=both.pk).live_revision_id
    client.post(
        reverse("wagtailadmin_pages:edit", args=[both.pk]),
        editor_form(both, client, **{"action-publish": "together"}),
    )
    assert not HeldPublication.objects.exists()
    page = Article.objects.get(pk=both.pk)
    assert page.live_revision_id == page.latest_revision_id != before


def test_a_text_without_translations_is_not_held(home, english_home, officer):
    page = published_article(home)
    client = browser_of(officer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert 'value="together"' not in client.get(address).content.decode()
    answer = client.post(
        address, editor_form(page, client, title="Lain", **{"action-publish": "together"})
    )
    assert answer.status_code == 409
    assert "no translations to wait for" in answer.content.decode()
    assert Article.objects.get(pk=page.pk).title == "Berita"


def test_a_projects_rules_are_asked_before_a_text_waits(both, en, officer):
    def refuse(instance, revision, user):
        assert (instance.title, revision.content["title"], user) == ("Lain", "Lain", officer)
        raise PermissionDenied("Not you.")

    with (
        hooks.register_temporarily("before_hold_publication", refuse),
        pytest.raises(PermissionDenied, match="Not you"),
    ):
        hold(both, officer, title="Lain")
    assert not HeldPublication.objects.exists()


def test_a_schedule_and_translations_are_not_waited_for_at_once(both, en, officer):
    client = browser_of(officer)
    answer = client.post(
        reverse("wagtailadmin_pages:edit", args=[both.pk]),
        editor_form(both, client, go_live_at="2099-01-01 10:00", **{"action-publish": "together"}),
    )
    assert answer.status_code == 409
    assert not HeldPublication.objects.exists()


@override_settings(WAGTAIL_LOCALIZE_DESK_PUBLISH_TOGETHER=["newsroom.Article"])
def test_a_type_may_go_public_together_as_a_rule(both, en, officer):
    # Code publishes at once, as does the button that says so.
    republish(both, title="Oleh kod")
    assert Article.objects.get(pk=both.pk).title == "Oleh kod"
    draft = Article.objects.get(pk=both.pk)
    draft.title = "Pukal"
    draft.save_revision()
    client = browser_of(officer)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={both.pk}", {"include_descendants": ""})
    assert Article.objects.get(pk=both.pk).title == "Oleh kod"
    assert HeldPublication.objects.get().revision.content["title"] == "Pukal"


@override_settings(WAGTAIL_LOCALIZE_DESK_PUBLISH_TOGETHER=["newsroom.Article"])
def test_a_translation_that_waits_for_its_own_is_a_draft(both, en, reviewer):
    english = target_of(both, en)
    submit(english, Locale.objects.get_or_create(language_code="ta")[0])
    translate_string(segment_at(both, "title"), en, "Newer news")
    url = reverse("wagtail_localize_desk:publish", args=[translation_of(both, en).pk])
    browser_of(reviewer).post(url)
    held = HeldPublication.objects.get()
    waiting = target_of(both, en)
    assert (waiting.title, waiting.draft_title) == (english.title, "Newer news")
    assert (waiting.latest_revision, waiting.has_unpublished_changes) == (held.revision, True)
    assert waiting.latest_revision_created_at == held.revision.created_at


def test_the_page_says_what_it_waits_for(both, en, officer, django_assert_max_num_queries):
    held = hold(both, officer, body=body(heading="Tajuk baharu"), title="Lain")
    client = browser_of(officer)
    address = reverse("wagtail_localize_desk:held", args=[held.pk])
    with django_assert_max_num_queries(40):
        shown = client.get(address).content.decode()
    assert "2 strings are not approved" in shown
    answer = client.post(address, {"action": "release", "reason": ""})
    assert answer.status_code == 200
    assert "This field is required." in answer.content.decode()
    assert public(both, en) == BEFORE
    client.post(address, {"action": "release", "reason": "Urgent"})
    assert public(both, en)[0] == "Tajuk baharu"
    assert client.get(address).status_code == 404


def test_the_page_withdraws_and_publishes(both, en, officer, reviewer):
    client = browser_of(officer)
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    address = reverse("wagtail_localize_desk:held", args=[held.pk])
    assert client.post(address, {"action": "other"}).status_code == 404
    client.post(address, {"action": "publish"})
    assert HeldPublication.objects.exists()
    client.post(address, {"action": "withdraw"})
    assert not HeldPublication.objects.exists()
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    translate_string(segment_at(both, HEADING), en, NEW)
    TranslatedString.objects.update(state=State.APPROVED)
    client.post(reverse("wagtail_localize_desk:held", args=[held.pk]), {"action": "publish"})
    assert public(both, en) == AFTER


def test_the_translators_screen_says_that_its_source_waits(both, en, officer, reviewer):
    screen = Screen(browser_of(reviewer), target_of(both, en))
    assert "The source has waited" not in screen.html.text
    assert screen.html.select("[name=action][value=publish]")
    hold(both, officer, title="Lain")
    screen = Screen(browser_of(reviewer), target_of(both, en))
    assert "The source has waited" in screen.html.text
    assert not screen.html.select("[name=action][value=publish]")


def test_the_dashboard_lists_what_waits(both, en, officer, reviewer):
    held = hold(both, officer, title="Lain")
    (shown,) = held_publications(officer)
    assert (shown.title, shown.language, shown.days) == ("Berita", "Malay", 0)
    assert shown.url == reverse("wagtail_localize_desk:held", args=[held.pk])
    assert held_publications(reviewer) == []
    page = browser_of(officer).get(reverse("wagtailadmin_home")).content.decode()
    assert shown.url in page
    assert shown.url not in browser_of(reviewer).get(reverse("wagtailadmin_home")).content.decode()


def test_the_dashboard_takes_no_more_queries_for_more(
    both, home, english_home, en, officer, django_assert_num_queries
):
    hold(both, officer, title="Lain")
    held_publications(officer)  # fills caches
    with CaptureQueriesContext(connection) as one:
        held_publications(officer)
    for number in range(3):
        other = published_article(home, slug=f"lain-{number}")
        submit(other, en)
        hold(other, officer, title="Lain")
    with django_assert_num_queries(len(one)):
        assert len(held_publications(officer)) == 4


def test_who_chose_is_named_when_the_account_is_gone(both, en, officer):
    held = hold(both, officer, title="Lain")
    officer.delete()
    held.refresh_from_db()
    held.problem = "x"
    held.save()
    assert HeldPublication.objects.get().user_name == str(officer)


def test_only_publishers_of_the_source_release_it(both, en, officer, home, reviewer):
    held = hold(both, officer, body=body(heading="Tajuk baharu"))
    address = reverse("wagtail_localize_desk:held", args=[held.pk])
    writer = translator_of(home)
    speak_english(writer)
    shown = browser_of(writer).get(address).content.decode()
    assert 'value="release"' not in shown
    for user in (writer, reviewer):
        for action in ("release", "withdraw", "publish"):
            answer = browser_of(user).post(address, {"action": action, "reason": "x"})
            assert answer.status_code == 403
    assert browser_of(reviewer).get(address).status_code == 403
    both_locked = Article.objects.get(pk=both.pk)
    both_locked.locked, both_locked.locked_by = True, writer
    both_locked.save()
    answer = browser_of(officer).post(address, {"action": "release", "reason": "x"})
    assert answer.status_code == 409
    assert HeldPublication.objects.exists()
