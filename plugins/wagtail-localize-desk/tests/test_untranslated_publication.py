"""Each way by which untranslated texts could become public in another language, tried."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageLogEntry, Revision
from wagtail_localize.models import LocaleSynchronization, StringSegment

from tests.newsroom.content import (
    HEADING,
    publish_translation,
    published_article,
    published_topic,
    stop,
    submit,
    synchronise,
    target_of,
    translate,
    translate_string,
    translation_of,
)
from tests.newsroom.models import Article, Footnote
from wagtail_localize_desk.extending import (
    UntranslatedTextError,
    publishing_untranslated,
    translation_status,
)
from wagtail_localize_desk.untranslated_publication import LOG_ACTION

pytestmark = pytest.mark.django_db
PUBLISH = {"action": "publish"}


def person(name: str, *rights: str) -> User:
    """Somebody who may edit and publish everything, with more rights by name."""
    group = Group.objects.create(name=name)
    group.permissions.add(
        *Permission.objects.filter(
            codename__in=[
                "access_admin",
                "submit_translation",
                "change_topic",
                "publish_topic",
                *rights,
            ]
        )
    )
    for right in ("add_page", "change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group,
            page=Page.get_first_root_node(),
            permission=Permission.objects.get(codename=right),
        )
    user = User.objects.create_user(name, password="x")
    user.groups.add(group)
    return user


@pytest.fixture
def publisher(home) -> User:
    return person("publisher")


@pytest.fixture
def chooser(home) -> User:
    return person("chooser", "publish_untranslated")


@pytest.fixture
def half(article, en) -> Article:
    """A source, in whose English draft only the heading is not translated."""
    translate(article, en, HEADING)
    translation_of(article, en).save_target(publish=False)
    return article


def malay(article, en) -> bool:
    """Whether readers of English get the Malay heading."""
    target = target_of(article, en)
    return bool(target.live) and "Tajuk" in str(target.body)


def edit_url(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def form_of(page, *buttons: str, **values: str) -> dict[str, str]:
    """The ordinary editor's form of a page as it is."""
    data = {
        "title": page.title,
        "slug": page.slug,
        "intro": "null",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "0",
        **values,
    }
    return data | dict.fromkeys(buttons, "on")


def listed(response) -> list[str]:
    """The strings that the confirmation lists."""
    return [
        unescape(words).strip()
        for words in re.findall(r'<dd lang="ms">(.*?)</dd>', response.content.decode(), re.S)
    ]


def confirmed(response) -> list[tuple[str, str]]:
    """The fields that the confirmation's button sends."""
    form = response.content.decode().split("<form")
    form = next((each for each in form if 'name="publish_untranslated"' in each), "")
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return [(unescape(name), unescape(value)) for name, value in fields]


def confirm(client, url, response):
    data: dict[str, list[str]] = {}
    for name, value in confirmed(response):
        data.setdefault(name, []).append(value)
    return client.post(url, data)


# Without the choice


def test_submitting_and_syncing_publish_nothing(article, en):
    assert not target_of(article, en).live
    synchronise(article)
    assert not target_of(article, en).live


@pytest.mark.parametrize("user", [None, "publisher", "chooser"])
def test_code_cannot_publish_it(request, half, en, user):
    user = request.getfixturevalue(user) if user else None
    with pytest.raises(UntranslatedTextError, match="Tajuk"):
        translation_of(half, en).save_target(user=user, publish=True)
    draft = target_of(half, en).latest_revision
    with pytest.raises(UntranslatedTextError):
        draft.publish(user=user)
    assert not target_of(half, en).live


def test_the_translation_editor_asks(client, half, en, publisher):
    client.force_login(publisher)
    url = edit_url(target_of(half, en))
    response = client.post(url, PUBLISH)
    assert listed(response) == ["Tajuk"]
    assert not confirmed(response)
    assert "who may publish untranslated texts" in response.content.decode()
    # Nor by a digest from somebody who may.
    assert not malay(half, en)


def test_a_second_click_after_an_error_publishes_nothing(client, article, en, publisher):
    translate(article, en, slug="!!!")
    client.force_login(publisher)
    url = edit_url(target_of(article, en))
    assert client.post(url, PUBLISH).status_code == 302
    translate_string(
        StringSegment.objects.get(context__path="title"), en, 'Broken <a id="a9">link</a>'
    )
    client.post(url, PUBLISH)
    assert not target_of(article, en).live


def test_the_ordinary_editor_asks_and_keeps_the_text(client, half, en, publisher):
    stop(half, en)
    target = target_of(half, en)
    client.force_login(publisher)
    data = form_of(target, "action-publish", title="Berita")
    response = client.post(edit_url(target), data)
    assert listed(response) == ["Berita", "Tajuk"]
    assert not target_of(half, en).live
    draft = response.content.decode().split("<form")[-1]
    assert 'name="title" value="Berita"' in draft
    assert "action-publish" not in draft


