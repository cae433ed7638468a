"""A form takes no reference to what its user may not see: every kind of reference is tried."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Locale, Page
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)
from wagtail_localize.models import SegmentOverride, Translation, TranslationSource

from cms.editors.groups import ensure_groups
from cms.pages.blocks.rich_text import RICH_TEXT_FEATURES
from cms.pages.models import HomePage, StandardPage
from tests.factories import (
    ActFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RegulationFactory,
    RoleFactory,
    StandardPageFactory,
    bilingual_home,
)
from tests.members import ADMINISTRATOR, OFFICER, TRANSLATOR, browser_of
from tests.snippets.forms import filled, submit

pytestmark = pytest.mark.django_db

SECRET = "Rahsia"
NO_BODY = nested_form_data({"body": streamfield([])})
REFUSAL = "tidak wujud, atau yang tidak boleh anda lihat"
NOTHING = 987654


class World:
    """An English site of a translator, and drafts, private files and public things of others."""

    def __init__(self, malay: Locale, english: Locale) -> None:
        self.malay_home = bilingual_home(malay, english)
        self.home = HomePage.objects.get(locale=english)
        ensure_groups()
        private = Collection.get_first_root_node().add_child(name="Sulit")
        private.view_restrictions.create(restriction_type="login")
        self.hidden = self.things(Collection.objects.get(pk=private.pk), is_public=False)
        self.shown = self.things(Collection.get_first_root_node(), is_public=True)

    def things(self, collection: Collection, *, is_public: bool) -> dict[str, Any]:
        locale = self.malay_home.locale
        title = "Umum" if is_public else SECRET
        picture = get_test_image_file().file.getvalue()
        return {
            "image": get_image_model().objects.create(
                title=title, file=SimpleUploadedFile("a.png", picture), collection=collection
            ),
            "document": get_document_model().objects.create(
                title=title, file=ContentFile(b"x", name="a.pdf"), collection=collection
            ),
            "page": StandardPageFactory(
                parent=self.malay_home, locale=locale, title=title, live=is_public
            ),
            "act": ActFactory(locale=locale, title=title, live=is_public),
            "role": RoleFactory(locale=locale, text=title, live=is_public),
        }


@pytest.fixture
def world(malay: Locale, english: Locale) -> World:
    return World(malay, english)


@pytest.fixture
def translator(world: World) -> Client:
    return browser_of(TRANSLATOR)


@pytest.fixture
def administrator(world: World) -> Client:
    client = browser_of(ADMINISTRATOR)
    User.objects.filter(pk=client.user.pk).update(is_superuser=True)
    return client


def page_in(home: HomePage) -> Page:
    page = StandardPageFactory(parent=home, locale=home.locale, live=False)
    page.save_revision()
    return page


def edit(thing: Any) -> str:
    if isinstance(thing, Page):
        return reverse("wagtailadmin_pages:edit", args=[thing.pk])
    meta = thing._meta
    return reverse(f"wagtailsnippets_{meta.app_label}_{meta.model_name}:edit", args=[thing.pk])


def contents(html: str) -> str:
    """The rich text as the editor of this site sends it."""
    return rich_text(html, features=[*RICH_TEXT_FEATURES, "link", "document-link"])


def text_with(link: str) -> dict[str, Any]:
    text = {"heading": "Teks", "anchor": "", "body": contents(f"<p>Lihat {link}</p>")}
    return nested_form_data({"body": streamfield([("text", text)])})


# Every kind of reference: a form, and the values that refer to the thing of a kind by its key.
Form = Callable[[World, Any], tuple[Any, dict[str, Any]]]


def a_field_of_a_page(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    return page_in(world.home), {"social_image": key} | NO_BODY


def a_block(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    picture = {"image": key, "alt_text": "Menara", "decorative": ""}
    body = streamfield([("image", {"image": picture, "caption": ""})])
    return page_in(world.home), nested_form_data({"body": body})


def a_block_in_a_list(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    page = ProfilePageFactory(parent=world.home, locale=world.home.locale, live=False)
    page.save_revision()
    roles = {"count": "1", "0": {"value": key, "order": "0", "deleted": ""}}
    section = ("roles", {"heading": "Peranan", "anchor": "", "roles": roles})
    return page, nested_form_data({"sections": streamfield([section])})


def a_link_to_a_page(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    return page_in(world.home), text_with(f'<a linktype="page" id="{key}">ini</a>')


def a_link_to_a_file(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    return page_in(world.home), text_with(f'<a linktype="document" id="{key}">ini</a>')


def a_picture_in_text(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    # The editor of this site offers no pictures in text; its content can be sent all the same.
    state = {
        "blocks": [
            {
                "key": "a",
                "text": " ",
                "type": "atomic",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"key": 0, "offset": 0, "length": 1}],
            }
        ],
        "entityMap": {
            "0": {
                "type": "IMAGE",
                "mutability": "IMMUTABLE",
                "data": {"id": key, "format": "left", "alt": "x"},
            }
        },
    }
    text = {"heading": "Teks", "anchor": "", "body": json.dumps(state)}
    return page_in(world.home), nested_form_data({"body": streamfield([("text", text)])})


def a_key_of_an_entry(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    act = ActFactory(locale=world.home.locale)
    regulation = RegulationFactory(act=act, locale=world.home.locale, live=False)
    regulation.save_revision()
    return regulation, {"act": key}


def a_row_of_an_entry(world: World, key: Any) -> tuple[Any, dict[str, Any]]:
    entry = OrganisationFactory(locale=world.home.locale, live=False)
    entry.navigation.all().delete()
    entry.save_revision()
    row = {"label": "Menu", "page": key, "url": ""}
    return entry, nested_form_data({"navigation": inline_formset([row])})


FORMS: list[tuple[str, Form]] = [
    ("image", a_field_of_a_page),
    ("image", a_block),
    ("role", a_block_in_a_list),
    ("page", a_link_to_a_page),
    ("document", a_link_to_a_file),
    ("act", a_key_of_an_entry),
    ("page", a_row_of_an_entry),
]
every_form = pytest.mark.parametrize(
    ("kind", "form"), FORMS, ids=lambda value: getattr(value, "__name__", value)
)


@every_form
def test_no_form_takes_what_its_user_may_not_see(
    translator: Client, world: World, kind: str, form: Form
) -> None:
    thing, values = form(world, world.hidden[kind].pk)
    revisions = thing.revisions.count()
    answer = submit(translator, edit(thing), values)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert REFUSAL in text
    assert SECRET not in text
    assert thing.revisions.count() == revisions


@every_form
def test_no_form_keeps_what_does_not_exist(
    translator: Client, world: World, kind: str, form: Form
) -> None:
    """It is refused, or left out where a block has nothing then."""
    thing, values = form(world, NOTHING)
    answer = submit(translator, edit(thing), values)
    refused = (REFUSAL in answer.content.decode()) or (
        "pilihan yang sah" in answer.content.decode()
    )
    assert refused or str(NOTHING) not in str(thing.latest_revision.content)


@every_form
def test_every_form_takes_what_its_user_may_see(
    translator: Client, world: World, kind: str, form: Form
) -> None:
    thing, values = form(world, world.shown[kind].pk)
    revisions = thing.revisions.count()
    answer = submit(translator, edit(thing), values)
    assert answer.status_code == 302
    assert thing.revisions.count() == revisions + 1


def test_text_has_no_picture_that_its_editor_does_not_offer(
    translator: Client, world: World
) -> None:
    thing, values = a_picture_in_text(world, world.hidden["image"].pk)
    submit(translator, edit(thing), values)
    assert "embed" not in str(thing.get_latest_revision_as_object().body.raw_data)


@every_form
def test_what_an_administrator_put_there_is_kept(
    translator: Client, administrator: Client, world: World, kind: str, form: Form
) -> None:
    thing, values = form(world, world.hidden[kind].pk)
    assert submit(administrator, edit(thing), values).status_code == 302
    revisions = thing.revisions.count()
    # The form of a page has its blocks in a script; that of an entry is sent as it came.
    sent = values if isinstance(thing, Page) else {}
    answer = submit(translator, edit(thing), sent)
    assert answer.status_code == 302
    assert thing.revisions.count() == revisions + 1


@pytest.mark.parametrize(("is_seen", "things"), [(True, "shown"), (False, "hidden")])
def test_previews_show_nothing_unseen(
    translator: Client, world: World, is_seen: bool, things: str
) -> None:
    for form, kind in ((a_link_to_a_file, "document"), (a_link_to_a_page, "page")):
        thing, values = form(world, getattr(world, things)[kind].pk)
        _action, data = filled(translator, edit(thing), values)
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[thing.pk])
        assert translator.post(address, data).json()["is_valid"] is is_seen


def test_new_things_refer_to_nothing_unseen(world: World) -> None:
    home = world.malay_home
    add = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home.pk])
    values = {"title": "New", "slug": "new", "social_image": world.hidden["image"].pk} | NO_BODY
    answer = submit(browser_of(OFFICER), add, values)
    assert REFUSAL in answer.content.decode()
    assert not StandardPage.objects.filter(title="New").exists()


def test_a_second_place_for_what_others_put_there_is_kept(translator: Client, world: World) -> None:
    """A block that moves, or that is copied, refers to nothing new."""
    page, values = a_link_to_a_page(world, world.hidden["page"].pk)
    link = f'<a linktype="page" id="{world.hidden["page"].pk}">ini</a>'
    page.body = [("text", {"heading": "Lama", "anchor": "", "body": f"<p>{link}</p>"})]
    page.save_revision()
    assert submit(translator, edit(page), values).status_code == 302


def test_a_link_to_an_act_is_one_to_what_readers_see_of_it(
    translator: Client, world: World, english: Locale
) -> None:
    """It names a translation key, and readers get the public translation."""
    public, draft = world.shown["act"], world.hidden["act"]
    other = Locale.objects.create(language_code="zh-hans")
    ActFactory(locale=other, translation_key=public.translation_key, live=False, title="草稿")
    for act, taken in ((public, True), (draft, False)):
        link = f'<a linktype="act" id="{act.translation_key}">ini</a>'
        page = page_in(world.home)
        answer = submit(translator, edit(page), text_with(link))
        assert (answer.status_code == 302) == taken, link


def test_a_translation_shows_nothing_unseen_in_the_place_of_its_source(
    translator: Client, world: World, english: Locale
) -> None:
    picture = {"image": world.shown["image"], "alt_text": "Menara", "decorative": False}
    page = StandardPageFactory(
        parent=world.malay_home,
        locale=world.malay_home.locale,
        body=[("image", {"image": picture, "caption": "Menara"})],
    )
    page.save_revision().publish()
    source, _created = TranslationSource.get_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=english)
    translation.save_target(publish=False)
    segments = list(source.overridablesegment_set.all())
    assert segments
    for segment in segments:
        address = reverse("wagtail_localize:edit_override", args=[translation.pk, segment.pk])
        for key, status in ((world.hidden["image"].pk, 404), (world.shown["image"].pk, 201)):
            answer = translator.put(
                address, f"value={key}", content_type="application/x-www-form-urlencoded"
            )
            assert answer.status_code == status, answer.content
    assert SegmentOverride.objects.count() == len(segments)


def test_a_form_asks_little_more_for_many_references(
    translator: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    """One query or two for each type, however many of it."""
    page = page_in(world.home)
    counts = []
    for number in (1, 20):
        pages = [
            StandardPageFactory(parent=world.malay_home, locale=world.malay_home.locale)
            for _ in range(number)
        ]
        links = " ".join(f'<a linktype="page" id="{page.pk}">ini</a>' for page in pages)
        with django_assert_max_num_queries(1000) as queries:
            assert submit(translator, edit(page), text_with(links)).status_code == 302
        counts.append(
            [
                query["sql"]
                for query in queries.captured_queries
                if "viewrestriction" in query["sql"]
            ]
        )
    assert len(counts[1]) <= len(counts[0]) + 1
