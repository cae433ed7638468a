"""References to Acts in rich text: stored as references, shown as titles, listed as usage."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission, User
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import Locale, ReferenceIndex
from wagtail_localize.models import String, StringTranslation, Translation, TranslationSource

from cms.pages.models import HomePage
from cms.snippets.act_reference import content_language
from cms.snippets.act_reference.link_handler import ActReferenceHandler
from cms.snippets.act_reference.titles import public_acts
from cms.snippets.models import Act
from tests.factories import ActFactory, HomePageFactory, ProfilePageFactory, SiteFactory
from tests.html_forms import forms_in
from tests.snippets.forms import submit

FEATURES = ["bold", "italic", "ul", "link", "act-reference"]


def reference(act: Act | str, words: str = "akta itu") -> str:
    """A reference as stored in the database."""
    key = act.translation_key if isinstance(act, Act) else act
    return f'<a linktype="act" id="{key}">{words}</a>'


def translated(act: Act, locale: Locale, title: str, *, live: bool = True) -> Act:
    """A translation of `act`."""
    return ActFactory(
        locale=locale,
        translation_key=act.translation_key,
        title=title,
        number=act.number,
        year=act.year,
        live=live,
    )


@pytest.fixture
def act(malay: Locale) -> Act:
    return ActFactory(locale=malay, title="Akta Keselamatan Sosial Pekerja 1969")


@pytest.fixture
def english_act(act: Act, english: Locale) -> Act:
    return translated(act, english, "Employees' Social Security Act 1969")


# The translation that is shown


def test_an_act_is_shown_in_the_requested_language(act: Act, english_act: Act) -> None:
    assert list(public_acts("ms")) == [act]
    assert list(public_acts("en")) == [english_act]


def test_without_a_translation_the_source_is_shown(act: Act, english: Locale) -> None:
    tamil = Locale.objects.create(language_code="ta")
    translated(act, english, "Act")
    assert list(public_acts("ta")) == [act]
    assert list(public_acts("zh-hans")) == [act]
    tamil_act = translated(act, tamil, "சட்டம்")
    assert list(public_acts("ta")) == [tamil_act]


def test_one_of_several_other_languages_is_shown(act: Act, english: Locale) -> None:
    tamil = Locale.objects.create(language_code="ta")
    Act.objects.filter(pk=act.pk).update(live=False)
    first = translated(act, tamil, "சட்டம்")
    translated(act, english, "Act")
    assert list(public_acts("zh-hans")) == [first]


def test_drafts_are_never_shown(act: Act, english: Locale) -> None:
    draft = translated(act, english, "Draft", live=False)
    assert list(public_acts("en")) == [act]
    Act.objects.filter(pk=act.pk).update(live=False)
    assert draft not in public_acts("en")
    assert not public_acts("en").exists()


# The target of a reference


def test_instance_is_found_by_translation_key(act: Act, english_act: Act) -> None:
    assert ActReferenceHandler.get_instance({"id": str(act.translation_key)}) == act


def test_instance_does_not_depend_on_the_active_language(act: Act, english_act: Act) -> None:
    for language in ("ms", "en", "ta"):
        with translation.override(language):
            assert ActReferenceHandler.get_instance({"id": str(act.translation_key)}) == act


def test_a_published_translation_comes_before_a_draft_source(act: Act, english_act: Act) -> None:
    Act.objects.filter(pk=act.pk).update(live=False)
    assert ActReferenceHandler.get_instance({"id": str(act.translation_key)}) == english_act
    Act.objects.filter(pk=english_act.pk).update(live=False)
    assert ActReferenceHandler.get_instance({"id": str(act.translation_key)}) == act


@pytest.mark.parametrize(
    "attributes", [{}, {"id": ""}, {"id": "1"}, {"id": "x" * 300}, {"id": str(uuid4())}]
)
def test_unknown_references_raise_does_not_exist(act: Act, attributes: dict[str, str]) -> None:
    with pytest.raises(Act.DoesNotExist):
        ActReferenceHandler.get_instance(attributes)
    assert ActReferenceHandler.get_many([attributes]) == [None]


def test_many_keep_their_order(act: Act) -> None:
    other = ActFactory()
    attributes = [{"id": str(other.translation_key)}, {"id": "?"}, {"id": str(act.translation_key)}]
    assert ActReferenceHandler.get_many(attributes) == [other, None, act]


# Templates


def rendered(html: str, language: str) -> str:
    with translation.override(language):
        template = Template("{% load wagtailcore_tags %}{{ text|richtext }}")
        return template.render(Context({"text": html}))


def test_readers_see_the_title_in_their_language(act: Act, english_act: Act) -> None:
    html = f"<p>Di bawah {reference(act)} sahaja.</p>"
    attributes = f'data-type="act" data-id="{act.translation_key}"'
    assert rendered(html, "ms") == f"<p>Di bawah <a {attributes}>{act.title}</a> sahaja.</p>"
    title = "Employees&#x27; Social Security Act 1969"
    assert rendered(html, "en") == f"<p>Di bawah <a {attributes}>{title}</a> sahaja.</p>"


def test_a_title_in_another_language_is_marked(act: Act) -> None:
    attributes = f'data-type="act" data-id="{act.translation_key}" lang="ms"'
    assert rendered(reference(act), "en") == f"<a {attributes}>{act.title}</a>"


def test_a_rename_shows_everywhere(act: Act) -> None:
    html = f"<p>{reference(act)}</p><ul><li>{reference(act, '<b>lama</b>')}</li></ul>"
    act.title = "Akta Baharu 2030"
    act.save_revision().publish()
    shown = rendered(html, "ms")
    assert shown.count(">Akta Baharu 2030</a>") == 2
    assert "akta itu" not in shown
    assert "lama" not in shown


@pytest.mark.parametrize("how", ["draft", "deleted", "nonsense"])
def test_an_act_that_is_not_public_leaves_the_words_of_the_text(act: Act, how: str) -> None:
    link = '<a href="https://www.perkeso.gov.my">pautan</a>'
    key = "x" if how == "nonsense" else act
    html = f"<p>Satu {reference(key)}, {reference(key, '<b>lama</b>')} {link}</p>"
    if how == "deleted":
        act.delete()
    else:
        Act.objects.filter(pk=act.pk).update(live=False, title="RAHSIA")
    assert rendered(html, "ms") == f"<p>Satu akta itu, <b>lama</b> {link}</p>"


def test_a_title_is_text_and_not_html(act: Act) -> None:
    act.title = '"A" & <b>B</b> <script>alert(1)</script> data-title="C">'
    act.save_revision().publish()
    shown = rendered(reference(act), "ms")
    assert "<b>" not in shown
    assert "<script>" not in shown
    assert shown.endswith(
        "&quot;A&quot; &amp; &lt;b&gt;B&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt; "
        "data-title=&quot;C&quot;&gt;</a>"
    )


def test_text_without_references_is_unchanged(act: Act) -> None:
    html = '<p data-block-key="a1">Teks &amp; <a href="https://x.test/?a=1&amp;b=2">pautan</a>.</p>'
    assert rendered(html, "ms") == html


def test_any_number_of_references_takes_one_query(act: Act, django_assert_num_queries: Any) -> None:
    html = "".join(reference(ActFactory()) for _ in range(10))
    with django_assert_num_queries(1):
        rendered(html, "en")


# The API


def published_intro(page: HomePage) -> dict[str, str]:
    response = Client().get(
        f"/api/v1/pages/{page.translation_key}", {"locale": page.locale.language_code}
    )
    assert response.status_code == 200
    return response.json()["intro"]


@pytest.fixture
def homes(act: Act, malay: Locale, english: Locale) -> tuple[HomePage, HomePage]:
    """The published home pages of both languages, each with a reference to the Act."""
    home = HomePageFactory(locale=malay, intro=f"<p>Lihat {reference(act)}.</p>")
    english_home = HomePageFactory(
        locale=english,
        translation_key=home.translation_key,
        intro=f"<p>See {reference(act)}.</p>",
    )
    SiteFactory(root_page=home)
    for page in (home, english_home):
        page.save_revision().publish()
    return home, english_home


def test_the_api_shows_the_title_in_the_documents_language(
    english_act: Act, act: Act, homes: tuple[HomePage, HomePage]
) -> None:
    attributes = f'data-type="act" data-id="{act.translation_key}"'
    home, english_home = homes
    assert published_intro(home) == {
        "html": f"<p>Lihat <a {attributes}>{act.title}</a>.</p>",
        "text": f"Lihat {act.title}.",
    }
    assert published_intro(english_home)["text"] == f"See {english_act.title}."


def test_a_rename_shows_in_the_api(
    english_act: Act, act: Act, homes: tuple[HomePage, HomePage]
) -> None:
    act.title = "Akta Baharu 2030"
    act.save_revision().publish()
    assert published_intro(homes[0])["text"] == "Lihat Akta Baharu 2030."
    assert published_intro(homes[1])["text"] == f"See {english_act.title}."


def test_a_translation_published_later_replaces_the_source(
    act: Act, english: Locale, homes: tuple[HomePage, HomePage]
) -> None:
    assert f'lang="ms">{act.title}</a>' in published_intro(homes[1])["html"]
    english_act = translated(act, english, "Act 4", live=False)
    assert act.title in published_intro(homes[1])["text"]
    english_act.save_revision().publish()
    assert published_intro(homes[1])["text"] == "See Act 4."
    english_act.refresh_from_db()
    english_act.unpublish()
    assert published_intro(homes[1])["text"] == f"See {act.title}."


def test_the_api_shows_the_words_of_the_text_in_place_of_an_unpublished_act(
    act: Act, homes: tuple[HomePage, HomePage]
) -> None:
    before = [published_intro(page) for page in homes]
    act.unpublish()
    act.title = "Akta Rahsia"
    act.save_revision()
    for page, shown in zip(homes, before, strict=True):
        words = shown["text"].replace("Akta Keselamatan Sosial Pekerja 1969", "akta itu")
        assert published_intro(page) == {"html": f"<p>{words}</p>", "text": words}
    act.save_revision().publish()
    assert "Akta Rahsia" in published_intro(homes[0])["text"]


# The editor


def loaded(html: str) -> dict[str, Any]:
    return json.loads(ContentstateConverter(FEATURES).from_database_format(html))


def stored(state: dict[str, Any]) -> str:
    return ContentstateConverter(FEATURES).to_database_format(json.dumps(state))


def entity(state: dict[str, Any]) -> dict[str, Any]:
    [found] = state["entityMap"].values()
    return found


def marked_text(state: dict[str, Any]) -> list[str]:
    """The text of each entity."""
    return [
        block["text"][marked["offset"] : marked["offset"] + marked["length"]]
        for block in state["blocks"]
        for marked in block["entityRanges"]
    ]


def test_the_editor_shows_the_current_title(act: Act) -> None:
    state = loaded(f"<p>Di bawah {reference(act)} sahaja.</p>")
    assert state["blocks"][0]["text"] == f"Di bawah {act.title} sahaja."
    assert marked_text(state) == [act.title]
    found = entity(state)
    assert found["type"] == "ACT"
    assert found["mutability"] == "IMMUTABLE"
    assert found["data"]["id"] == str(act.translation_key)
    assert found["data"]["editUrl"].endswith(f"/edit/{act.pk}/")
    assert "problem" not in found["data"]


def test_saving_without_changes_changes_nothing(act: Act) -> None:
    html = (
        f'<p data-block-key="a1">Lihat {reference(act)}, {reference(act, "lagi &amp; lagi")} dan '
        f'<b>{reference(act)}</b>.</p><ul><li data-block-key="a2">{reference(act)}</li></ul>'
    )
    assert stored(loaded(html)) == html
    act.title = "Akta Baharu yang jauh lebih panjang tajuknya 2030"
    act.save_revision().publish()
    assert marked_text(loaded(html)) == [act.title] * 4
    # Otherwise a rename would make the translation of every such sentence outdated.
    assert stored(loaded(html)) == html


def test_styles_surround_the_whole_title(act: Act) -> None:
    for html in (
        f"<p>{reference(act, '<b><i>akta</i></b>')} ini</p>",
        f"<p><i><b>{reference(act, 'akta')}</b></i> ini</p>",
    ):
        state = loaded(html)
        ranges = {
            (style["style"], style["offset"], style["length"])
            for style in state["blocks"][0]["inlineStyleRanges"]
        }
        assert ranges == {("BOLD", 0, len(act.title)), ("ITALIC", 0, len(act.title))}
        assert f"<b><i>{reference(act, 'akta')}</i></b> ini" in stored(state)


def test_a_style_on_part_of_the_old_title_is_dropped(act: Act) -> None:
    state = loaded(f"<p><b>Lihat</b> {reference(act, 'akta <b>itu</b>')} <i>ini</i></p>")
    styled = {
        state["blocks"][0]["text"][style["offset"] : style["offset"] + style["length"]]
        for style in state["blocks"][0]["inlineStyleRanges"]
    }
    assert styled == {"Lihat", "ini"}


def test_a_style_on_part_of_a_new_reference_is_dropped(act: Act) -> None:
    state = loaded(f"<p>{reference(act)}</p>")
    del entity(state)["data"]["words"]
    state["blocks"][0]["inlineStyleRanges"] = [{"style": "BOLD", "offset": 0, "length": 4}]
    assert f">{reference(act, act.title)}</p>" in stored(state)


def test_spaces_around_a_reference_stay(act: Act) -> None:
    for words in ("", " ", "akta", " akta ", "akta\n itu"):
        state = loaded(f"<p>{reference(act, words)} dan <b>x</b> {reference(act, words)} .</p>")
        text = state["blocks"][0]["text"].replace(act.title, "T")
        assert " ".join(text.split()) == "T dan x T ."
        assert marked_text(state) == [act.title] * 2


def test_a_new_reference_is_stored_with_its_title(act: Act) -> None:
    # As the editor's script creates it, without data from the server.
    state = {
        "blocks": [
            {
                "key": "a1",
                "type": "unstyled",
                "depth": 0,
                "text": f"Lihat {act.title}.",
                "inlineStyleRanges": [],
                "entityRanges": [{"key": 0, "offset": 6, "length": len(act.title)}],
            }
        ],
        "entityMap": {
            "0": {
                "type": "ACT",
                "mutability": "IMMUTABLE",
                "data": {"id": str(act.translation_key), "title": act.title, "editUrl": "/x/"},
            }
        },
    }
    assert stored(state) == f'<p data-block-key="a1">Lihat {reference(act, act.title)}.</p>'


@pytest.mark.parametrize("identity", [None, "", "7", 7, {"a": 1}, '"><script>'])
def test_an_invalid_translation_key_is_not_stored(act: Act, identity: Any) -> None:
    state = loaded(f"<p>Lihat {reference(act)}.</p>")
    entity(state)["data"]["id"] = identity
    html = stored(state)
    assert "<a" not in html
    assert "script" not in html
    assert html.endswith(f"Lihat {act.title}.</p>")


def test_the_hint_is_text_and_not_html(act: Act) -> None:
    state = loaded(f"<p>Lihat {reference(act)}.</p>")
    entity(state)["data"]["words"] = "<script>alert(1)</script>"
    assert "<script>" not in stored(state)


def test_a_deleted_act_leaves_its_title_and_a_warning(act: Act) -> None:
    html = f'<p data-block-key="a1">Lihat {reference(act)}.</p>'
    act.delete()
    state = loaded(html)
    assert marked_text(state) == ["akta itu"]
    assert entity(state)["data"]["problem"]
    assert stored(state) == html


def test_a_draft_act_leaves_the_title_and_a_warning(act: Act) -> None:
    html = f'<p data-block-key="a1">Lihat {reference(act)}.</p>'
    Act.objects.filter(pk=act.pk).update(live=False, title="Rahsia")
    state = loaded(html)
    assert marked_text(state) == ["akta itu"]
    assert entity(state)["data"]["problem"]
    assert entity(state)["data"]["editUrl"].endswith(f"/edit/{act.pk}/")
    assert stored(state) == html


@pytest.mark.parametrize("attributes", ["", ' id=""', ' id="7"'])
def test_a_broken_reference_does_not_break_the_editor(act: Act, attributes: str) -> None:
    state = loaded(f'<p>Lihat <a linktype="act"{attributes}>akta itu</a>.</p>')
    assert state["blocks"][0]["text"] == "Lihat akta itu."
    assert stored(state).endswith("Lihat akta itu.</p>")


def editor_state(client: Client, page: HomePage) -> dict[str, Any]:
    """The initial state of the introduction's editor in the edit form."""
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    form = next(form for form in forms_in(response.content.decode()) if "intro" in form)
    return json.loads(form.values["intro"])


