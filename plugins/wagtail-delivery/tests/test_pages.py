"""Pages of every kind: their documents and addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Site

from tests import samples
from tests.stored import body_of, differences, document_of, members_of, route_to
from tests.test_blocks import card, plain_card
from tests.test_fields import RICH
from tests.testapp import models as app
from wagtail_delivery.compiler.documents import compile_instance
from wagtail_delivery.content.snapshot import SiteSnapshot

pytestmark = pytest.mark.django_db


def meta_of(page: Page) -> dict[str, Any]:
    return body_of(page)["meta"]


def test_the_whole_document_of_a_page(home: Page) -> None:
    page = samples.event_page(home)
    body = body_of(page)
    image, thumbnail, meta = body.pop("image"), body.pop("thumbnail"), body.pop("meta")
    topic = plain_card(app.PlainTopic.objects.get())
    full_topic = app.FullTopic.objects.get()
    assert body == {
        "id": str(page.translation_key),
        "type": "event_page",
        "locale": "en",
        "title": "Fair & square",
        "path": "/fair/",
        "event_page_type": "talk",
        "summary": "Write to info (at) example.org & ask",
        "date": "2026-02-01",
        "body": RICH,
        "topic": topic,
        "full_topics": [card(full_topic, "full_topic", slug="everything", full_topic_type="a")],
        "tags": ["Art", "walk"],
        "sessions": [
            {
                "name": "First",
                "speakers": [
                    {
                        "name": "Aminah",
                        "email": {"user": "aminah", "domain": "example.org"},
                        "topic": topic,
                    }
                ],
            },
            {"name": "Second", "speakers": []},
        ],
        "siblings_count": 0,
        "site_phone": "",
        "full_url": "http://localhost/fair/",
    }
    assert (image["title"], thumbnail["width"]) == ("A picture", 4)
    version = meta.pop("version")
    assert version == document_of(page).etag
    published = [parse_datetime(meta.pop(f"{name}_published_at")) for name in ("first", "last")]
    assert published == [page.first_published_at, page.last_published_at]
    home_id = str(home.translation_key)
    assert meta == {
        "slug": "fair",
        "site": "localhost:80",
        "parent": home_id,
        "show_in_menus": True,
        "seo": {"title": "Fair", "description": "What it is about"},
        "breadcrumbs": [{"id": home_id, "title": "Home", "path": "/"}],
        "alternates": [{"locale": "en", "path": "/fair/"}],
        "translation": {
            "source_locale": "en",
            "status": "source",
            "untranslated": [],
            "languages": {},
            "stale": [],
        },
    }


def test_a_page_without_api_fields(home: Page) -> None:
    assert members_of(samples.published(app.PlainPage(title="Plain", slug="plain"), home)) == {}
    meta = meta_of(home)
    assert (meta["parent"], meta["breadcrumbs"]) == (None, [])
    assert meta["seo"] == {"title": "Home", "description": ""}


def test_a_page_with_an_inherited_table(home: Page) -> None:
    page = samples.SAMPLES["concert_page"](home)
    members = members_of(page)
    assert (members["concert_page_type"], members["orchestra"]) == ("talk", "MPO")
    # It has no second document as an event.
    assert [
        document.type
        for document in document_of(page)
        .__class__.objects.filter(collection="pages")
        .order_by("type")
    ] == ["concert_page", "plain_page"]
    assert differences() == []
    # Save the row of the parent table alone.
    event = app.EventPage.objects.get(pk=page.pk)
    event.summary = "Changed"
    event.save()
    assert members_of(page)["summary"] == "Changed"
    assert differences() == []


def test_a_form_page(home: Page) -> None:
    page = samples.form_page(home)
    field = {"help_text": "", "default_value": ""}
    assert members_of(page) == {
        "thank_you": RICH,
        "to_address": "one (at) example.org, two (at) example.org",
        "from_address": {"user": "from", "domain": "example.org"},
        "subject": "Question",
        "form_fields": [
            {
                "clean_name": "your_name",
                "label": "Your name",
                "field_type": "singleline",
                "required": True,
                "choices": "",
                **field,
            },
            {
                "clean_name": "colour",
                "label": "Colour",
                "field_type": "dropdown",
                "required": False,
                "choices": "red,blue",
                **field,
            },
        ],
    }
    assert members_of(samples.SAMPLES["silent_form_page"](home)) == {}


def test_form_submissions_are_not_exposed(home: Page) -> None:
    page = samples.form_page(home)
    before = document_of(page).etag
    page.get_submission_class().objects.create(page=page, form_data={"your_name": "Never told"})
    assert document_of(page).etag == before
    assert differences() == []


def test_a_routable_page(home: Page) -> None:
    page = samples.SAMPLES["routable_index_page"](home)
    assert members_of(page) | {"place": ""} == {
        "intro": "All",
        "years": ["/index/year/2026/"],
        "contents": [],
        "place": "",
    }
    page.slug = "moved"
    page.save_revision().publish()
    assert members_of(page)["years"] == ["/moved/year/2026/"]
    assert differences() == []


def test_a_page_with_custom_url_parts(home: Page) -> None:
    page = samples.SAMPLES["elsewhere_page"](home)
    below = samples.published(app.PlainPage(title="Below", slug="below"), page)
    assert body_of(page)["path"] == "/elsewhere/there/"
    assert meta_of(page)["alternates"] == [{"locale": "en", "path": "/elsewhere/there/"}]
    assert meta_of(below)["breadcrumbs"][1]["path"] == "/elsewhere/there/"
    assert route_to("localhost:80", "/elsewhere/there/").document == document_of(page)
    assert route_to("", "/elsewhere/there/").document == document_of(page)
    page.address = "here"
    page.save_revision().publish()
    assert meta_of(below)["breadcrumbs"][1]["path"] == "/elsewhere/here/"
    # The address in the tree still leads to the page.
    assert route_to("", "/elsewhere/there/").document == document_of(page)
    assert differences() == []


def test_an_address_made_of_other_rows_follows_them(home: Page) -> None:
    topic = samples.plain_topic(slug="first")
    page = samples.published(app.ShelvedPage(title="Shelved", slug="shelved", topic=topic), home)
    below = samples.published(app.PlainPage(title="Below", slug="below"), page)
    link = f'<p><a linktype="page" id="{page.pk}">there</a></p>'
    linking = samples.published(
        app.EventPage(title="Event", slug="event", type="talk", body=link), home
    )
    showing = app.Relations.objects.create(name="To", plain=topic, page=page.page_ptr)

    def assert_at(path: str) -> None:
        assert body_of(page)["path"] == path
        assert meta_of(page)["alternates"] == [{"locale": "en", "path": path}]
        assert meta_of(below)["breadcrumbs"][1]["path"] == path
        assert f'href="{path}"' in members_of(linking)["body"]["html"]
        assert members_of(showing)["page"]["path"] == path
        assert route_to("", path).document == document_of(page)
        assert differences() == []

    assert_at(f"/first/first/{page.pk}/")
    topic.slug = "second"
    topic.save()
    assert_at(f"/second/second/{page.pk}/")
    assert route_to("", f"/first/first/{page.pk}/").document == document_of(page)
    # Read by a query.
    other = samples.plain_topic(slug="heavy", weight=9)
    assert_at(f"/heavy/second/{page.pk}/")
    other.slug = "heavier"
    other.save()
    assert_at(f"/heavier/second/{page.pk}/")
    other.delete()
    assert_at(f"/second/second/{page.pk}/")


def test_other_rows_can_give_a_page_an_address_and_take_it(home: Page) -> None:
    page = samples.published(app.ShelvedPage(title="Shelved", slug="shelved"), home)
    linking = samples.published(app.PlainPage(title="Below", slug="below"), page)
    assert document_of(page) is None
    app.ShelvedPage.objects.update(topic=samples.plain_topic(slug="first"))
    samples.plain_topic(slug="heavy", weight=9)
    assert body_of(page)["path"] == f"/heavy/first/{page.pk}/"
    assert meta_of(linking)["breadcrumbs"][1]["path"] == f"/heavy/first/{page.pk}/"
    assert differences() == []
    app.PlainTopic.objects.all().delete()
    assert document_of(page) is None
    assert [crumb["title"] for crumb in meta_of(linking)["breadcrumbs"]] == ["Home"]
    assert differences() == []


def dependencies_of(page: Page) -> frozenset[str]:
    compiled = compile_instance(page.specific, SiteSnapshot())
    assert compiled is not None
    return compiled.dependencies


def test_what_no_address_is_made_of_does_not_compile_a_page(home: Page) -> None:
    page = samples.SAMPLES["shelved_page"](home)
    keys = dependencies_of(page)
    assert "testapp.plaintopic:*" in keys
    assert not {key for key in keys if key.startswith("testapp.shelvedpage")}
    plain = samples.published(app.PlainPage(title="Plain", slug="plain"), home)
    assert not {key for key in dependencies_of(plain) if "plaintopic" in key}


def test_a_page_without_an_address(home: Page) -> None:
    folder = samples.published(app.FolderPage(title="Folder", slug="folder"), home)
    below = samples.published(app.PlainPage(title="Below", slug="below"), folder)
    pointing = app.Relations.objects.create(
        name="To", plain=samples.plain_topic(), page=folder.page_ptr
    )
    assert document_of(folder) is None
    assert members_of(pointing)["page"] is None
    assert body_of(below)["path"] == "/folder/below/"
    assert meta_of(below)["parent"] is None
    assert [crumb["title"] for crumb in meta_of(below)["breadcrumbs"]] == ["Home"]
    assert differences() == []


def test_a_page_outside_every_site(home: Page) -> None:
    root = Page.get_first_root_node()
    outside = samples.published(app.PlainPage(title="Outside", slug="outside"), root)
    assert document_of(outside) is None
    site = Site.objects.create(hostname="new.example", port=80, root_page=outside)
    assert body_of(outside)["path"] == "/"
    site.delete()
    assert document_of(outside) is None
    assert differences() == []


# Aliases


def test_an_alias_shows_its_source_at_its_own_path(home: Page) -> None:
    page = samples.event_page(home)
    target = samples.published(app.PlainPage(title="Target", slug="target"), home)
    alias = page.create_alias(parent=target, update_slug="twin").specific
    assert body_of(alias)["path"] == "/target/twin/"
    assert body_of(alias)["title"] == "Fair & square"
    assert [session["name"] for session in members_of(alias)["sessions"]] == ["First", "Second"]

    page.title, page.summary = "Renamed", "Anew"
    page.save_revision().publish()
    assert (body_of(alias)["title"], members_of(alias)["summary"]) == ("Renamed", "Anew")
    assert differences() == []

    Page.objects.get(pk=page.pk).unpublish()
    assert document_of(alias) is None
    page.save_revision().publish()
    assert body_of(alias)["title"] == "Renamed"
    page.delete()
    assert differences() == []


# Several sites


def test_the_same_path_on_two_sites(home: Page, second_site: Site) -> None:
    second_home = Page.objects.get(pk=second_site.root_page_id).specific
    here = samples.published(app.PlainPage(title="Here", slug="about"), home)
    there = samples.published(app.PlainPage(title="There", slug="about"), second_home)
    assert body_of(here)["path"] == body_of(there)["path"] == "/about/"
    assert meta_of(here)["site"] == "localhost:80"
    assert meta_of(there)["site"] == "second.example:8080"
    assert route_to("localhost:80", "/about/").document == document_of(here)
    assert route_to("second.example:8080", "/about/").document == document_of(there)
    # The default site needs no name.
    assert route_to("", "/about/").document == document_of(here)
    assert meta_of(there)["breadcrumbs"] == [
        {"id": str(second_home.translation_key), "title": "Second home", "path": "/"}
    ]
    assert differences() == []


def test_changing_the_default_site(home: Page, site: Site, second_site: Site) -> None:
    second_home = Page.objects.get(pk=second_site.root_page_id).specific
    samples.published(app.PlainPage(title="Here", slug="about"), home)
    there = samples.published(app.PlainPage(title="There", slug="about"), second_home)
    site.is_default_site = False
    site.save()
    second_site.is_default_site = True
    second_site.save()
    assert differences() == []
    assert route_to("", "/about/").document == document_of(there)


def test_a_site_inside_another(home: Page) -> None:
    """The page belongs to the more specific site."""
    inner = samples.published(app.PlainPage(title="Inner", slug="inner"), home)
    below = samples.published(app.PlainPage(title="Below", slug="below"), inner)
    assert body_of(below)["path"] == "/inner/below/"
    site = Site.objects.create(hostname="inner.example", port=80, root_page=inner)
    assert (body_of(below)["path"], meta_of(below)["site"]) == ("/below/", "inner.example:80")
    assert differences() == []
    site.delete()
    assert body_of(below)["path"] == "/inner/below/"
    assert differences() == []


def test_changing_the_host_and_root_of_a_site(home: Page, second_site: Site) -> None:
    second_home = Page.objects.get(pk=second_site.root_page_id).specific
    about = samples.published(app.PlainPage(title="About", slug="about"), second_home)
    second_site.hostname = "third.example"
    second_site.save()
    assert meta_of(about)["site"] == "third.example:8080"
    second_site.root_page = about
    second_site.save()
    assert body_of(about)["path"] == "/"
    assert document_of(second_home) is None
    assert differences() == []


def test_a_link_to_another_site_includes_its_host(home: Page, second_site: Site) -> None:
    second_home = Page.objects.get(pk=second_site.root_page_id).specific
    there = samples.published(app.PlainPage(title="There", slug="about"), second_home)
    links = [f'<a linktype="page" id="{page.pk}">here</a>' for page in (there, home)]
    link = f"<p>See {' &amp; '.join(links)}</p>"
    page = samples.published(
        app.EventPage(title="Event", slug="event", type="talk", body=link), home
    )
    html = members_of(page)["body"]["html"]
    assert 'href="//second.example:8080/about/"' in html
    assert 'href="/"' in html
    assert "</a> &amp; <a " in html
