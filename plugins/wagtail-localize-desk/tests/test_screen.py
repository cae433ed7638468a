"""The translator's screen: what it shows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    BODY,
    HEADING,
    POINT_TEXT,
    body,
    published_article,
    published_topic,
    republish,
    string_at,
    strings,
    submit,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.people import browser_of, member, translator_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.models import State

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(user):
    return browser_of(user)


@pytest.fixture
def admin(client):
    admin = User.objects.create_superuser("Chandra", password="x")
    speak_english(admin)
    client.force_login(admin)
    return admin


def open_screen(client, article, en, query: str = "") -> Screen:
    return Screen(client, target_of(article, en), query)


def test_all_strings_are_there_in_the_order_of_the_editor(client, user, article, en):
    screen = open_screen(client, article, en)
    assert screen.names == [
        "1. Title",
        "2. Intro",
        "3. Slug",
        # The article's editor has no panel for its body, which has to be translated all the same.
        "4. Section › Heading",
        "5. Section › Body",
        "6. Section › Body",
        "7. Section › Points › Text",
    ]


def test_texts_have_their_language(client, user, article, en):
    screen = open_screen(client, article, en)
    row = screen.row(string_at(article, en, HEADING))
    source = row.select_one("[data-desk-string-target=source]")
    assert (source["lang"], source["dir"], source.get_text()) == ("ms", "ltr", "Tajuk")
    field = row.textarea
    assert (field["lang"], field["dir"], field["spellcheck"]) == ("en", "ltr", "true")


def test_every_control_says_which_string_it_acts_on(client, user, article, en):
    translate(article, en)
    html = open_screen(client, article, en).html
    rows = html.select("[data-controller=desk-string]")
    assert len(rows) == 7
    for row in rows:
        name = row.h4["id"]
        assert row["aria-labelledby"] == name
        for control in row.select("textarea, button, a"):
            labelled = control.get("aria-labelledby", "").split()
            text = row.h4.get_text(strip=True)
            assert name in labelled or text in control.get("aria-label", ""), control
        for element in row.select("[aria-labelledby], [aria-describedby]"):
            for attribute in ("aria-labelledby", "aria-describedby"):
                for wanted in element.get(attribute, "").split():
                    assert html.find(id=wanted) is not None, wanted


def test_no_id_is_there_twice(client, user, article, en):
    ids = [tag["id"] for tag in open_screen(client, article, en).html.select("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_a_changed_source_shows_both_and_the_difference_and_keeps_the_translation(
    client, user, article, en
):
    translate(article, en, **{HEADING: "Rate of 1.75 per cent"})
    republish(article, body=body(heading="Kadar 1.75 peratus"))
    translate(article, en, BODY, POINT_TEXT, **{HEADING: "Rate of 1.75 per cent"})
    republish(article, body=body(heading="Kadar 2.00 peratus"))
    screen = open_screen(client, article, en)
    row = screen.row(string_at(article, en, HEADING))
    assert screen.text(string_at(article, en, HEADING)) == "Rate of 1.75 per cent"
    assert "The source has changed" in row.get_text()
    difference = row.select_one(".desk-string__difference")
    assert difference["lang"] == "ms"
    removed, added = difference.find("del"), difference.find("ins")
    assert removed.get_text() == "removed: 1.75"
    assert added.get_text() == "added: 2.00"
    assert row.select_one(".desk-string__before .desk-string__text").get_text() == (
        "Kadar 1.75 peratus"
    )
    assert row.select_one("[data-desk-string-target=source]").get_text() == "Kadar 2.00 peratus"


def test_tags_are_protected_pieces(client, user, article, en):
    republish(article, intro='<p>Lihat <a href="https://a.test/">Akta 4</a> <b>kini</b></p>')
    row = open_screen(client, article, en).row(string_at(article, en, "intro"))
    assert row.select_one("[data-desk-string-target=source]").get_text() == (
        "Lihat {1}Akta 4{/1} {2}kini{/2}"
    )
    assert [piece.get_text() for piece in row.select(".desk-string__piece")] == [
        "{1}…{/1}",
        "{2}…{/2}",
    ]
    assert "Link “Akta 4” → https://a.test/" in row.get_text()


def test_who_wrote_it_when_and_by_what(client, user, article, en, admin):
    translate(article, en)
    StringTranslation.objects.filter(context__path=HEADING).update(last_translated_by=admin)
    screen = open_screen(client, article, en)
    screen.save(string_at(article, en, HEADING), "Heading")
    row = open_screen(client, article, en).row(string_at(article, en, HEADING))
    assert "Chandra, By hand" in row.select_one(".desk-string__who").get_text(" ", strip=True)
    assert row.time["datetime"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?state=untranslated", ["1. Title", "2. Intro", "3. Slug"]),
        ("?state=translated", ["5. Section › Body", "6. Section › Body"]),
        ("?state=stale", ["4. Section › Heading"]),
        ("?state=needs_review", ["4. Section › Heading"]),
        ("?q=DUA", ["6. Section › Body"]),
        ("?q=en+satu", ["5. Section › Body"]),
        ("?q=nowhere", []),
    ],
)
def test_filters(client, user, article, en, query, shown):
    translate(article, en, "title", "intro", "slug", POINT_TEXT)
    republish(article, body=body(heading="Tajuk baharu"))
    found = open_screen(client, article, en, query).names
    assert [name for name in found if not name.startswith("7.")] == shown


def test_progress_is_in_words_of_the_source(client, user, article, en):
    translate(article, en, "title", "intro", "slug")
    republish(article, body=body(heading="Tajuk baharu ini"))
    html = open_screen(client, article, en).html
    words = {
        tag["data-state"]: tag.get_text() for tag in html.select("[data-desk-screen-target=words]")
    }
    assert words == {
        "untranslated": "3",
        "needs_review": "3",
        "translated": "3",
        "approved": "0",
    }


def test_values_that_are_no_strings_are_there_too(client, admin, home, english_home, en, ms):
    topic = published_topic(ms)
    article = published_article(home, topic=topic, intro='<p><a href="/x/">y</a></p>')
    submit(article, en)
    html = open_screen(client, article, en).html
    link = html.select_one(".desk-value input")
    assert link["value"] == "/x/"
    assert "Topik" in html.get_text()
    related = next(tag for tag in html.select(".desk-value") if "Topik" in tag.get_text())
    assert "still to do" in related.get_text()


def test_a_snippet_has_the_same_screen(client, admin, ms, en):
    topic = published_topic(ms)
    republish(topic, email="a@a.test")
    submit(topic, en)
    screen = open_screen(client, topic, en)
    assert screen.names == ["1. Name", "2. Topic link › Label"]
    screen.save(string_at(topic, en, "name"), "Topic")
    assert string_at(topic, en, "name").words == "Topic"


def test_a_translation_from_before_the_desk_gets_its_states_when_it_is_opened(
    client, user, article, en
):
    translate(article, en)
    strings(article, en).first().changes.model._base_manager.all()._raw_delete("default")
    strings(article, en)._raw_delete("default")
    screen = open_screen(client, article, en)
    assert len(screen.names) == 7
    assert string_at(article, en, HEADING).state == State.TRANSLATED


def test_all_that_upstreams_editor_can_do_is_there(client, admin, article, en):
    html = open_screen(client, article, en).html
    translation, target = translation_of(article, en), target_of(article, en)
    addresses = {tag.get("href", "").partition("?")[0] for tag in html.select("a")} | {
        tag.get("action") or tag.get("formaction") for tag in html.select("form, button")
    }
    for name, key in (
        ("wagtail_localize_desk:upload", translation.pk),
        ("wagtail_localize:stop_translation", translation.pk),
        ("wagtail_localize:preview_translation", translation.pk),
        ("wagtail_localize:convert_to_alias", target.pk),
        ("wagtailadmin_pages:lock", target.pk),
        ("wagtailadmin_pages:delete", target.pk),
        ("wagtailadmin_pages:edit", article.pk),
    ):
        assert reverse(name, args=[key]) in addresses, name
    assert reverse("wagtail_localize_desk:export", args=[translation.pk, "po"]) in addresses
    assert html.select_one("button[name=action][value=publish]") is not None


def test_a_snippet_is_previewed_as_it_will_be(client, user, home, english_home, en):
    topic = published_topic(home.locale)
    submit(topic, en)
    url = reverse("wagtail_localize:preview_translation", args=[translation_of(topic, en).pk])
    assert url in str(open_screen(client, topic, en).html.select_one("iframe"))
    assert client.get(url).content.decode() == "<h1>Topik</h1>"
    translate(topic, en, name="Topic")
    answer = client.get(url)
    assert answer.content.decode() == "<h1>Topic</h1>"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get(f"{url}other/").status_code == 404
    assert browser_of(member()).get(url).status_code == 302
    assert target_of(topic, en).name == "Topik"


def test_machine_translation_is_offered_where_it_is_set_up(client, admin, article, en, settings):
    url = reverse("wagtail_localize:machine_translate", args=[translation_of(article, en).pk])
    assert open_screen(client, article, en).html.find(action=url) is None
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"
    }
    html = open_screen(client, article, en).html
    assert html.find(action=url) is not None


def test_a_translator_has_no_main_button_that_destroys(client, user, article, en):
    translate(article, en)
    footer = open_screen(client, article, en).html.select_one(".desk-footer")
    for tag in footer.select("[data-w-dropdown-target=content]"):
        tag.decompose()
    labels = [tag.get_text(strip=True) for tag in footer.select("button, a")]
    assert "Save all" in labels
    assert "Delete" not in footer.get_text()
    assert "Stop" not in footer.get_text()


def test_publishing_goes_through_the_engine(client, admin, article, en):
    translate(article, en)
    target = target_of(article, en)
    client.post(reverse("wagtailadmin_pages:edit", args=[target.pk]), {"action": "publish"})
    assert target_of(article, en).live


def test_who_may_not_change_the_target_sees_nothing(client, article, en, home):
    client.force_login(translator_of(home))
    response = client.get(reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk]))
    assert response.status_code == 302


def many_paragraphs(count: int) -> str:
    return "".join(f"<p>Perenggan {number}</p>" for number in range(count))


@pytest.mark.parametrize("count", [20, 200])
def test_a_screen_opens_with_the_same_few_queries(
    client, user, home, english_home, en, count, django_assert_max_num_queries
):
    article = published_article(home, body=body(text=many_paragraphs(count)))
    submit(article, en)
    translate(article, en)
    republish(article, body=body(heading="Lain", text=many_paragraphs(count)))
    url = reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    client.get(url)
    with django_assert_max_num_queries(40) as queries:
        response = client.get(url)
    assert response.content.count(b'data-controller="desk-string"') == count + 5
    assert len(queries) == QUERIES.setdefault("open", len(queries))


#: What the first of several tests found, which the others find again.
QUERIES: dict[str, int] = {}