def test_the_edit_form_shows_titles_in_the_language_of_the_text(
    admin: Client, act: Act, english_act: Act, malay: Locale, english: Locale
) -> None:
    # The interface is Malay in both cases.
    for locale, title in ((malay, act.title), (english, english_act.title)):
        page = HomePageFactory(locale=locale, intro=f"<p>{reference(act)}</p>")
        assert marked_text(editor_state(admin, page)) == [title]
        assert content_language.content_language() == "ms"


def test_other_forms_show_titles_in_the_source_language(act: Act, english_act: Act) -> None:
    with translation.override("en"):
        assert marked_text(loaded(reference(act))) == [act.title]


def test_saving_the_edit_form_stores_the_reference(admin: Client, act: Act) -> None:
    page = HomePageFactory(intro=f'<p data-block-key="a1">Lihat {reference(act)}.</p>')
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = submit(admin, address, {"title": "Utama"}, "action-publish")
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.title == "Utama"
    assert page.intro == f'<p data-block-key="a1">Lihat {reference(act)}.</p>'


# Usage


def used_by(act: Act) -> set[int]:
    return {
        int(pk) for pk in ReferenceIndex.get_references_to(act).values_list("object_id", flat=True)
    }


def page_that_refers_to(act: Act, locale: Locale | None = None) -> HomePage:
    return HomePageFactory(
        locale=locale or Locale.get_default(), intro=f"<p>Lihat {reference(act)}</p>"
    )


