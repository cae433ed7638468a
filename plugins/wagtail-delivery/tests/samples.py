"""Published instances of every model of the test app."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from wagtail.documents.models import Document
from wagtail.embeds.embeds import get_embed
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from tests.secondapp.models import Notice as SecondNotice
from tests.testapp import models as app
from tests.testapp.blocks import BadlyNamedBlock
from tests.testapp.embeds import VIDEO
from tests.testapp.models.scalar_fields import own_folder

MOMENT = datetime.datetime(2026, 2, 1, 0, 30, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 2, 1)
#: Rich text as the editor stores it; entities such as "&amp;" must be kept.
RICH = '<p data-block-key="abcde">R&amp;D &lt;5 <b>bold</b><br/>é&nbsp;x</p>'


def an_image(title: str = "A picture") -> Image:
    return Image.objects.create(title=title, file=get_test_image_file(size=(12, 10)))


def a_document(title: str = "A form") -> Document:
    return Document.objects.create(title=title, file=ContentFile(b"12345", name="form.txt"))


def published(page: Page, parent: Page) -> Any:
    """Publish `page` below `parent`, as an editor does."""
    page.live = False
    parent = Page.objects.get(pk=parent.pk)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk).specific


def reloaded(instance: models.Model) -> Any:
    """`instance`, loaded again from the database."""
    return type(instance)._default_manager.get(pk=instance.pk)


def plain_topic(title: str = "Plain & simple", **values: Any) -> app.PlainTopic:
    values = {"slug": "plain", "weight": 1} | values
    return app.PlainTopic.objects.create(title=title, **values)


def draft_topic(title: str = "With drafts", **values: Any) -> app.DraftTopic:
    return app.DraftTopic.objects.create(title=title, **values)


def full_topic(title: str = "Everything", **values: Any) -> app.FullTopic:
    values = {"slug": "everything"} | values
    return app.FullTopic.objects.create(title=title, **values)


def scalar_stream() -> list[tuple[str, Any]]:
    return [
        ("char", "AT&T <b>"),
        ("text", "two\nlines"),
        ("quote", "said"),
        ("regex", "A1"),
        ("email", "name@example.org"),
        ("url", "https://example.org/?a=1&b=2"),
        ("boolean", True),
        ("boolean", False),
        ("integer", 0),
        ("float", 0.5),
        ("decimal", decimal.Decimal("10.10")),
        ("date", DAY),
        ("time", datetime.time(8, 30)),
        ("date_time", MOMENT),
        ("rich_text", RICH),
        ("raw_html", '<p class="x">&copy;</p>'),
        ("choice", "orange"),
        ("computed_choice", "blue"),
        ("multiple_choice", ["red", "blue"]),
        ("colour", "#abc"),
    ]


def all_fields() -> app.AllFields:
    instance = app.AllFields(
        big_integer=2**63 - 1,
        binary=b"\x00\xff",
        boolean=True,
        char='AT&T <b> "q"',
        date=DAY,
        date_time=MOMENT,
        decimal=decimal.Decimal("12345678.5"),
        duration=datetime.timedelta(days=3, hours=4, microseconds=5),
        email="a.b@example.org",
        file=ContentFile(b"1234", name="notes.txt"),
        file_path=f"{own_folder()}/keys.py",
        float=1.5,
        ip_address="2001:db8::1",
        image=get_test_image_file(filename="field.png", size=(3, 2)),
        wagtail_image=get_test_image_file(filename="wagtail.png", size=(4, 2)),
        integer=-1,
        json={"a": [1, None, True, "x@example.org"], "y@example.org": {}},
        positive_big_integer=2**63 - 1,
        positive_integer=7,
        positive_small_integer=8,
        slug="a-slug",
        small_integer=-9,
        text="one\ntwo & three",
        time=datetime.time(8, 30, 15),
        url="https://example.org/?a=1&b=2",
        uuid=uuid.UUID(int=7),
        rich_text=RICH,
        stream=scalar_stream(),
        colour="#abcdef",
        point=[1.5, 2.5],
        short_text="short",
    )
    instance.save()
    instance.tags.add("beta", "Alpha & Omega")
    return instance


def no_fields() -> app.AllOptionalFields:
    """Every optional field is empty."""
    return app.AllOptionalFields.objects.create()


def all_choices() -> app.AllChoices:
    return app.AllChoices.objects.create(
        size="l",
        level=0,
        grouped="orange",
        computed="two",
        yes_or_no=False,
        day=datetime.date(2026, 1, 1),
        price=decimal.Decimal("1.50"),
    )


def relations() -> app.Relations:
    return app.Relations.objects.create(name="Alone", plain=plain_topic("Needed"))


def all_relations(home: Page) -> app.Relations:
    """Every relation has a target."""
    plain, other = (
        plain_topic("First", slug="first"),
        plain_topic("Second", slug="second", weight=9),
    )
    event = published(app.EventPage(title="Event", slug="event", type="talk"), home)
    place = app.Place.objects.create(
        code="KL", name="Kuala Lumpur", email="kl@example.org", topic=plain
    )
    instance = app.Relations.objects.create(
        name="All",
        plain=plain,
        optional_plain=other,
        draft=draft_topic(),
        translatable=app.TranslatableTopic.objects.create(title="Translatable"),
        full=full_topic(),
        vehicle=app.Car.objects.create(name="Proton", doors=4).vehicle_ptr,
        page=event,
        event_page=event,
        one_to_one=plain,
        itself=app.Relations.objects.create(name="Another", plain=other),
        silent=app.SilentTopic.objects.create(title="Never told"),
        place=place,
        place_by_code=place,
        unspoken=app.Unspoken.objects.create(secret="Never told"),
        site=event.get_site(),
        image=an_image(),
        document=a_document(),
    )
    instance.many.add(plain, other)
    app.Membership.objects.create(relations=instance, topic=plain, since=DAY)
    instance.many_drafts.add(instance.draft, draft_topic("Never told", live=False))
    instance.many_parental.add(plain)
    instance.many_places.add(place)
    instance.many_images.add(instance.image)
    app.Visit.objects.create(relations=instance, number=3)
    instance.steps.add(app.Step(topic=other, page=event, sort_order=1))
    instance.steps.add(app.Step(topic=plain, sort_order=0))
    instance.save()
    return instance


def blocks_page(home: Page) -> app.BlocksPage:
    """A page with a block of each class."""
    event = published(app.EventPage(title="Event", slug="event", type="walk"), home)
    topic = plain_topic()
    picture = an_image()
    get_embed(VIDEO)
    page = app.BlocksPage(title="Blocks", slug="blocks")
    described = an_image("Described")
    described.contextual_alt_text, described.decorative = "Seen & described", False
    table = {
        "data": [["Name", "Qty"], ["<b>", None], ["", "2"]],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_caption": "Caption",
        "table_header_choice": "row",
    }
    typed_table = {
        "columns": [{"type": "text", "heading": "T"}, {"type": "topic", "heading": "S"}],
        "rows": [{"values": ["x", topic.pk]}, {"values": ["y", None]}],
        "caption": "Typed",
    }
    speaker = {"name": "Aminah", "email": "aminah@example.org"}
    programme = {
        "days": [
            {
                "date": DAY,
                "slots": [
                    ("talk", {"title": "Opening", "speakers": [speaker]}),
                    ("pause", None),
                    ("notes", ["a", "b"]),
                ],
            }
        ]
    }
    page.body = [
        *scalar_stream(),
        ("page", event.page_ptr),
        ("event_page", event),
        ("some_page", event),
        ("plain_topic", topic),
        ("full_topic", full_topic()),
        ("topic_chooser", topic),
        ("image", picture),
        ("image_block", described),
        ("document", a_document()),
        ("embed", VIDEO),
        ("static", None),
        ("table", table),
        ("typed_table", typed_table),
        (
            "one_column_table",
            {"columns": [{"type": "number", "heading": ""}], "rows": [{"values": [1.5]}]},
        ),
        ("counted", "one two"),
        ("opaque", "abc"),
        ("price", {"amount": decimal.Decimal("2.50"), "currency": "MYR"}),
        ("badly_named", dict.fromkeys(BadlyNamedBlock().child_blocks, "x")),
        ("speaker", speaker),
        ("numbers", [3, 1, 2]),
        ("speakers", [speaker, {"name": "Bala", "email": ""}]),
        ("topics", [draft_topic(), draft_topic("Never told", live=False)]),
        ("one_kind", [("char", "alone")]),
        ("programme", programme),
    ]
    page.optional = [("nothing", {})]
    page.one_kind = [("paragraph", RICH)]
    return published(page, home)


def event_page(home: Page) -> app.EventPage:
    """A page with tags, and children with children."""
    page = app.EventPage(
        title="Fair & square",
        slug="fair",
        type="talk",
        summary="Write to info@example.org & ask",
        date=DAY,
        body=RICH,
        image=an_image(),
        topic=plain_topic(),
        seo_title="Fair",
        search_description="What it is about",
        show_in_menus=True,
    )
    speaker = app.Speaker(name="Aminah", email="aminah@example.org", topic=page.topic, sort_order=0)
    page.sessions = [
        app.Session(name="First", sort_order=0, speakers=[speaker]),
        app.Session(name="Second", sort_order=1),
    ]
    page.full_topics = [full_topic()]
    page = published(page, home)
    page.tags.add("walk", "Art")
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk).specific


def seat_page(home: Page, **values: Any) -> app.SeatPage:
    """Its topic is public by default."""
    values = {"title": "Seat", "slug": "seat", "parent": "P", "site": "S", "position": 1} | values
    page = app.SeatPage(topic=values.pop("topic", None) or draft_topic(), **values)
    return published(page, home)


def form_page(home: Page) -> app.FormPage:
    page = app.FormPage(
        title="Ask",
        slug="ask",
        thank_you=RICH,
        to_address="one@example.org, two@example.org",
        from_address="from@example.org",
        subject="Question",
    )
    page.form_fields = [
        app.FormField(label="Your name", field_type="singleline", sort_order=0),
        app.FormField(
            label="Colour", field_type="dropdown", choices="red,blue", required=False, sort_order=1
        ),
    ]
    return published(page, home)


def teaser_page(home: Page) -> app.TeaserPage:
    page = published(app.TeaserPage(title="Teasers", slug="teasers"), home)
    chosen = published(app.PlainPage(title="Chosen", slug="chosen"), home)
    page.body = [
        ("teaser", {"page": chosen, "topic": full_topic("Topic"), "more": [chosen]}),
        ("picture", {"image": an_image("Picture"), "caption": "of it"}),
    ]
    page.save_revision().publish()
    return reloaded(page)


def grid_page(home: Page) -> app.GridPage:
    from django.contrib.contenttypes.models import ContentType

    topic = plain_topic()
    app.Place.objects.create(code="KL", name="Kuala Lumpur")
    page = published(app.GridPage(title="Grid", slug="grid"), home)
    row = app.Row.objects.create(page=page, sort_order=0)
    first = app.Cell.objects.create(
        row=row,
        content_type=ContentType.objects.get_for_model(topic),
        object_id=str(topic.pk),
        code="KL",
    )
    app.Cell.objects.create(row=row)
    app.Remark.objects.create(about=first, text="Seen")
    return Page.objects.get(pk=page.pk).specific


def computed(home: Page) -> app.Computed:
    app.GlobalSettings.objects.create(motto="Onward")
    app.ContactSettings.objects.create(site=home.get_site(), phone="300")
    event = published(app.EventPage(title="Event", slug="event", type="talk"), home)
    instance = app.Computed.objects.create(
        name="Sum", full=full_topic(), draft=draft_topic(), page=event
    )
    instance.topics.add(plain_topic("B"), plain_topic("A", slug="a", weight=5))
    app.Unspoken.objects.create(secret="Never told")
    return instance


def serialized(home: Page) -> app.Serialized:
    instance = app.Serialized.objects.create(
        name="baa", image=an_image(), topic=plain_topic("T", weight=2)
    )
    instance.topics.add(instance.topic)
    return instance


def full_topic_with_chapters(home: Page) -> app.FullTopic:
    topic = full_topic(type="b", meta="m", path="/p")
    related = full_topic("Related", slug="related", related=topic)
    topic.related = related
    footnote = app.Footnote(text="Small & print", sort_order=0)
    topic.chapters = [
        app.Chapter(
            heading="One",
            sort_order=0,
            locale=topic.locale,
            paragraphs=[app.Paragraph(text=RICH, sort_order=0, footnotes=[footnote])],
        )
    ]
    topic.tags.add("zebra", "ant")
    topic.save()
    app.Remark.objects.create(about=topic, text="Well said")
    topic.save_revision().publish()
    return reloaded(topic)


def book(home: Page) -> app.Book:
    shelf = app.Shelf.objects.create(name="Shelf")
    app.Book.objects.create(shelf=shelf, title="Z first")
    return app.Book.objects.create(shelf=shelf, title="A second")


def doctor(name: str = "Aminah", **values: Any) -> app.Doctor:
    return app.Doctor.objects.create(name=name, **{"ward": "A"} | values)


def clinic(**values: Any) -> app.Clinic:
    """Every relation to a doctor has one, unless `values` has another."""
    one = values.pop("doctor", None) or doctor()
    label = app.Label.objects.create(text="Open", author=one)
    made = {"title": "Clinic", "doctor": one, "person": one.person_ptr, "label": label} | values
    instance = app.Clinic.objects.create(opened=MOMENT, **made)
    instance.doctors.add(one)
    instance.labels.add(label)
    return instance


def _keyed(model: Any, **key: Any) -> Callable[[Page], Any]:
    return lambda home: model.objects.create(name="Named", **key)


#: A published instance of each content type, given the home page; by type name.
SAMPLES: dict[str, Callable[[Page], Any]] = {
    "all_choices": lambda home: all_choices(),
    "all_fields": lambda home: all_fields(),
    "all_optional_fields": lambda home: no_fields(),
    "auto_keyed": _keyed(app.AutoKeyed),
    "big_auto_keyed": _keyed(app.BigAutoKeyed, id=2**62),
    "blocks_page": blocks_page,
    "book": book,
    "car": lambda home: app.Car.objects.create(name="Proton", doors=4),
    "clinic": lambda home: clinic(),
    "computed": computed,
    "concert_page": lambda home: published(
        app.ConcertPage(title="Concert", slug="concert", type="talk", orchestra="MPO"), home
    ),
    "doctor": lambda home: doctor(),
    "draft_topic": lambda home: draft_topic(text=RICH),
    "elsewhere_page": lambda home: published(
        app.ElsewherePage(title="Else", slug="else", address="there"), home
    ),
    "empty_topic": lambda home: app.EmptyTopic.objects.create(title="Only a name"),
    "event_page": event_page,
    "fast_car": lambda home: app.FastCar.objects.create(name="Fast", doors=2),
    "foreign_keyed": lambda home: app.ForeignKeyed.objects.create(
        name="Named", keyed=app.TextKeyed.objects.create(code="é/:? &", name="Named")
    ),
    "form_page": form_page,
    "full_topic": full_topic_with_chapters,
    "grid_page": grid_page,
    "hook_topic": lambda home: app.HookTopic.objects.create(title="Hooked"),
    "notice": lambda home: app.Notice.objects.create(text="Here"),
    "person": lambda home: app.Person.objects.create(name="Bala"),
    "plain_page": lambda home: published(app.PlainPage(title="Plain", slug="plain"), home),
    "plain_topic": lambda home: plain_topic(),
    "ranked": lambda home: app.Ranked.objects.create(title="First", sort_order=1),
    "relations": all_relations,
    "routable_index_page": lambda home: published(
        app.RoutableIndexPage(title="Index", slug="index", intro="All"), home
    ),
    "seat_page": seat_page,
    "shelved_page": lambda home: published(
        app.ShelvedPage(title="Shelved", slug="shelved", topic=plain_topic()), home
    ),
    "second_notice": lambda home: SecondNotice.objects.create(urgent=True),
    "serialized": serialized,
    "shelf": lambda home: book(home).shelf,
    "silent_form_page": lambda home: published(
        app.SilentFormPage(title="Silent", slug="silent"), home
    ),
    "small_auto_keyed": _keyed(app.SmallAutoKeyed),
    "teaser_page": teaser_page,
    "text_keyed": _keyed(app.TextKeyed, code="é/:? &"),
    "translatable_topic": lambda home: app.TranslatableTopic.objects.create(title="Translatable"),
    "uuid_keyed": _keyed(app.UuidKeyed, id=uuid.UUID(int=5)),
    "vehicle": lambda home: app.Vehicle.objects.create(name="Bicycle"),
}