def test_a_draft_of_code_in_its_place_is_recognised(half, en, publisher):
    stop(half, en)
    target = target_of(half, en).get_latest_revision_as_object()
    target.title = "Berita"
    revision = target.save_revision(user=publisher)
    with pytest.raises(UntranslatedTextError, match="Berita"):
        revision.publish(user=publisher)


def test_an_overwritten_revision_is_read_again(article, en, publisher):
    translate(article, en)
    publish_translation(article, en)
    stop(article, en)
    target = target_of(article, en)
    revision = target.save_revision(user=publisher)
    revision.publish(user=publisher)
    target = target_of(article, en)
    target.title = "Berita"
    revision = target.save_revision(user=publisher, overwrite_revision=revision)
    with pytest.raises(UntranslatedTextError, match="Berita"):
        revision.publish(user=publisher)


def test_restarting_publishes_nothing(client, half, en, publisher):
    stop(half, en)
    client.force_login(publisher)
    client.post(edit_url(target_of(half, en)), {"localize-restart-translation": "yes"})
    assert not target_of(half, en).live


def test_syncing_with_publishing_asks(client, half, en, publisher, chooser):
    source = translation_of(half, en).source
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    client.force_login(publisher)
    assert listed(client.post(url, {"publish_translations": "on"})) == ["Tajuk"]
    assert not target_of(half, en).live
    client.force_login(chooser)
    response = client.post(url, {"publish_translations": "on"})
    assert confirm(client, url, response).status_code == 302
    assert malay(half, en)


def test_a_sync_does_not_publish_what_was_unpublished(client, article, en, publisher):
    translate(article, en)
    publish_translation(article, en).unpublish()
    url = reverse(
        "wagtail_localize:update_translations", args=[translation_of(article, en).source.pk]
    )
    client.force_login(publisher)
    response = client.post(url, {"publish_translations": "on"}, follow=True)
    assert not target_of(article, en).live
    assert "because it was unpublished: English" in response.content.decode()


def test_bulk_publishing_asks_for_all(client, half, home, english_home, en, publisher, chooser):
    other = published_article(home, title="Kedua", slug="kedua", intro="", body="[]")
    submit(other, en)
    targets = [target_of(half, en), target_of(other, en)]
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    url += "?" + "&".join(f"id={page.pk}" for page in targets)
    client.force_login(publisher)
    client.post(url)
    assert not any(target_of(each, en).live for each in (half, other))
    client.force_login(chooser)
    response = client.post(url)
    assert {"Tajuk", "Kedua"} <= {*listed(response)}
    confirm(client, url, response)
    assert all(target_of(each, en).live for each in (half, other))


def test_bulk_publishing_asks_for_the_pages_below(client, half, english_home, en, chooser):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.force_login(chooser)
    response = client.post(f"{url}?id={english_home.pk}", {"include_descendants": "on"})
    assert listed(response) == ["Tajuk"]
    assert not target_of(half, en).live


def test_an_approval_asks(client, half, en, publisher, chooser):
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Approval")
    task.groups.add(*Group.objects.all())
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    target = target_of(half, en)
    workflow.start(target, publisher)
    state = target.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[target.pk, "approve", state.pk])
    client.force_login(publisher)
    assert listed(client.post(url, {"comment": ""})) == ["Tajuk"]
    assert not target_of(half, en).live
    state.refresh_from_db()
    assert state.status == "in_progress"
    client.force_login(chooser)
    confirm(client, url, client.post(url, {"comment": ""}))
    assert malay(half, en)


def test_a_schedule_is_refused_when_it_is_made(half, en, publisher, chooser):
    target = target_of(half, en).get_latest_revision_as_object()
    target.go_live_at = timezone.now() + timedelta(hours=1)
    revision = target.save_revision(user=publisher)
    with pytest.raises(UntranslatedTextError):
        revision.publish(user=publisher)
    with publishing_untranslated():
        revision.publish(user=chooser)
    # What was chosen then is carried out by a program, without anybody.
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=timezone.now() - timedelta(hours=1)
    )
    revision.content["go_live_at"] = None
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    call_command("publish_scheduled")
    assert malay(half, en)


def test_a_schedule_that_nobody_chose_publishes_nothing(half, en):
    Revision.objects.filter(pk=target_of(half, en).latest_revision_id).update(
        approved_go_live_at=timezone.now() - timedelta(hours=1)
    )
    with pytest.raises(UntranslatedTextError):
        call_command("publish_scheduled")
    assert not target_of(half, en).live


def test_locale_synchronization_and_aliases_publish_nothing(home, english_home, en, ms):
    LocaleSynchronization.objects.create(locale=en, sync_from=ms)
    article = published_article(home)
    article.copy_for_translation(en, alias=True)
    alias = target_of(article, en)
    assert not alias.live
    article.save_revision().publish()
    assert not target_of(article, en).live


def test_an_imported_file_publishes_nothing(half, en):
    translation = translation_of(half, en)
    translation.import_po(translation.export_po())
    assert not target_of(half, en).live
    with pytest.raises(UntranslatedTextError):
        translation.save_target(publish=True)


