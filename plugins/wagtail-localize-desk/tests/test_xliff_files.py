"""XLIFF 1.2 and 2.1: what is written, what is read, and what is refused with its line."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from tests.newsroom.content import (
    BODY,
    HEADING,
    POINT_TEXT,
    body,
    publish_translation,
    published_article,
    republish,
    string_at,
    submit,
    translate,
    translation_of,
)
from tests.newsroom.models import Article
from tests.newsroom.people import browser_of, publisher_of
from tests.test_translation_files import ODD
from tests.translation_files import Preview, downloaded, stored
from wagtail_localize_desk.exchange import xml_reading
from wagtail_localize_desk.exchange.entries import ExportedString
from wagtail_localize_desk.exchange.exporting import strings_of
from wagtail_localize_desk.exchange.formats import FORMATS, read_file
from wagtail_localize_desk.models import Method, Reason, State, UploadedTranslations
from wagtail_localize_desk.review import approve

pytestmark = pytest.mark.django_db

VERSIONS = ["xliff-1.2", "xliff-2.1"]
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LINKED = '<p>Lihat <a href="https://example.org/">Akta <b>4</b></a><br/>ini</p>'


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\n"), min_size=1)


@pytest.fixture
def client(user: User) -> Client:
    return browser_of(user)


@pytest.fixture
def article(home: Page, english_home: Page, en: Locale) -> Article:
    """An article with pieces, line breaks and a string in each state."""
    article = published_article(home, body=body(text=LINKED, point="Satu\r\nDua & \x0b <tiga>"))
    submit(article, en)
    translate(article, en, "slug")
    approve([string_at(article, en, "title")], publisher_of(english_home))
    return republish(article, body=body("Tajuk!", text=LINKED, point="Satu\r\nDua & \x0b <tiga>"))


@pytest.fixture
def job(article: Article, en: Locale) -> Translation:
    return translation_of(article, en)


def root_of(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def unit_at(content: bytes, path: str) -> ElementTree.Element:
    """The unit of the first string at a path."""
    return next(
        each
        for each in root_of(content).iter()
        if path in (each.get("resname"), each.get("name")) and local(each) in ("trans-unit", "unit")
    )


def edited(content: bytes, *pairs: tuple[str, str]) -> bytes:
    text = content.decode()
    for before, after in pairs:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text.encode()


# What is written

#: For each element its attributes, with what their values are, and the order of its elements. A
#: question mark after a name means that it may be left out. It is the part of the published schemas
#: that these files use.
NMTOKEN = r"[\w.:-]+"
TEXT_1 = r"(g|x)*"
TEXT_2 = r"(pc|ph|cp)*"
GRAMMAR: dict[str, dict[str, tuple[dict[str, str], str]]] = {
    "urn:oasis:names:tc:xliff:document:1.2": {
        "xliff": ({"version": "1.2"}, "(file)+"),
        "file": (
            {
                "original": ".+",
                "source-language": r"[a-z]{2}(-[a-z]+)?",
                "target-language": r"[a-z]{2}(-[a-z]+)?",
                "datatype": "html",
            },
            "body",
        ),
        "body": ({}, "(trans-unit)*"),
        "trans-unit": (
            {"id": ".+", "resname": ".+", "approved": "yes|no", XML_SPACE: "preserve"},
            r"source (target )?(note )+",
        ),
        "source": ({}, TEXT_1),
        "target": ({"state": "needs-review-translation|translated|final"}, TEXT_1),
        "note": ({"from": ".+"}, ""),
        "g": ({"id": NMTOKEN, "ctype": r"bold|italic|link|x-html-\w+"}, TEXT_1),
        "x": ({"id": NMTOKEN, "ctype": "lb|x-character"}, ""),
    },
    "urn:oasis:names:tc:xliff:document:2.0": {
        "xliff": (
            {"version": "2.1", "srcLang": r"[a-z]{2}(-[a-z]+)?", "trgLang": r"[a-z]{2}(-[a-z]+)?"},
            "(file)+",
        ),
        "file": ({"id": NMTOKEN, "original": ".+", "canResegment": "no"}, "(unit)+"),
        "unit": ({"id": NMTOKEN, "name": ".+"}, "notes segment "),
        "notes": ({}, "(note )+"),
        "note": ({"category": ".+"}, ""),
        "segment": (
            {"state": "initial|translated|final", "subState?": "desk:[a-z-]+"},
            "source (target )?",
        ),
        "source": ({XML_SPACE: "preserve"}, TEXT_2),
        "target": ({XML_SPACE: "preserve"}, TEXT_2),
        "pc": (
            {
                "id": NMTOKEN,
                "type": "link|fmt|other",
                "subType?": r"xlf:[bi]|html:\w+",
                "canCopy": "no",
                "canDelete": "no",
                "dispStart": ".+",
            },
            TEXT_2,
        ),
        "ph": ({"id": NMTOKEN, "type": "fmt", "subType": "xlf:lb"}, ""),
        "cp": ({"hex": "[0-9A-F]{4,6}"}, ""),
    },
}


def assert_conforms(element: ElementTree.Element) -> None:
    namespace, name = element.tag[1:].split("}")
    attributes, children = GRAMMAR[namespace][name]
    expected = {key.removesuffix("?") for key in attributes}
    required = {key for key in attributes if not key.endswith("?")}
    assert required <= set(element.attrib) <= expected, (name, element.attrib)
    for key, pattern in attributes.items():
        value = element.get(key.removesuffix("?"))
        assert value is None or re.fullmatch(pattern, value), (name, key, value)
    found = "".join(f"{local(child)} " for child in element)
    pattern = re.sub(r"\)([+*])", r" )\1", children).replace("  ", " ")
    pattern = re.sub(r"\(([\w|-]+) \)", r"(?:(?:\1) )", pattern)
    if pattern and pattern[-1].isalpha():
        pattern += " "
    assert re.fullmatch(pattern, found), (name, pattern, found)
    for child in element:
        assert_conforms(child)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_conforms_to_the_published_schema(client, job, version):
    root = root_of(downloaded(client, job, version))
    assert_conforms(root)
    units = [each for each in root.iter() if local(each) in ("trans-unit", "unit")]
    assert len(units) == 6
    assert len({unit.get("id") for unit in units}) == 6
    for unit in units:
        ids = [each.get("id") for each in unit.iter() if local(each) in ("g", "x", "pc", "ph")]
        assert all(ids.count(each) <= 2 for each in ids)


def test_states_of_xliff_1(client, job):
    content = downloaded(client, job, "xliff-1.2")
    found = {}
    for path in ("title", "slug", HEADING, POINT_TEXT):
        unit = unit_at(content, path)
        target = unit.find("{*}target")
        found[path] = unit.get("approved"), target.get("state") if target is not None else None
    assert found == {
        "title": ("yes", "final"),
        "slug": ("no", None),
        HEADING: ("no", "needs-review-translation"),
        POINT_TEXT: ("no", "translated"),
    }


def test_states_of_xliff_2(client, job):
    content = downloaded(client, job, "xliff-2.1")
    found = {
        path: unit_at(content, path).find("{*}segment").attrib
        for path in ("title", "slug", HEADING, POINT_TEXT)
    }
    assert found == {
        "title": {"state": "final"},
        "slug": {"state": "initial"},
        HEADING: {"state": "initial", "subState": "desk:needs-review"},
        POINT_TEXT: {"state": "translated"},
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_pieces_line_breaks_and_notes(client, job, version):
    content = downloaded(client, job, version).decode()
    assert "Section: Tajuk! › Points › Text</note>" in content
    if version == "xliff-1.2":
        text = (
            'Lihat <g id="1" ctype="link">Akta <g id="2" ctype="bold">4</g></g>'
            '<x id="lb-1" ctype="lb"/>ini'
        )
        assert "Link “Akta 4” → https://example.org/</note>" in content
        point = (
            'Satu&#13;<x id="lb-1" ctype="lb"/>Dua &amp; '
            '<x id="char-000B-2" ctype="x-character"/> &lt;tiga&gt;'
        )
    else:
        assert 'dispStart="Link “Akta 4” → https://example.org/"' in content
        text = '<ph id="lb-1" type="fmt" subType="xlf:lb"/>ini'
        point = (
            'Satu&#13;<ph id="lb-1" type="fmt" subType="xlf:lb"/>Dua &amp; <cp hex="000B"/> '
            "&lt;tiga&gt;"
        )
    assert f"{text}</source>" in content
    assert f"{point}</source>" in content
    assert "\x0b" not in content


# What comes back


@pytest.mark.parametrize("version", VERSIONS)
def test_an_export_that_is_imported_changes_nothing(client, job, version):
    before = stored()
    preview = Preview(client, job, downloaded(client, job, version), "a.xlf")
    assert preview.counts == {"Unchanged": 5, "Without a translation in the file": 1}
    preview.confirm()
    assert stored() == before


@pytest.mark.parametrize("version", VERSIONS)
def test_one_edit_changes_one_string(client, user, article, en, job, version):
    content = edited(downloaded(client, job, version), ("EN Tajuk<", "Heading<"))
    state = 'state="needs-review-translation"'
    if version == "xliff-2.1":
        state = 'state="initial" subState="desk:needs-review"'
    content = edited(content, (state, 'state="translated"'))
    preview = Preview(client, job, content)
    assert preview.counts["Will change"] == 1
    preview.confirm()
    row = string_at(article, en, HEADING)
    assert (row.words, row.state, row.method, row.author) == (
        "Heading",
        State.TRANSLATED,
        Method.IMPORT,
        user,
    )
    name = {"xliff-1.2": "XLIFF 1.2", "xliff-2.1": "XLIFF 2.1"}[version]
    assert (
        job.source.stringsegment_set.get(context__path=HEADING)
        .string.translations.get(locale=en)
        .tool_name
        == name
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_unfinished_targets_need_review(client, article, en, job, version):
    content = edited(downloaded(client, job, version), (">EN Satu&#13;", ">One&#13;"))
    unfinished = {"xliff-1.2": "needs-translation", "xliff-2.1": "initial"}[version]
    text = content.decode()
    start = text.index(POINT_TEXT)
    text = text[:start] + text[start:].replace('state="translated"', f'state="{unfinished}"', 1)
    preview = Preview(client, job, text.encode())
    assert preview.counts["Will need review"] == 1
    preview.confirm()
    row = string_at(article, en, POINT_TEXT)
    assert (row.state, row.reason) == (State.NEEDS_REVIEW, Reason.IMPORT)


def test_a_segment_without_a_state_is_not_done_as_the_standard_says(client, job):
    content = edited(downloaded(client, job, "xliff-2.1"), (">EN Satu&#13;", ">One&#13;"))
    text = content.decode()
    start = text.index(POINT_TEXT)
    text = text[:start] + text[start:].replace(' state="translated"', "", 1)
    assert Preview(client, job, text.encode()).counts["Will need review"] == 1


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("words", ODD)
def test_text_survives_byte_for_byte(client, home, english_home, en, words, version):
    article = published_article(home, body=body(point=words))
    submit(article, en)
    job = translation_of(article, en)
    unit = rf'(?s)({re.escape(POINT_TEXT)}".*?<source[^>]*>(.*?)</source>)'
    target = {"xliff-1.2": "<target>", "xliff-2.1": '<target xml:space="preserve">'}[version]
    text = downloaded(client, job, version).decode()
    text = re.sub(unit, rf"\1{target}\2</target>", text)
    Preview(client, job, text.encode()).confirm()
    assert publish_translation(article, en).body[0].value["points"][0]["text"] == words


@pytest.mark.parametrize("version", VERSIONS)
@given(words=WORDS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back(job: Translation, version: str, words: str) -> None:
    from django.utils.html import escape

    [first, *_more] = strings_of(job)
    row = first.row
    row.string.words = row.string.source_words = str(escape(words))
    for cached in ("source", "saved_text", "pieces"):
        row.__dict__.pop(cached, None)
    content = FORMATS[version].write(job, [ExportedString(row, words)])
    assert_conforms(root_of(content))
    file_format, [entry] = read_file(content, job)
    assert file_format.key == version
    assert (entry.source, entry.text) == (row.source, row.saved_text)
    assert entry.context == row.string.path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings_of_xml_are_read(client, job, encoding):
    text = downloaded(client, job, "xliff-2.1").decode()
    text = edited(text.encode(), ("EN Tajuk<", "Café<")).decode()
    declared = encoding.removesuffix("-sig")
    content = text.replace("UTF-8", declared, 1).replace("›", ">").replace("“", "").replace("”", "")
    content = content.replace("→", "")
    section = Preview(client, job, content.encode(encoding)).section("unfinished")
    assert "Café" in section


def test_what_other_programs_add_is_read(client, article, en, job):
    """Marks, segments of a divided text, candidates of a memory, namespaces of their own."""
    content = downloaded(client, job, "xliff-2.1").decode()
    content = content.replace(
        'version="2.1"', 'version="2.0" xmlns:my="urn:example" my:tool="x"', 1
    )
    segment = re.search(rf'(?s){re.escape(HEADING)}".*?(<segment.*?</segment>)', content)[1]
    divided = (
        '<my:history><my:entry/></my:history><segment state="final"><source>Tajuk</source>'
        '<target order="3">here</target></segment><ignorable><source></source></ignorable>'
        '<segment state="translated"><source>!</source>'
        '<target order="1"><mrk id="m1" type="term">Heading</mrk> </target></segment>'
    )
    content = content.replace(segment, divided).replace("<my:history><my:entry/></my:history>", "")
    preview = Preview(client, job, content.encode())
    preview.confirm()
    assert string_at(article, en, HEADING).words == "Heading here"

    content = downloaded(client, job, "xliff-1.2").decode()
    content = content.replace(
        "Heading here</target>",
        '<mrk mtype="seg" mid="0">Another</mrk> heading</target>'
        "<alt-trans><source>Tajuk</source><target>From a memory</target></alt-trans>",
    )
    Preview(client, job, content.encode()).confirm()
    assert string_at(article, en, HEADING).words == "Another heading"


def test_a_piece_may_be_written_as_its_start_and_its_end(client, article, en, job):
    content = downloaded(client, job, "xliff-2.1").decode()
    target = re.search(r"(?s)Lihat.*?<target[^>]*>(.*?)</target>", content)[1]
    content = content.replace(
        f"{target}</target>",
        'See <sc id="1"/>Act <pc id="2">4</pc><ec startRef="1"/><ph id="lb-1"/>this</target>',
    )
    Preview(client, job, content.encode()).confirm()
    assert string_at(article, en, BODY).words == ('See <a id="a1">Act <b>4</b></a><br/>this')


BROKEN = {
    "lost": ("See this", "are missing"),
    "twice": ('<{0} id="1">a<{0} id="2">b</{0}></{0}><{0} id="1">c</{0}>', "is there twice"),
    "of another": ('<{0} id="7">a</{0}>', "{{7}} is not in the source"),
    "of no number": ('<{0} id="x">a</{0}>', "&lt;{0}&gt; is not in the source"),
    "unknown": ('a<{1} id="k"/>', "&lt;{1}&gt; is not in the source"),
    "empty": ('<{0} id="1"/><{0} id="2">4</{0}>', "Write the translation of"),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("fault", BROKEN)
def test_targets_with_other_pieces_are_refused(client, job, version, fault):
    names = {"xliff-1.2": ("g", "ph"), "xliff-2.1": ("pc", "ph")}[version]
    words, reason = (text.format(*names) for text in BROKEN[fault])
    content = downloaded(client, job, version).decode()
    target = re.search(r"(?s)Lihat.*?<target[^>]*>(.*?)</target>", content)[1]
    preview = Preview(client, job, content.replace(target, words).encode())
    assert preview.counts["Cannot be imported"] == 1
    assert reason.replace("&lt;", "<").replace("&gt;", ">") in preview.section("refused")


def test_what_is_unknown_or_doubled_is_listed(client, job):
    content = downloaded(client, job, "xliff-1.2").decode()
    more = (
        '<trans-unit id="n1" resname="body.x"><source>Lain</source><target>Other</target>'
        '</trans-unit><group><trans-unit id="n2" resname="title"><source>Lama</source>'
        '<target>Old</target></trans-unit></group><trans-unit id="n3" resname="title">'
        "<source>Berita</source><target>Another</target></trans-unit>"
    )
    preview = Preview(client, job, content.replace("</body>", f"{more}</body>").encode())
    assert preview.counts == {
        "Unchanged": 4,
        "Without a translation in the file": 1,
        "Doubles": 1,
        "Other source text": 1,
        "Unknown place": 1,
    }


# What is refused


def refusal(client: Client, job: Translation, content: bytes) -> str:
    response = client.post(
        reverse("wagtail_localize_desk:upload", args=[job.pk]),
        {"file": SimpleUploadedFile("a.xlf", content)},
        follow=True,
    )
    assert not UploadedTranslations.objects.exists()
    [message] = [str(message) for message in response.context["messages"]]
    assert message.strip().endswith("Nothing was imported.")
    return message


FAULTS: dict[str, tuple[str, str, str]] = {
    "not XLIFF": ("<xliff ", "<html ", "Line 1 cannot be read as XML."),
    "another namespace": ("urn:oasis", "urn:other", "Line 2 does not begin a file of XLIFF"),
    "another version": ('version="', 'version="9', "Line 2 does not begin a file of XLIFF"),
    "another source language": ('"ms"', '"id"', "the language is “id”, and should be “ms”."),
    "another target language": ('"en"', '"ta"', "the language is “ta”, and should be “en”."),
    "another translation": ('original="', 'original="x', "Line 3: the file is of another"),
    "no translation": ("original", "my-original", "Line 3 does not say which translation"),
    "without a source": ("source>Mula</source>", "note>Mula</note>", "without a source"),
    "damaged": ("EN Tajuk<", "EN Tajuk<<", "cannot be read as XML."),
    "cut": ("</xliff>", "", "cannot be read as XML."),
    "NUL": ("EN Tajuk<", "EN\x00Tajuk<", "cannot be read as XML."),
    "an unknown entity": ("EN Tajuk<", "EN &nbsp;<", "cannot be read as XML."),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_read_is_refused_with_line_and_reason(client, job, version, fault):
    before, after, reason = FAULTS[fault]
    content = downloaded(client, job, version).decode()
    if fault == "not XLIFF":
        content, reason = content[content.index("<xliff") :][:60], "Line 1 cannot be read as XML."
    elif fault == "another version":
        content = content.replace('" version="', '" version="9')
    elif fault == "without a source":
        content = re.sub(r"<source[^>]*>Mula</source>", "", content)
    else:
        assert before in content
        content = content.replace(before, after)
    message = refusal(client, job, content.encode())
    assert reason in message
    assert re.search(r"Line \d+", message)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_variant_of_the_language_is_the_language(client, job, version):
    content = downloaded(client, job, version).replace(b'"en"', b'"en-MY"')
    assert Preview(client, job, content).counts["Unchanged"] == 5


ATTACKS = {
    "laughs": '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>',
    "file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "network": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    "empty": "<!DOCTYPE xliff>",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_document_types_and_entities_are_refused(client, job, attack):
    content = downloaded(client, job, "xliff-1.2").decode()
    content = content.replace("<xliff", f"{ATTACKS[attack]}\n<xliff", 1)
    assert "Line 2 has a document type or an entity" in refusal(client, job, content.encode())


def test_depth_and_size_are_bounded(client, job, monkeypatch):
    content = downloaded(client, job, "xliff-1.2").decode()
    deep = "<mrk mtype='x'>" * 5000 + "</mrk>" * 5000
    assert "more elements" in refusal(
        client, job, content.replace("EN Tajuk<", f"{deep}<").encode()
    )
    monkeypatch.setattr(xml_reading, "MOST_ELEMENTS", 20)
    assert "more elements" in refusal(client, job, content.encode())


def test_attributes_cannot_be_used_to_name_things_elsewhere(client, job):
    """Instructions for programs and style sheets are passed over."""
    content = downloaded(client, job, "xliff-1.2").decode()
    content = content.replace("<xliff", '<?xml-stylesheet href="http://127.0.0.1:9/x"?>\n<xliff', 1)
    assert Preview(client, job, content.encode()).counts["Unchanged"] == 5


def test_unknown_states_are_finished_ones(client, job) -> Any:
    content = downloaded(client, job, "xliff-1.2").decode()
    content = content.replace('state="translated"', 'state="signed-off"')
    assert Preview(client, job, content.encode()).counts["Unchanged"] == 5
