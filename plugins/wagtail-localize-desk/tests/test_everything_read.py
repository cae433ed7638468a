"""All that people read becomes a string, and what nobody translates stays byte for byte."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment

from tests.newsroom.content import (
    publish_translation,
    published_topic,
    republish,
    segment_at,
    string_at,
    submit,
    target_of,
    translate_string,
    translation_of,
)
from tests.newsroom.models import ALL_BLOCKS, Answer, Everything, ExternalLink
from tests.newsroom.people import browser_of, translator_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.extending import translation_status
from wagtail_localize_desk.html_texts import (
    extract_raw,
    extract_strings,
    restore_raw,
    restore_strings,
)

pytestmark = pytest.mark.django_db

RICH = (
    '<p data-block-key="a1">{0} <b>{1}</b> &amp; <a href="https://example.org/?a=1&amp;b=2">{2}</a>'
    '<br/>&quot;{3}&quot; &#x27;x&#x27;</p><hr/><ul><li data-block-key="a2">{4}</li></ul>'
    '<embed alt="{5}" embedtype="image" format="left" id="1"/>'
    '<embed embedtype="media" url="https://example.org/v"/>'
)
RAW = (
    "<!-- note to editors --><style>p { color: red }</style>\n<div class=box><p id='x'>{0} "
    '<b class="y">{1}</b><br></p><img src="a.png" alt="{2}"><input placeholder="{3}" disabled>'
    "<script>if (1 < 2) alert('no prose');</script><svg><text x=1>drawn</text></svg></div>"
)


class Content:
    """A page with prose in every place: `prose` are all texts that people read."""

    def __init__(self, home: Page) -> None:
        self.prose: list[str] = []
        self.home = home
        self.image = get_image_model().objects.create(
            title="gambar.png", file=get_test_image_file()
        )
        self.document = get_document_model().objects.create(
            title="laporan.pdf", file=SimpleUploadedFile("laporan.pdf", b"%PDF")
        )
        self.topic = published_topic(home.locale)

    def words(self) -> str:
        """New words that a reader sees."""
        self.prose.append(f"Ayat {len(self.prose)} tamat")
        return self.prose[-1]

    def rich(self) -> str:
        return RICH.format(*(self.words() for _number in range(6)))

    def raw(self) -> str:
        return re.sub(r"\{\d\}", lambda found: self.words(), RAW)

    def items(self, *values: Any) -> list[Any]:
        return [{"type": "item", "id": str(uuid.uuid4()), "value": value} for value in values]

    def picture(self) -> dict[str, Any]:
        return {"image": self.image.pk, "decorative": False, "alt_text": self.words()}

    def box(self) -> dict[str, Any]:
        return {
            "label": self.words(),
            "facts": {
                "title": self.words(),
                "notes": self.items(self.words(), self.words()),
                "picture": self.picture(),
            },
            "rows": self.items(self.items(self.words()), self.items(self.words(), self.words())),
        }

    def table(self) -> dict[str, Any]:
        return {
            "data": [[self.words(), "1,75 %", None], ["", self.words(), "2019"]],
            "cell": [],
            "mergeCells": [],
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_header_choice": "row",
            "table_caption": self.words(),
        }

    def typed(self) -> dict[str, Any]:
        types = ["char", "rich", "number", "box", "picture"]
        return {
            "columns": [{"type": each, "heading": self.words()} for each in types],
            "rows": [
                {"values": [self.words(), self.rich(), number, self.box(), self.picture()]}
                for number in (1, 2)
            ],
            "caption": self.words(),
        }

    def values(self) -> dict[str, Any]:
        """A value for each class of block, by its name."""
        return {
            "char": self.words(),
            "text": self.words() + "\r\n  " + self.words() + "\t ",
            "rich": self.rich(),
            "quote": self.words(),
            "raw": self.raw(),
            "url": "https://example.org/",
            "email": "a@example.org",
            "regex": "ABC",
            "integer": 1,
            "float": 1.5,
            "decimal": "1.5",
            "boolean": True,
            "date": "2020-01-01",
            "time": "10:00:00",
            "datetime": "2020-01-01T10:00:00",
            "choice": "a",
            "choices": ["a"],
            "static": None,
            "page": self.home.pk,
            "snippet": self.topic.pk,
            "document": self.document.pk,
            "image_chooser": self.image.pk,
            "image": self.picture(),
            "embed": "https://example.org/v",
            "box": self.box(),
            "list": self.items(self.box(), self.box()),
            "stream": [
                {"type": "text", "id": str(uuid.uuid4()), "value": self.words()},
                {"type": "box", "id": str(uuid.uuid4()), "value": self.box()},
            ],
            "table": self.table(),
            "typed": self.typed(),
        }

    def body(self) -> list[dict[str, Any]]:
        values = self.values()
        assert set(values) == {name for name, _block in ALL_BLOCKS}
        return [
            {"type": name, "id": str(uuid.uuid4()), "value": value}
            for name, value in values.items()
        ]

    def page(self) -> Everything:
        locale = self.home.locale
        page = Everything(
            title=self.words(),
            slug="semua",
            locale=locale,
            live=False,
            seo_title=self.words(),
            search_description=self.words(),
            subtitle=self.words(),
            summary=f"{self.words()}\r\n {self.words()}",
            intro=self.rich(),
            link="https://example.org/",
            contact="a@example.org",
            kind="a",
            code="kod-1",
            picture=self.image,
            body=json.dumps(self.body()),
        )
        page.answers = [Answer(question=self.words(), answer=self.rich(), locale=locale)]
        page.navigation = [
            ExternalLink(label=self.words(), url="https://example.org/", locale=locale)
        ]
        self.home.add_child(instance=page)
        page.save_revision().publish()
        return Everything.objects.get(pk=page.pk)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def content(home: Page, english_home: Page) -> Content:
    return Content(home)


@pytest.fixture
def everything(content: Content, en: Locale) -> Everything:
    page = content.page()
    submit(content.topic, en)
    submit(page, en)
    return page


def segments(page: Everything) -> list[StringSegment]:
    found = StringSegment.objects.filter(source__object_id=page.translation_key)
    return list(found.select_related("string", "context").order_by("order"))


def test_every_prose_text_gets_a_string(content, everything):
    found = " ".join(segment.string.data for segment in segments(everything))
    missing = [words for words in content.prose if not re.search(rf"{words}(?!\d)", found)]
    assert missing == []
    assert len(content.prose) > 100


def test_what_is_no_prose_gets_none(everything):
    found = [segment.string.data for segment in segments(everything)]
    for text in ("1,75 %", "2019", "ABC", "https://example.org/", "a@example.org", "gambar.png"):
        assert text not in found
    together = " ".join(found)
    for text in ("no prose", "note to editors", "color", "drawn"):
        assert text not in together


CHILDREN = {"answers": ("question", "answer"), "navigation": ("label", "url")}


def content_of(page: Everything) -> dict[str, Any]:
    """All that is in a page, as it is stored."""
    children = {
        relation: [
            {field: getattr(child, field) for field in fields}
            for child in getattr(page, relation).all()
        ]
        for relation, fields in CHILDREN.items()
    }
    row = Everything.objects.filter(pk=page.pk).values().get()
    own = {"title", "seo_title", "search_description", "body"} | {
        field.attname for field in Everything._meta.local_fields if field.name != "page_ptr"
    }
    stored = {name: value for name, value in row.items() if name in own}
    # The stream as it is stored, not as Python has it.
    stored["body"] = page.body.get_prep_value()
    return {**stored, **children}


def test_a_language_that_says_the_same_gets_the_same_bytes(content, everything, en):
    for segment in segments(everything):
        translate_string(segment, en, segment.string.data)
    target = publish_translation(everything, en)
    source, written = content_of(everything), content_of(target)
    topic = target_of(content.topic, en)
    for each in source["body"]:
        if each["type"] == "snippet":
            each["value"] = topic.pk
    for name in source:
        assert written[name] == source[name], name
    assert translation_status(target).status == "complete"


def test_every_string_comes_out_where_it_came_from(content, everything, en):
    for segment in segments(everything):
        words = re.sub(r"Ayat (\d+) tamat", r"Sentence \1 ends", segment.string.data)
        translate_string(segment, en, words)
    target = publish_translation(everything, en)
    text = json.dumps(content_of(target), default=str, ensure_ascii=False)
    assert "Ayat" not in text
    for number in range(len(content.prose)):
        assert f"Sentence {number} ends" in text
    raw = next(child.value for child in target.body if child.block_type == "raw")
    assert "<script>if (1 < 2) alert('no prose');</script>" in raw
    assert "<!-- note to editors -->" in raw
    assert '<svg><text x="1">drawn</text></svg>' in raw
    assert 'alt="Sentence' in raw


def test_the_screen_says_where_each_string_is(content, everything, en, english_home):
    user = translator_of(english_home)
    speak_english(user)
    names = " | ".join(Screen(browser_of(user), target_of(everything, en)).names)
    for name in (
        "Intro › Alternative text",
        "Rich › Alternative text",
        "Table › Caption",
        "Table › Row 1, column 1",
        "Typed › Heading of column 2",
        "Typed › Row 2, column 1",
        "Answer › Question",
        "External link › Label",
        "Meta description",
    ):
        assert name in names, name


def test_the_sentences_of_a_rich_text_are_counted_without_its_pictures(everything, en):
    """Front-ends find the sentences that are not translated by their number."""
    for segment in segments(everything):
        if segment.context.path == "intro" and "Ayat 10 " not in segment.string.data:
            translate_string(segment, en, "Translated")
    status = translation_status(publish_translation(everything, en))
    parts = status.untranslated_parts["intro"]
    assert (parts.count, parts.numbers) == (2, {1})
    assert "intro.alt" in status.untranslated


def test_a_row_that_moves_keeps_its_translation(content, home, en):
    page = content.page()
    submit(page, en)
    [table] = [child for child in page.body if child.block_type == "table"]
    words = table.value["data"][0][0]
    path = f"body.{table.id}.cells.0.0"
    translate_string(segment_at(page, path), en, "Translated")
    data = page.body.get_prep_value()
    for child in data:
        if child["type"] == "table":
            child["value"]["data"].insert(0, ["Baris baharu", "", ""])
    page = republish(page, body=json.dumps(data, cls=DjangoJSONEncoder))
    row = string_at(page, en, f"body.{table.id}.cells.1.0")
    assert (row.source_words, row.words, row.is_current) == (words, "Translated", True)


@pytest.mark.parametrize("name", ["embed", "image", "char"])
def test_an_optional_block_may_be_empty(home, english_home, en, name):
    value = {"embed": "", "image": None, "char": None}[name]
    page = Everything(title="Kosong", slug="kosong", locale=home.locale, live=False)
    page.body = json.dumps([{"type": name, "id": str(uuid.uuid4()), "value": value}])
    home.add_child(instance=page)
    page.save_revision().publish()
    submit(Everything.objects.get(pk=page.pk), en)
    assert translation_of(page, en)


HTML = [
    "<p>A &amp; B &lt; C</p>",
    '<p><b class="x">Bold</b> and <i id="k">italic</i></p>',
    '<p>A <abbr title="T">B</abbr> C</p>',
    '<img alt="A &amp; &lt;c&gt;"/>',
    '<p></p><embed alt="" embedtype="image"/>',
    "",
]


@pytest.mark.parametrize("html", HTML)
def test_html_is_put_together_again(html):
    for extract, restore in ((extract_strings, restore_strings), (extract_raw, restore_raw)):
        template, found = extract(html)
        assert "data-wagtail-localize-desk-hidden" not in template
        assert restore(template, found) == html


def test_code_in_raw_html_is_kept_as_it_is():
    words = iter("abcd")
    html = re.sub(r"\{\d\}", lambda found: next(words), RAW)
    restored = restore_raw(*extract_raw(html))
    for part in (
        "<!-- note to editors -->",
        "<style>p { color: red }</style>",
        "<script>if (1 < 2) alert('no prose');</script>",
    ):
        assert part in restored
    assert [string.data for string, _attrs in extract_raw(html)[1]] == [
        'a <b id="b1">b</b>',
        "c",
        "d",
    ]


def test_a_translation_has_no_tags_that_its_source_lacks(everything, en):
    segment = segment_at(everything, "title")
    translation = translate_string(segment, en, '<b id="b1">News</b>')
    translation.refresh_from_db()
    publish_translation(everything, en)
    row = string_at(everything, en, "title")
    assert row.reason == "error"