@pytest.mark.parametrize("is_live", [True, False])
def test_a_copy_keeps_its_language(half, english_home, en, chooser, is_live):
    if is_live:
        publish_translation(half, en)
    target = target_of(half, en)

    def publish_copy() -> None:
        copy = target.copy(update_attrs={"slug": "first"}, keep_live=is_live, user=chooser)
        copy.save_revision().publish(user=chooser)

    with pytest.raises(UntranslatedTextError, match="Tajuk"):
        publish_copy()
    assert not Page.objects.filter(slug="first", live=True).exists()
    with publishing_untranslated():
        copy = target.copy(update_attrs={"slug": "copy"}, keep_live=is_live, user=chooser)
        copy.get_latest_revision().publish(user=chooser)
    status = translation_status(Article.objects.get(slug="copy"))
    assert status[:3] == ("ms", "partial", {HEADING})
    # A later change does not make it English.
    copy = Article.objects.get(slug="copy")
    copy.title = "New title"
    copy.save_revision().publish(user=chooser)
    assert translation_status(copy).untranslated == {HEADING}


def test_a_page_below_another_home_keeps_its_locale(home, english_home, ms):
    article = published_article(home)
    copy = article.copy(to=english_home, update_attrs={"slug": "salinan"}, keep_live=True)
    alias = article.create_alias(parent=english_home, update_slug="alias")
    article.move(english_home, pos="last-child")
    for page in (copy, alias, Article.objects.get(pk=article.pk)):
        assert (page.locale, page.live) == (ms, True)


def test_converting_to_an_alias_takes_it_offline(client, article, en, chooser):
    translate(article, en)
    publish_translation(article, en)
    client.force_login(chooser)
    client.post(reverse("wagtail_localize:convert_to_alias", args=[target_of(article, en).pk]))
    assert not target_of(article, en).live


def test_a_snippet_without_drafts_is_refused(ms, en):
    note = Footnote.objects.create(text="Nota", locale=ms)
    from wagtail_localize.models import Translation, TranslationSource

    source, _created = TranslationSource.get_or_create_from_instance(note)
    translation = Translation.objects.create(source=source, target_locale=en)
    with pytest.raises(UntranslatedTextError):
        translation.save_target(publish=True)
    assert not Footnote.objects.filter(locale=en).exists()


def test_a_snippet_asks(client, ms, en, publisher, chooser):
    topic = published_topic(ms)
    submit(topic, en)
    url = reverse("wagtailsnippets_newsroom_topic:edit", args=[target_of(topic, en).pk])
    client.force_login(publisher)
    assert listed(client.post(url, PUBLISH)) == ["Topik", "Pautan"]
    assert not target_of(topic, en).live
    client.force_login(chooser)
    assert confirm(client, url, client.post(url, PUBLISH)).status_code == 302
    assert target_of(topic, en).live


def test_a_call_in_the_background_gets_the_reason(client, half, en, publisher):
    client.force_login(publisher)
    response = client.post(
        edit_url(target_of(half, en)), PUBLISH, headers={"x-requested-with": "XMLHttpRequest"}
    )
    assert response.status_code == 403
    assert "“Tajuk”" in response.content.decode()


# With the choice


def test_the_choice_publishes_exactly_what_was_listed(client, half, en, chooser):
    client.force_login(chooser)
    url = edit_url(target_of(half, en))
    response = client.post(url, PUBLISH)
    assert listed(response) == ["Tajuk"]
    # Meanwhile another text loses its translation.
    segment = StringSegment.objects.get(context__path="intro")
    segment.string.translations.all().delete()
    again = confirm(client, url, response)
    assert sorted(listed(again)) == ["Mula", "Tajuk"]
    assert not target_of(half, en).live
    assert confirm(client, url, again).status_code == 302
    assert translation_status(target_of(half, en)).untranslated == {"intro", HEADING}
    entry = PageLogEntry.objects.get(action=LOG_ACTION)
    assert entry.user == chooser
    assert {text["words"] for text in entry.data["texts"]} == {"Mula", "Tajuk"}


def test_a_digest_is_no_right(client, half, en, publisher, chooser):
    url = edit_url(target_of(half, en))
    client.force_login(chooser)
    response = client.post(url, PUBLISH)
    client.force_login(publisher)
    assert listed(confirm(client, url, response)) == ["Tajuk"]
    with pytest.raises(UntranslatedTextError), publishing_untranslated():
        translation_of(half, en).save_target(user=publisher, publish=True)
    assert not target_of(half, en).live


def test_what_is_public_already_needs_no_choice(half, en, publisher):
    publish_translation(half, en)
    translate_string(StringSegment.objects.get(context__path="title"), en, "Better title")
    translation_of(half, en).save_target(user=publisher, publish=True)
    assert target_of(half, en).title == "Better title"


def test_the_right_is_offered_to_groups(admin_client):
    response = admin_client.get(reverse("wagtailusers_groups:add"))
    assert "Can publish untranslated texts" in response.content.decode()