def test_every_translation_is_indexed_as_used(act: Act, english_act: Act) -> None:
    page = page_that_refers_to(act)
    assert used_by(act) == used_by(english_act) == {page.pk}
    page.intro = ""
    page.save()
    assert used_by(act) == used_by(english_act) == set()


def test_saving_again_keeps_the_same_entries(act: Act, english_act: Act) -> None:
    page = page_that_refers_to(act)
    before = set(ReferenceIndex.objects.values_list("pk", flat=True))
    page.save()
    assert set(ReferenceIndex.objects.values_list("pk", flat=True)) == before


def test_references_within_sections_are_indexed(act: Act) -> None:
    body = f"<p>{reference(act)}</p>"
    page = ProfilePageFactory(
        sections=[("text", {"heading": "Sejarah", "anchor": "sejarah", "body": body})]
    )
    assert used_by(act) == {page.pk}


def test_a_translation_created_later_is_indexed(act: Act, english: Locale) -> None:
    page = page_that_refers_to(act)
    english_act = act.copy_for_translation(english)
    english_act.save()
    assert used_by(english_act) == {page.pk}
    other = ActFactory(locale=english)
    assert used_by(other) == set()


def test_invalid_references_are_not_indexed(act: Act) -> None:
    HomePageFactory(intro='<p><a linktype="act" id="7">x</a> <a linktype="act">y</a></p>')
    assert used_by(act) == set()


