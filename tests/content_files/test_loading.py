"""`load_content` creates, updates or leaves alone the content of a folder's files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils.translation import override
from wagtail.log_actions import registry as log_registry
from wagtail.models import Locale, ModelLogEntry, Page, PageLogEntry, Revision, Site
from wagtail_localize.models import (
    SegmentOverride,
    StringTranslation,
    Translation,
    TranslationContext,
    TranslationLog,
)

from cms.pages.models import HomePage, ProfilePage
from cms.snippets.models import Act, Organisation, Role
from wagtail_delivery.models import Change, PublishedDocument
from wagtail_localize_desk.extending import publishing_untranslated, translation_status

pytestmark = pytest.mark.django_db


def instance(model: Any, language: str = "ms", **fields: Any) -> Any:
    return model.objects.get(locale__language_code=language, **fields)


def counts() -> dict[str, int]:
    """The number of rows, none of which may change in a load without changes."""
    models = (
        Revision, PageLogEntry, ModelLogEntry, Change, PublishedDocument, TranslationLog,
        StringTranslation, Translation, Page, Act, Role, Organisation, Site,
    )  # fmt: skip
    return {model.__name__: model.objects.count() for model in models}


def publish(thing: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save_revision().publish()


def outcome(output: str, name: str) -> str:
    (line,) = [line for line in output.splitlines() if f"] {name}: " in line]
    return line.split(": ", 1)[1]


def test_everything_is_created_and_public(load):
    output = load()

    assert "12 created, 0 updated, 0 unchanged, 0 left alone." in output
    home, profile = instance(HomePage), instance(ProfilePage)
    assert (home.url_path, profile.url_path) == ("/ms/", "/ms/profil/")
    assert instance(ProfilePage, "en").url_path == "/en/profile/"
    assert Site.objects.get().root_page_id == home.pk
    assert profile.get_url().endswith("/ms/profil/")
    for thing in (home, profile, instance(Act, number=4), instance(Role), instance(Organisation)):
        assert thing.live
        assert not thing.has_unpublished_changes
        assert thing.live_revision_id == thing.latest_revision_id
        assert instance(type(thing), "en", translation_key=thing.translation_key).live


def test_values_children_and_references(load):
    load()
    act, role = instance(Act, number=4), instance(Role)
    assert act.slug == "akta-4"
    assert act.assent_date.isoformat() == "1969-04-02"
    assert act.in_force_date is None
    assert act.status == "unknown"
    assert [child.act.number for child in role.acts.all()] == [5, 4]
    assert role.editor_note == "Semak ejaan."
    organisation = instance(Organisation)
    assert organisation.navigation.get().page_id == instance(ProfilePage).pk
    assert organisation.phones.get().number == "1-300-22-8000"
    assert organisation.email == ""
    text, timeline, roles, contact = instance(ProfilePage).sections
    assert text.value["anchor"] == "latar"
    assert text.value["body"].source == "<p>Perenggan satu &amp; lain.</p><p>Perenggan dua.</p>"
    first, second = timeline.value["events"]
    assert (first["date"], second["date"].isoformat()) == (None, "1985-07-01")
    assert list(roles.value["roles"]) == [role]
    assert contact.value["organisation"] == organisation


def test_english_is_a_complete_translation_in_wagtail_localize(load):
    load()
    english = instance(ProfilePage, "en")
    assert english.title == "Profile"
    text, timeline, roles, contact = english.sections
    assert text.value["heading"] == "Background"
    assert text.value["anchor"] == "latar"
    assert text.value["body"].source == "<p>Paragraph one &amp; more.</p><p>Paragraph two.</p>"
    assert [event["text"] for event in timeline.value["events"]] == ["It began.", "It changed."]
    assert [role.text for role in roles.value["roles"]] == ["To administer two Acts;"]
    assert contact.value["organisation"].short_name == "OF"
    assert english.working_translation
    role = instance(Role, "en")
    assert [child.act.title for child in role.acts.all()] == ["Act Five 1970", "Act Four 1969"]
    assert role.editor_note == ""
    phone = instance(Organisation, "en").phones.get()
    assert (phone.label, phone.number) == ("General", "1-300-22-8000")
    assert instance(Act, "en", number=4).working_translation
    assert not instance(Act, "en", number=5).working_translation
    assert Translation.objects.count() == 6
    for translation in Translation.objects.all():
        total, done = translation.get_progress()
        assert total == done > 0
        assert translation.get_target_instance().live
        status = translation_status(translation.get_target_instance())
        assert status[:3] == ("ms", "complete", frozenset())


def test_the_mark_of_a_working_translation_survives_synchronising(load):
    load()
    publish(instance(Act, number=4), remarks="Baharu")
    translation = Translation.objects.get(source__object_id=instance(Act, number=4).translation_key)
    translation.source.update_from_db()
    with publishing_untranslated():
        translation.save_target(publish=True)
    assert instance(Act, "en", number=4).working_translation


def test_a_second_load_changes_nothing(load):
    load()
    before = counts()
    output = load()
    assert "0 created, 0 updated, 12 unchanged, 0 left alone." in output
    assert counts() == before


def test_a_check_changes_nothing(load):
    before = counts()
    output = load("--check")
    assert "12 created" in output
    assert "rolled back" in output
    assert counts() == before


def test_the_history_records_the_load(load):
    load()
    page = instance(ProfilePage)
    actions = {entry.action for entry in log_registry.get_logs_for_instance(page)}
    assert {"wagtail.create", "wagtail.publish", "perkeso.load_content"} <= actions
    entry = ModelLogEntry.objects.filter(action="perkeso.load_content").first()
    with override("en"):
        assert str(entry.message) == "Loaded from the content files"


def test_ids_are_the_same_in_every_installation(load):
    load()
    act, page = instance(Act, number=4), instance(ProfilePage)
    assert str(act.translation_key) == "8c181c5d-dd7f-5c19-bef7-df74839168f8"
    assert str(page.translation_key) == "9e1df5c4-9439-5889-b56d-8a307a3f80c4"
    assert page.sections[0].id == "b1025ba3-bdce-5a6e-8196-f18ace7177c3"


def test_a_changed_file_updates_only_its_changes(load, folder):
    load()
    before = counts()
    folder.replace("ms/acts.yaml", "in_force_date:", "in_force_date: 1969-05-01")
    folder.replace("ms/acts.yaml", "  assent_date: 1969-04-02\n", "")

    output = load()

    assert outcome(output, "ms acts/akta-4") == "updated"
    assert outcome(output, "en acts/akta-4") == "updated"
    assert "0 created, 2 updated, 10 unchanged" in output
    for language in ("ms", "en"):
        act = instance(Act, language, number=4)
        assert act.in_force_date.isoformat() == "1969-05-01"
        assert act.assent_date is None
    assert instance(Act, "en", number=4).title == "Act Four 1969"
    assert counts()["Act"] == before["Act"]
    assert "0 created, 0 updated, 12 unchanged" in load()


def test_changed_texts_update_their_translation_too(load, folder):
    load()
    folder.replace("ms/profile_pages.yaml", "Bermula.", "Bermula sekali.")
    output = load()
    assert "2 updated" in output
    assert instance(ProfilePage).sections[1].value["events"][0]["text"] == "Bermula sekali."
    english = instance(ProfilePage, "en")
    assert english.sections[1].value["events"][0]["text"] == "It began."
    assert translation_status(english)[:3] == ("ms", "complete", frozenset())


def test_only_a_translation_changes(load, folder):
    load()
    folder.replace("en/roles.yaml", "To administer two Acts;", "Administering two Acts;")
    output = load()
    assert "0 created, 1 updated, 11 unchanged" in output
    assert instance(Role, "en").text == "Administering two Acts;"


def test_sections_and_children_are_added_removed_and_reordered(load, folder):
    load()
    phone = instance(Organisation).phones.get()
    folder.write(
        "ms/organisations.yaml",
        """
        pejabat:
          name: Pejabat
          short_name: PJ
          phones:
            faks:
              number: 03-1
            utama:
              label: Am
              number: 1-300-22-8001
        """,
    )
    load()
    phones = list(instance(Organisation).phones.all())
    assert [item.number for item in phones] == ["03-1", "1-300-22-8001"]
    assert phones[1].pk == phone.pk
    assert not instance(Organisation).navigation.exists()
    english = [item.number for item in instance(Organisation, "en").phones.all()]
    assert english == ["03-1", "1-300-22-8001"]
    assert not instance(Organisation, "en").navigation.exists()


def test_an_edited_snippet_is_left_alone_unless_overwrite_is_given(load, folder):
    load()
    publish(instance(Act, number=4), title="Disunting 1969")
    folder.replace("ms/acts.yaml", "Akta Empat", "Akta 4")
    before = counts()

    output = load()

    assert "edited" in outcome(output, "ms acts/akta-4")
    assert "its source was left alone" in outcome(output, "en acts/akta-4")
    assert "2 left alone" in output
    assert instance(Act, number=4).title == "Disunting 1969"
    assert instance(Act, "en", number=4).title == "Act Four 1969"
    assert counts() == before

    output = load("--overwrite")

    assert outcome(output, "ms acts/akta-4") == "updated"
    assert instance(Act, number=4).title == "Akta 4 1969"
    assert "0 created, 0 updated, 12 unchanged" in load()


@pytest.mark.parametrize("model", [ProfilePage, Role])
def test_a_draft_counts_as_an_edit(load, folder, model):
    load()
    thing = instance(model)
    thing.summary = thing.text = "draf"
    thing.save_revision()
    folder.replace("ms/profile_pages.yaml", "title: Profil", "title: Profil kami")
    folder.replace("ms/roles.yaml", "Mentadbir", "Mentadbir semua")

    output = load()

    assert output.count("edited since it was loaded") == 1
    thing.refresh_from_db()
    assert thing.has_unpublished_changes
    assert instance(ProfilePage).title == ("Profil" if model is ProfilePage else "Profil kami")


def test_an_unpublished_or_locked_entry_is_left_alone(load, folder):
    load()
    instance(Role).unpublish()
    Act.objects.filter(pk=instance(Act, number=4).pk).update(locked=True)
    folder.replace("ms/acts.yaml", "Akta Empat", "Akta 4")
    folder.replace("ms/roles.yaml", "Mentadbir", "Mentadbir semua")
    output = load()
    assert "4 left alone" in output
    assert not instance(Role).live


def test_a_translators_string_is_left_alone_published_or_not(load, folder):
    load()
    string = StringTranslation.objects.get(data="To administer two Acts;")
    string.data, string.tool_name = "Mine", ""
    string.save()
    folder.replace("en/roles.yaml", "To administer", "Administering")
    folder.replace("ms/roles.yaml", "sort_order: 1", "sort_order: 2")

    output = load()

    assert outcome(output, "ms roles/satu") == "updated"
    assert "edited" in outcome(output, "en roles/satu")
    string.refresh_from_db()
    assert string.data == "Mine"
    assert instance(Role, "en").text == "To administer two Acts;"

    load("--overwrite")

    assert instance(Role, "en").text == "Administering two Acts;"
    assert "0 created, 0 updated, 12 unchanged" in load()


def test_a_string_that_a_translator_removed_or_overrode_is_left_alone(load, folder):
    load()
    StringTranslation.objects.get(data="To administer two Acts;").delete()
    SegmentOverride.objects.create(
        locale=Locale.objects.get(language_code="en"),
        context=TranslationContext.objects.get(
            object_id=instance(Act, number=4).translation_key, path="title"
        ),
        data_json=json.dumps("x"),
    )
    folder.replace("en/roles.yaml", "To administer", "Administering")
    folder.replace("en/acts.yaml", "Act Four", "Act 4")
    output = load()
    assert "edited" in outcome(output, "en roles/satu")
    assert "edited" in outcome(output, "en acts/akta-4")


def test_a_deleted_page_is_not_recreated(load):
    load()
    instance(ProfilePage).delete()
    output = load()
    assert "deleted" in outcome(output, "ms profile_pages/profil")
    assert not ProfilePage.objects.filter(locale__language_code="ms").exists()

    output = load("--overwrite")

    assert outcome(output, "ms profile_pages/profil") == "created"
    assert instance(ProfilePage).live


def test_references_to_deleted_entries_are_reported(load, folder):
    load()
    for organisation in Organisation.objects.all():
        organisation.delete()
    line = folder.replace(
        "ms/profile_pages.yaml", "organisation: pejabat", "organisation: pejabat "
    )
    folder.replace("ms/profile_pages.yaml", "title: Profil", "title: Profil kami")
    before = counts()

    with pytest.raises(CommandError) as error:
        load()

    assert f"content/ms/profile_pages.yaml:{line}: organisations/pejabat was deleted" in str(
        error.value
    )
    assert counts() == before


def test_an_existing_site_stays(load):
    home = Page.get_first_root_node().add_child(instance=Page(title="x", slug="x"))
    Site.objects.all().delete()
    Site.objects.create(hostname="example.org", root_page=home, is_default_site=True)
    load()
    assert Site.objects.get().hostname == "example.org"


def test_a_language_that_the_project_lacks_is_skipped(load, folder):
    folder.write("ta/acts.yaml", "anything: [")
    output = load()
    assert "ta: skipped" in output
    assert "12 created" in output
