"""Submitting for translation and saving drafts of translations never publish content."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import GroupPagePermission, Locale, Page, PageLogEntry, Revision
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    published,
    unpublished,
)
from wagtail_localize.models import StringTranslation, TranslationSource
from wagtail_localize.views.submit_translations import SubmitTranslationForm

from tests.newsroom.content import (
    HEADING,
    body,
    publish_translation,
    published_article,
    published_topic,
    republish,
    segment_at,
    submit,
    submit_as_before,
    synchronise,
    target_of,
    translate,
    translate_string,
    translation_of,
)
from tests.newsroom.models import Article, Footnote, Term, Topic, TopicLink
from wagtail_localize_desk.extending import UntranslatedTextError

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced():
    """Calls of Wagtail's publishing signals, as (signal, instance)."""
    calls: list[tuple[str, object]] = []
    signals = {
        "page_published": page_published,
        "published": published,
        "page_unpublished": page_unpublished,
        "unpublished": unpublished,
    }
    receivers = []
    for name, signal in signals.items():

        def receiver(sender, instance, name=name, **kwargs):
            calls.append((name, instance))

        signal.connect(receiver, weak=False)
        receivers.append((signal, receiver))
    yield calls
    for signal, receiver in receivers:
        signal.disconnect(receiver)


@pytest.fixture
def admin_client(client, db):
    client.force_login(User.objects.create_superuser("admin", password="x"))
    return client


def public_texts() -> set[str]:
    """All text of live pages and snippets in locales other than Malay."""
    pages = Article.objects.exclude(locale__language_code="ms").filter(live=True)
    topics = Topic.objects.exclude(locale__language_code="ms").filter(live=True)
    texts = {str(page.body.raw_data) for page in pages} | {page.intro for page in pages}
    texts |= {page.title for page in Page.objects.exclude(locale__language_code="ms").live()}
    texts |= {topic.name for topic in topics}
    texts |= {link.label for link in TopicLink.objects.filter(topic__in=topics)}
    return texts


def test_a_submitted_page_is_a_draft(home, english_home, en, announced):
    article = published_article(home)
    announced.clear()

    submit(article, en)

    target = target_of(article, en)
    assert not target.live
    assert target.live_revision is None
    assert target.first_published_at is None
    assert announced == []
    assert public_texts() == {"Home"}


def test_a_submitted_snippet_is_a_draft_without_publishing_dates(ms, en, announced):
    topic = published_topic(ms)
    announced.clear()

    submit(topic, en)

    target = target_of(topic, en)
    assert not target.live
    assert target.live_revision is None
    assert target.first_published_at is None
    assert target.last_published_at is None
    assert target.latest_revision is not None
    assert announced == []
    assert public_texts() == set()


def test_the_alias_of_an_untranslated_parent_is_not_public(home, en, announced):
    article = published_article(home)
    announced.clear()

    submit(article, en)

    parent = target_of(article, en).get_parent()
    assert parent.alias_of_id == home.pk
    assert parent.locale == en
    assert not parent.live
    assert not target_of(article, en).live
    assert [call for call in announced if call[1].live] == []


def test_submitting_a_page_leaves_its_related_snippets_live(home, english_home, ms, en, announced):
    """wagtail-localize also submits related snippets, and takes live ones offline."""
    topic = published_topic(ms)
    submit(topic, en)
    translate(topic, en)
    translation_of(topic, en).save_target(publish=True)
    assert target_of(topic, en).live
    article = published_article(home, topic=topic)
    announced.clear()

    submit(article, en)

    target = target_of(topic, en)
    assert target.live
    assert target.name == "EN Topik"
    assert announced == []


def test_saved_strings_do_not_reach_a_live_page(home, english_home, en):
    """Submitting the root of a subtree submits all of its pages again."""
    article = published_article(home)
    submit(article, en)
    translate(article, en)
    translation_of(article, en).save_target(publish=True)
    translate_string(segment_at(article, HEADING), en, "CANARY")
    translate_string(segment_at(article, "title"), en, "CANARY")
    assert target_of(article, en).live

    translation_of(article, en).save_target(publish=False)

    target = target_of(article, en)
    assert target.live
    assert target.has_unpublished_changes
    assert target.title == "EN Berita"
    assert target.body[0].value["heading"] == "EN Tajuk"
    draft = target.get_latest_revision_as_object()
    assert draft.body[0].value["heading"] == "CANARY"
    assert draft.live


def test_a_draft_does_not_change_a_live_snippet_or_its_children(ms, en):
    topic = published_topic(ms)
    submit(topic, en)
    translate(topic, en)
    translation_of(topic, en).save_target(publish=True)
    link = topic.links.get()
    path = f"links.{link.translation_key}.label"
    translate_string(segment_at(topic, path), en, "CANARY")

    translation_of(topic, en).save_target(publish=False)

    target = target_of(topic, en)
    assert target.live
    assert target.has_unpublished_changes
    assert [item.label for item in target.links.all()] == ["EN Pautan"]
    draft = target.get_latest_revision_as_object()
    assert [item.label for item in draft.links.all()] == ["CANARY"]
    assert TopicLink.objects.filter(topic=target).count() == 1


