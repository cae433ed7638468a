"""Which translations follow a source that goes, moves or comes back, and who is told before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page, PageLogEntry
from wagtail_localize.models import Translation

from tests.newsroom.content import (
    publish_translation,
    published_article,
    published_topic,
    stop,
    submit,
    target_of,
    translate,
)
from tests.newsroom.models import Article, Topic
from wagtail_localize_desk.extending import keeping_translations
from wagtail_localize_desk.models import TranslatedString
from wagtail_localize_desk.source_lifecycle import LOG_ACTION, published_translations

pytestmark = pytest.mark.django_db

UNPUBLISHED = "If you unpublish this, these translations are unpublished as well"
DELETED = "If you delete this, these translations are unpublished"
KEEP = "but keep the translations public"


@pytest.fixture
def translated(article, en) -> Article:
    """A source and its complete English translation, both public."""
    translate(article, en, title="News")
    publish_translation(article, en)
    return article


@pytest.fixture
def topic(ms, en) -> Topic:
    topic = published_topic(ms)
    submit(topic, en)
    translate(topic, en, name="Topic")
    publish_translation(topic, en)
    return topic


def live(instance, locale) -> bool:
    return bool(target_of(instance, locale).live)


def page_url(name: str, *pages) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk for page in pages])


def topic_url(name: str, topic) -> str:
    return reverse(f"wagtailsnippets_newsroom_topic:{name}", args=[topic.pk])


def bulk_url(action: str, *pages) -> str:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return f"{url}?" + "&".join(f"id={page.pk}" for page in pages)


# Unpublishing


def test_unpublishing_a_source_says_so_and_does_so(admin_client, admin_user, translated, en):
    url = page_url("unpublish", translated)
    text = admin_client.get(url).content.decode()
    assert UNPUBLISHED in text
    assert "News (English)" in text
    admin_client.post(url)
    assert not live(translated, en)
    entry = PageLogEntry.objects.get(action=LOG_ACTION)
    assert (entry.page_id, entry.user) == (target_of(translated, en).pk, admin_user)


def test_translations_can_be_kept(admin_client, translated, en):
    url = page_url("unpublish", translated)
    assert KEEP in admin_client.get(url).content.decode()
    admin_client.post(url, {"keep_translations": "on"})
    assert not Article.objects.get(pk=translated.pk).live
    assert live(translated, en)


def test_keeping_needs_the_right_to_publish_the_translation(translated, en, django_user_model):
    somebody = django_user_model.objects.create_user("somebody")
    with keeping_translations(somebody):
        UnpublishPageAction(translated, user=somebody).execute(skip_permission_checks=True)
    assert not live(translated, en)


def test_code_can_keep_translations(translated, en):
    with keeping_translations():
        translated.unpublish()
    assert live(translated, en)


def test_a_snippet(admin_client, topic, en):
    url = topic_url("unpublish", topic)
    text = admin_client.get(url).content.decode()
    assert UNPUBLISHED in text
    assert "Topic (English)" in text
    admin_client.post(url)
    assert not live(topic, en)


def test_bulk_unpublishing(admin_client, translated, en):
    url = bulk_url("unpublish", translated)
    assert "News (English)" in admin_client.get(url).content.decode()
    admin_client.post(url)
    assert not live(translated, en)


def test_pages_below(admin_client, home, translated, en):
    below = published_article(translated, title="Bawah", slug="bawah")
    submit(below, en)
    translate(below, en, title="Below")
    publish_translation(below, en)
    url = page_url("unpublish", translated)
    text = admin_client.get(url).content.decode()
    assert "If you also unpublish the pages below" in text
    assert "Below (English)" in text
    admin_client.post(url, {"include_descendants": "on"})
    assert not live(translated, en)
    assert not live(below, en)


def test_an_expired_source(translated, topic, en):
    past = timezone.now() - timedelta(hours=1)
    for each in (translated, topic):
        type(each).objects.filter(pk=each.pk).update(expire_at=past)
    call_command("publish_scheduled")
    assert not live(translated, en)
    assert not live(topic, en)
    assert not target_of(translated, en).expired


def test_a_chain_follows(translated, en):
    ta = Locale.objects.get_or_create(language_code="ta")[0]
    english = target_of(translated, en)
    submit(english, ta)
    translate(english, ta)
    publish_translation(english, ta)
    assert live(translated, ta)
    assert len(published_translations([translated])) == 2
    translated.unpublish()
    assert not live(translated, en)
    assert not live(translated, ta)


def test_a_stopped_translation_stands_on_its_own(translated, en):
    stop(translated, en)
    translated.unpublish()
    assert live(translated, en)


def test_an_error_leaves_both_public(translated, en, monkeypatch):
    from wagtail_localize_desk import source_lifecycle

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(source_lifecycle, "withdraw_translations", fail)
    with pytest.raises(RuntimeError):
        translated.unpublish()
    assert Article.objects.get(pk=translated.pk).live
    assert live(translated, en)


def test_unpublishing_a_translation_leaves_its_source(translated, en):
    target_of(translated, en).unpublish()
    assert Article.objects.get(pk=translated.pk).live


# Deleting


def test_deleting_a_source_says_so_and_does_so(admin_client, translated, en):
    url = page_url("delete", translated)
    text = admin_client.get(url).content.decode()
    assert DELETED in text
    assert "News (English)" in text
    count = TranslatedString.objects.exclude(words="").count()
    admin_client.post(url)
    assert not Article.objects.filter(pk=translated.pk).exists()
    assert not live(translated, en)
    assert TranslatedString.objects.exclude(words="").count() == count


def test_deleting_can_keep_translations(admin_client, translated, en):
    admin_client.post(page_url("delete", translated), {"keep_translations": "on"})
    assert not Article.objects.filter(pk=translated.pk).exists()
    assert live(translated, en)


def test_deleting_a_snippet(admin_client, topic, en):
    url = topic_url("delete", topic)
    assert DELETED in admin_client.get(url).content.decode()
    admin_client.post(url)
    assert not live(topic, en)


def test_deleting_in_bulk_and_by_query(admin_client, home, translated, topic, en):
    url = bulk_url("delete", translated)
    assert "News (English)" in admin_client.get(url).content.decode()
    admin_client.post(url)
    assert not live(translated, en)
    Topic.objects.filter(pk=topic.pk).delete()
    assert not live(topic, en)


def test_deleting_a_parent(home, translated, en):
    parent = published_article(home, title="Atas", slug="atas")
    translated.move(parent, pos="last-child")
    Page.objects.get(pk=parent.pk).delete()
    assert not live(translated, en)


# Moving


def test_moving_a_source_moves_its_translation(admin_client, home, translated, en):
    parent = published_article(home, title="Atas", slug="atas")
    submit(parent, en)
    url = page_url("move_confirm", translated, parent)
    text = admin_client.get(url).content.decode()
    assert "These translations move along" in text
    assert "News (English)" in text
    admin_client.post(url)
    target = target_of(translated, en)
    assert target.get_parent().pk == target_of(parent, en).pk


def test_a_translation_stays_without_a_parent_in_its_language(home, translated, en):
    parent = published_article(home, title="Atas", slug="atas")
    before = target_of(translated, en).get_parent()
    translated.move(parent, pos="last-child")
    assert target_of(translated, en).get_parent() == before


def test_a_translation_elsewhere_stays(home, english_home, translated, en):
    parent = published_article(home, title="Atas", slug="atas")
    submit(parent, en)
    elsewhere = english_home.add_child(
        instance=Article(title="Else", slug="else", locale=en, live=False)
    )
    target_of(translated, en).move(elsewhere, pos="last-child")
    translated.move(parent, pos="last-child")
    assert target_of(translated, en).get_parent().pk == elsewhere.pk


def test_reordering_moves_nothing(home, translated, en):
    other = published_article(home, title="Lain", slug="lain")
    path = target_of(translated, en).path
    translated.move(other, pos="right")
    assert target_of(translated, en).path == path


# Coming back


def test_publishing_a_source_again_says_what_waits(admin_client, translated, en):
    translated.unpublish()
    url = f"{bulk_url('publish', translated)}&next=/admin/"
    response = admin_client.post(url, follow=True)
    assert Article.objects.get(pk=translated.pk).live
    assert not live(translated, en)
    text = response.content.decode()
    assert "These translations are still unpublished" in text
    assert "News (English)" in text


# Costs


def test_queries_do_not_grow_with_the_translations(home, english_home, en):
    def queries(count: int) -> int:
        sources = [
            published_article(home, title=f"T{count}{n}", slug=f"s{count}{n}", intro="", body="[]")
            for n in range(count)
        ]
        for source in sources:
            submit(source, en)
            translate(source, en)
            publish_translation(source, en)
        with CaptureQueriesContext(connection) as found:
            assert len(published_translations(sources)) == count
        return len(found)

    assert queries(1) == queries(4) <= 3
    assert Translation.objects.count() == 5