def test_the_usage_page_lists_the_page(admin: Client, act: Act, english_act: Act) -> None:
    page = page_that_refers_to(act)
    for used in (act, english_act):
        address = reverse(Act.snippet_viewset.get_url_name("usage"), args=[used.pk])
        response = admin.get(address)
        assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in response.content.decode()


@pytest.mark.parametrize("view", ["delete", "unpublish"])
def test_removing_an_act_in_use_shows_a_warning(admin: Client, act: Act, view: str) -> None:
    address = reverse(Act.snippet_viewset.get_url_name(view), args=[act.pk])
    usage = reverse(Act.snippet_viewset.get_url_name("usage"), args=[act.pk])
    page_that_refers_to(act)
    response = admin.get(address)
    assert response.status_code == 200
    assert usage in response.content.decode()
    if view == "unpublish":
        assert response.context["usage_count"] == 1
    else:
        assert response.context["view"].usage.count() == 1


# Translation


def translate(page: HomePage, locale: Locale, strings: dict[str, str]) -> HomePage:
    """Translate `page` through wagtail-localize: source strings to their translations."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    job = Translation.objects.create(source=source, target_locale=locale)
    for text, translated_text in strings.items():
        string = String.objects.get(data=text, locale=page.locale)
        for segment in source.stringsegment_set.filter(string=string):
            StringTranslation.objects.create(
                translation_of=string, locale=locale, context=segment.context, data=translated_text
            )
    job.save_target(publish=False)
    translated_page = page.get_translation(locale)
    return translated_page.get_latest_revision_as_object()


def test_translators_may_reorder_references(
    act: Act, english_act: Act, malay: Locale, english: Locale
) -> None:
    other = ActFactory(locale=malay, title="Akta Insurans Pekerjaan 2017")
    translated(other, english, "Employment Insurance System Act 2017")
    page = HomePageFactory(
        locale=malay,
        intro=f"<p>{reference(act, 'satu')} sebelum <b>{reference(other, 'dua')}</b>.</p>",
    )
    strings = {
        '<a id="a1">satu</a> sebelum <b><a id="a2">dua</a></b>.': (
            '<b><a id="a2">two</a></b> after <a id="a1">one</a>.'
        )
    }
    english_page = translate(page, english, strings)
    [paragraph] = BeautifulSoup(english_page.intro, "html.parser")
    assert [(link.attrs, link.text) for link in paragraph.find_all("a")] == [
        ({"linktype": "act", "id": str(other.translation_key)}, "two"),
        ({"linktype": "act", "id": str(act.translation_key)}, "one"),
    ]
    assert paragraph.text == "two after one."
    shown = rendered(english_page.intro, "en")
    assert shown.index("Employment Insurance") < shown.index("Social Security")


def test_a_rename_leaves_translations_up_to_date(
    admin: Client, act: Act, malay: Locale, english: Locale
) -> None:
    page = HomePageFactory(locale=malay, intro=f"<p>Lihat {reference(act, 'akta')}.</p>")
    translate(page, english, {'Lihat <a id="a1">akta</a>.': 'See <a id="a1">act</a>.'})
    act.title = "Akta Baharu 2030"
    act.save_revision().publish()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert submit(admin, address, {}, "action-publish").status_code == 302
    page.refresh_from_db()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    job = source.translations.get()
    job.save_target(publish=False)
    english_page = page.get_translation(english).get_latest_revision_as_object()
    assert "See" in english_page.intro


# The chooser

CHOOSE = "act_reference_chooser:choose"


def offered(client: Client, **parameters: str) -> list[Act]:
    response = client.get(reverse(CHOOSE), parameters)
    assert response.status_code == 200
    return list(response.context["results"])


def test_each_published_act_is_offered_once_in_the_language_of_the_text(
    admin: Client, act: Act, english_act: Act, english: Locale
) -> None:
    malay_only = ActFactory()
    ActFactory(live=False, title="Draf")
    translated(malay_only, english, "Draft", live=False)
    assert set(offered(admin, locale="ms")) == {act, malay_only}
    assert set(offered(admin, locale="en")) == {english_act, malay_only}
    assert set(offered(admin, locale="tidak-ada")) == {act, malay_only}
    assert set(offered(admin)) == {act, malay_only}


@pytest.mark.parametrize(
    "words", ["Keselamatan", "PEKERJA keselam", "4", "aksp", "security Employees", " sosial  4 "]
)
def test_search_finds_only_acts_that_are_offered(
    admin: Client, act: Act, english_act: Act, words: str
) -> None:
    Act.objects.filter(pk=act.pk).update(number=4, abbreviation="AKSP")
    ActFactory(title="Akta Keselamatan Pekerja Security Employees", abbreviation="AKSP", live=False)
    ActFactory(title="Akta Lain")
    for name in (CHOOSE, "act_reference_chooser:choose_results"):
        response = admin.get(reverse(name), {"q": words, "locale": "ms"})
        assert list(response.context["results"]) == [act]
        response = admin.get(reverse(name), {"q": words, "locale": "en"})
        assert list(response.context["results"]) == [english_act]
    assert "locale=en" in admin.get(reverse(CHOOSE), {"locale": "en"}).context["results_url"]


@pytest.mark.parametrize("words", ["tiada", "9" * 30, "%", "_", "x" * 300, "'\""])
def test_a_search_without_results_shows_an_empty_list(admin: Client, act: Act, words: str) -> None:
    response = admin.get(reverse("act_reference_chooser:choose_results"), {"q": words})
    assert response.status_code == 200
    if len(words) < 256:
        assert not response.context["results"]


def test_the_chooser_explains_that_drafts_are_not_listed(admin: Client, act: Act) -> None:
    ActFactory(live=False)
    html = json.loads(admin.get(reverse(CHOOSE)).content)["html"]
    with translation.override("ms"):
        assert translation.gettext("Acts that are not published yet are not listed.") in html
    Act.objects.all().delete()
    html = json.loads(admin.get(reverse(CHOOSE)).content)["html"]
    with translation.override("ms"):
        text = "There is no published Act yet. Publish an Act, then refer to it here."
        assert translation.gettext(text) in html


def test_the_chooser_returns_the_translation_key(admin: Client, act: Act) -> None:
    response = admin.get(reverse("act_reference_chooser:chosen", args=[act.pk]))
    assert json.loads(response.content) == {
        "step": "chosen",
        "result": {
            "id": str(act.translation_key),
            "title": act.title,
            "editUrl": reverse(Act.snippet_viewset.get_url_name("edit"), args=[act.pk]),
        },
    }


def test_a_draft_cannot_be_chosen(admin: Client) -> None:
    draft = ActFactory(live=False)
    response = admin.get(reverse("act_reference_chooser:chosen", args=[draft.pk]), follow=True)
    assert response.status_code == 404


def test_only_editors_may_open_the_chooser(client: Client, act: Act) -> None:
    addresses = [reverse(CHOOSE), reverse("act_reference_chooser:chosen", args=[act.pk])]
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(User.objects.create_user("orang"))
    for address in addresses:
        assert client.get(address).status_code == 302
    editors = Group.objects.create(name="editor")
    rights = ("access_admin", "view_act")
    editors.permissions.set(Permission.objects.filter(codename__in=rights))
    User.objects.get(username="orang").groups.add(editors)
    for address in addresses:
        assert client.get(address).status_code == 200