def test_a_changed_source_does_not_reach_the_live_translation(home, english_home, en):
    article = published_article(home)
    submit(article, en)
    translate(article, en)
    translation_of(article, en).save_target(publish=True)

    republish(article, body=body(heading="Tajuk baharu"), priority=7)
    synchronise(article)
    translation_of(article, en).save_target(publish=False)

    target = target_of(article, en)
    assert target.body[0].value["heading"] == "EN Tajuk"
    assert target.priority == 0
    assert target.get_latest_revision_as_object().priority == 7


def test_publishing_records_the_user_and_shares_the_transaction(home, english_home, en, announced):
    article = published_article(home)
    submit(article, en)
    translate(article, en)
    editor = User.objects.create_superuser("editor", password="x")
    seen_inside: list[bool] = []

    def receiver(sender, instance, **kwargs):
        seen_inside.append(transaction.get_connection().in_atomic_block)

    page_published.connect(receiver)
    try:
        translation_of(article, en).save_target(user=editor, publish=True)
    finally:
        page_published.disconnect(receiver)

    target = target_of(article, en)
    assert target.live
    assert target.live_revision == target.latest_revision
    assert target.live_revision.user == editor
    assert seen_inside == [True]
    entry = PageLogEntry.objects.get(page=target.pk, action="wagtail.publish")
    assert entry.user == editor
    assert entry.revision_id == target.live_revision_id


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_signal_handler_that_raises_rolls_back_publishing():
    # A transactional test starts without the rows of Wagtail's migrations.
    ms = Locale.objects.get_or_create(language_code="ms")[0]
    en = Locale.objects.get_or_create(language_code="en")[0]
    topic = published_topic(ms)
    submit(topic, en)
    translate(topic, en)
    revisions = Revision.objects.count()

    def receiver(sender, **kwargs):
        raise RuntimeError("no")

    published.connect(receiver)
    try:
        with pytest.raises(RuntimeError):
            translation_of(topic, en).save_target(publish=True)
    finally:
        published.disconnect(receiver)

    assert not target_of(topic, en).live
    assert Revision.objects.count() == revisions


def test_syncing_does_not_publish_without_the_right_to_publish(client, home, english_home, en):
    """The form "Update existing translations" asks for the right to submit only."""
    article = published_article(home)
    submit(article, en)
    translator = User.objects.create_user("translator", password="x")
    group = Group.objects.create(name="translators")
    group.permissions.add(
        Permission.objects.get(codename="submit_translation"),
        Permission.objects.get(codename="access_admin"),
    )
    GroupPagePermission.objects.create(
        group=group,
        page=Page.get_first_root_node(),
        permission=Permission.objects.get(codename="change_page"),
    )
    translator.groups.add(group)
    client.force_login(translator)
    source = translation_of(article, en).source

    response = client.post(
        reverse("wagtail_localize:update_translations", args=[source.pk]),
        {"publish_translations": "on"},
    )

    assert response.status_code in (302, 403)
    assert not target_of(article, en).live
    with pytest.raises(PermissionDenied):
        translation_of(article, en).save_target(user=translator, publish=True)
    assert not target_of(article, en).live


def test_submitting_in_the_admin_publishes_nothing(admin_client, home, english_home, ms, en):
    topic = published_topic(ms)
    article = published_article(home, topic=topic)

    response = admin_client.post(
        reverse("wagtail_localize:submit_page_translation", args=[article.pk]),
        {"locales": [en.pk]},
    )

    assert response.status_code == 302
    assert not target_of(article, en).live
    assert not target_of(topic, en).live
    assert public_texts() == {"Home"}


def test_a_page_and_a_snippet_can_be_translated_in_the_admin(
    admin_client, home, english_home, ms, en
):
    """The translation editor works with targets that the patch has written."""
    topic = published_topic(ms)
    article = published_article(home, topic=topic)
    submit(article, en)
    page, snippet = target_of(article, en), target_of(topic, en)
    page_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    snippet_url = reverse("wagtailsnippets_newsroom_topic:edit", args=[snippet.pk])
    for url in (page_url, snippet_url):
        assert admin_client.get(url).status_code == 200
    segment = segment_at(topic, "name")
    response = admin_client.put(
        reverse(
            "wagtail_localize:edit_string_translation",
            args=[translation_of(topic, en).pk, segment.pk],
        ),
        "value=Topic",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 201

    translate(topic, en, name="Topic")
    translate(article, en)
    for url in (snippet_url, page_url):
        assert admin_client.post(url, {"action": "publish"}).status_code == 302

    assert target_of(topic, en).live
    assert target_of(topic, en).name == "Topic"
    assert target_of(article, en).live
    assert target_of(article, en).topic == target_of(topic, en)


def test_a_submitted_alias_becomes_a_draft_and_is_logged(admin_client, home, en):
    article = published_article(home)
    submit(article, en)
    alias = Page.objects.get(translation_key=home.translation_key, locale=en)
    assert (
        "translate"
        in admin_client.get(reverse("wagtailadmin_pages:edit", args=[alias.pk]))
        .content.decode()
        .lower()
    )

    submit(home, en)

    page = Page.objects.get(pk=alias.pk)
    assert page.alias_of_id is None
    assert not page.live
    assert page.latest_revision is not None
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.convert_alias").exists()


def test_an_invalid_translation_is_marked_and_not_written(ms, en):
    topic = published_topic(ms)
    submit(topic, en)
    translate(topic, en, name="x" * 101)
    before = target_of(topic, en).latest_revision_id

    with pytest.raises(ValidationError, match="100"):
        translation_of(topic, en).save_target(publish=True)

    target = target_of(topic, en)
    assert not target.live
    assert target.latest_revision_id == before
    marked = StringTranslation.objects.get(context__path="name", locale=en)
    assert marked.has_error
    assert "100" in marked.field_error
    # A second attempt would publish the source's words in their place.
    with pytest.raises(UntranslatedTextError, match="Topik"):
        translation_of(topic, en).save_target(publish=True)
    assert publish_translation(topic, en).name == "Topik"


def test_a_private_translation_of_a_public_source_stays_private(home, english_home, en):
    article = published_article(home)
    submit(article, en)
    publish_translation(article, en)
    target = target_of(article, en)
    target.view_restrictions.create(restriction_type="login")

    source = translation_of(article, en).source
    source.update_target_view_restrictions(en)
    translation_of(article, en).save_target(publish=False)
    publish_translation(article, en)

    assert target.view_restrictions.get().restriction_type == "login"


def test_the_translation_of_a_private_source_is_private(home, english_home, en):
    article = published_article(home)
    article.view_restrictions.create(restriction_type="login")

    submit(article, en)

    assert target_of(article, en).view_restrictions.get().restriction_type == "login"


def test_a_snippet_without_drafts_is_written_directly(ms, en):
    """Its translation may be older than this plugin."""
    note = Footnote.objects.create(text="Nota", locale=ms)
    submit_as_before(note, en)
    translate(note, en)
    translation_of(note, en).save_target(publish=True)
    assert target_of(note, en).text == "EN Nota"
    assert target_of(note, en).latest_revision is not None


@pytest.mark.parametrize("model", [Footnote, Term])
def test_a_snippet_without_drafts_is_never_submitted(ms, en, model):
    """Its copy would be public at once, in the source's words."""
    field = "text" if model is Footnote else "word"
    snippet = model.objects.create(**{field: "Nota"}, locale=ms)
    submit(snippet, en)
    assert not snippet.has_translation(en)
    assert not TranslationSource.objects.exists()

    form = SubmitTranslationForm(snippet)
    assert not form.fields["locales"].queryset.exists()
    for language, words in {"en": "have no drafts", "ms": "tidak mempunyai draf"}.items():
        with override(language):
            assert words in SubmitTranslationForm(snippet).as_p()
    assert not SubmitTranslationForm(snippet, {"locales": [en.pk]}).is_valid()


def test_a_snippet_with_drafts_is_offered_for_submission(ms, en):
    form = SubmitTranslationForm(published_topic(ms), {"locales": [en.pk]})
    assert form.fields["locales"].help_text == ""
    assert form.is_valid()


def test_the_schedule_of_a_source_is_not_copied_to_its_translation(ms, en):
    topic = published_topic(ms)
    topic.go_live_at = timezone.now() + timedelta(seconds=1)
    topic.save_revision().publish()
    submit(topic, en)

    Revision.objects.filter(approved_go_live_at__isnull=False).update(
        approved_go_live_at=timezone.now() - timedelta(hours=1)
    )
    call_command("publish_scheduled", verbosity=0)

    assert not target_of(topic, en).live


def test_changing_the_slug_of_an_unpublished_page_creates_no_redirect(
    home, english_home, en, django_capture_on_commit_callbacks
):
    changed = []

    def receiver(sender, instance, **kwargs):
        changed.append(instance.slug)

    article = published_article(home)
    page_slug_changed.connect(receiver)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            submit(article, en)
            translate(article, en, slug="news")
            translation_of(article, en).save_target(publish=True)
        assert target_of(article, en).slug == "news"
        assert target_of(article, en).url_path.endswith("/news/")
        assert changed == []
        with django_capture_on_commit_callbacks(execute=True):
            translate(article, en, slug="latest")
            translation_of(article, en).save_target(publish=True)
        assert changed == ["latest"]
    finally:
        page_slug_changed.disconnect(receiver)
