"""Questions, downloads, videos and quotations: what is accepted, shown and translated."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import OverridableSegment, StringSegment

from cms.pages.blocks.video import Video, VideoAddressBlock, video_at
from cms.pages.models import StandardPage
from tests.factories import SiteFactory, StandardPageFactory
from tests.pages.body_blocks import download, faq, quote, stream, video
from tests.snippets.forms import submit
from tests.snippets.translating import translate
from wagtail_delivery.extending import verify

IDENTITY = "abcdefghijk"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"https://www.youtube.com/watch?v={IDENTITY}&t=10s&list=x", IDENTITY),
        (f"https://m.youtube.com/watch?v={IDENTITY}", IDENTITY),
        (f"https://youtu.be/{IDENTITY}?si=tracker", IDENTITY),
        (f"https://www.youtube.com/shorts/{IDENTITY}", IDENTITY),
        (f"https://www.youtube.com/live/{IDENTITY}?feature=share", IDENTITY),
        (f"https://www.youtube-nocookie.com/embed/{IDENTITY}", IDENTITY),
        ("https://vimeo.com/123456789", "123456789"),
        ("https://vimeo.com/channels/staffpicks/123456789", "123456789"),
        ("https://player.vimeo.com/video/123456789?h=abc", "123456789"),
        ("https://www.youtube.com/@perkeso", None),
        ("https://www.youtube.com/watch?v=short", None),
        ("https://www.youtube.com/watch", None),
        (f"https://youtube.com.contoh.test/watch?v={IDENTITY}", None),
        (f"https://contoh.test/youtu.be/{IDENTITY}", None),
        (f"javascript://youtu.be/{IDENTITY}", None),
        ("https://vimeo.com/perkeso", None),
        ("https://[youtu.be/abcdefghijk", None),
        ("", None),
    ],
)
def test_videos_of_known_providers_are_recognised(url: str, found: str | None) -> None:
    video = video_at(url)
    assert (video.id if video else None) == found


@pytest.mark.parametrize(
    ("video", "url"),
    [
        (Video("youtube", IDENTITY), f"https://www.youtube.com/watch?v={IDENTITY}"),
        (Video("vimeo", "123456789"), "https://vimeo.com/123456789"),
    ],
)
def test_the_address_of_a_video_leads_to_it_and_tells_nothing_else(video: Video, url: str) -> None:
    assert video.url == url
    assert video_at(url) == video


def test_the_address_of_anything_else_is_refused() -> None:
    with pytest.raises(ValidationError, match="YouTube"):
        VideoAddressBlock().clean("https://contoh.test/video.mp4")


@pytest.fixture
def home(db: None) -> Page:
    return SiteFactory().root_page


@pytest.fixture
def form_file(db: None) -> Any:
    file = ContentFile(b"%PDF-1.4 borang", name="borang-1.pdf")
    return get_document_model().objects.create(title="Borang 1", file=file)


def published(form_file: Any) -> StandardPage:
    blocks = stream(faq=faq(), download=download(form_file), video=video(), quote=quote())
    page = StandardPageFactory(slug="bantuan", body=json.dumps(blocks))
    page.save_revision().publish()
    return page


def document(page: StandardPage, locale: str = "ms") -> dict[str, Any]:
    found = Client().get(f"/api/v1/pages/{page.translation_key}", {"locale": locale})
    assert found.status_code == 200, found.content
    content: dict[str, Any] = json.loads(found.content)
    return content


def values(page: StandardPage, locale: str = "ms") -> dict[str, Any]:
    return {block["type"]: block["value"] for block in document(page, locale)["body"]}


def test_the_api_has_each_block_with_all_that_a_front_end_shows(home: Page, form_file: Any) -> None:
    found = values(published(form_file))
    assert found["faq"] == {
        "heading": "Soalan lazim",
        "anchor": "soalan-lazim",
        "questions": [
            {
                "question": "Siapa mencarum?",
                "answer": {
                    "html": "<p>Majikan dan pekerja.</p>",
                    "text": "Majikan dan pekerja.",
                },
                "anchor": "siapa-mencarum",
            }
        ],
    }
    [file] = found["download"].pop("files")
    assert found["download"] == {"title": "Borang pendaftaran", "form_number": "Borang 1"}
    assert file["language"] == "ms"
    assert file["document"]["media_type"] == "application/pdf"
    assert file["document"]["size"] == len(b"%PDF-1.4 borang")
    assert file["document"]["filename"].endswith(".pdf")
    assert found["video"] == {
        "title": "Cara mencarum",
        "video": {
            "provider": "youtube",
            "id": IDENTITY,
            "url": f"https://www.youtube.com/watch?v={IDENTITY}",
        },
        "transcript": {"html": "<p>Selamat datang.</p>", "text": "Selamat datang."},
    }
    assert found["quote"] == quote()


def test_words_are_translated_and_facts_are_the_same_in_every_language(
    home: Page, english: Locale, form_file: Any
) -> None:
    translate(home, english)
    page = published(form_file)
    translate(page, english)
    paths = StringSegment.objects.filter(context__path__startswith="body.").values_list(
        "context__path", flat=True
    )
    assert set(paths) == {
        "body.faq.heading",
        "body.faq.questions.soalan-1.question",
        "body.faq.questions.soalan-1.answer",
        "body.download.title",
        "body.video.title",
        "body.video.transcript",
        "body.quote.text",
        "body.quote.source",
        "body.quote.role",
    }
    assert not OverridableSegment.objects.filter(context__path__startswith="body.").exists()
    malay, translated = values(page), values(page, "en")
    assert translated["faq"]["questions"][0]["question"] == "EN Siapa mencarum?"
    assert translated["faq"]["anchor"] == "soalan-lazim"
    assert translated["faq"]["questions"][0]["anchor"] == "siapa-mencarum"
    assert translated["download"]["form_number"] == "Borang 1"
    assert translated["download"]["files"] == malay["download"]["files"]
    assert translated["video"]["video"] == malay["video"]["video"]
    assert translated["quote"]["url"] == malay["quote"]["url"]
    status = document(page, "en")["meta"]["translation"]
    assert status["status"] == "partial"
    # The title of a file in the library has the library's language, as elsewhere.
    assert status["languages"] == {"/body/1/value/files/0/document/title": "ms"}
    assert not list(verify())


def test_the_plain_preview_shows_each_block_whole(
    admin: Client, home: Page, form_file: Any
) -> None:
    page = published(form_file)
    html = unescape(admin.get("/ms/bantuan/").content.decode())
    for words in (
        '<details id="siapa-mencarum">',
        "Siapa mencarum?",
        "Majikan dan pekerja.",
        "Borang pendaftaran (Borang 1)",
        'hreflang="ms"',
        "(Bahasa Melayu",
        "Cara mencarum",
        "Selamat datang.",
        "Perlindungan untuk semua.",
        "Nama contoh",
        "Jawatan contoh",
    ):
        assert words in html, words
    assert "<iframe" not in html
    assert admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def in_form(name: str, value: dict[str, Any]) -> dict[str, Any]:
    body = nested_form_data({"body": streamfield([(name, value)])})
    return {"title": "Bantuan", "slug": "bantuan"} | body


EMPTY: dict[str, dict[str, Any]] = {
    "faq": {"heading": "", "anchor": "", "questions": {"count": "0"}},
    "download": {"title": "", "form_number": "", "files": {"count": "0"}},
    "video": {"title": "", "video": "", "transcript": rich_text("")},
    "quote": {"text": "", "source": "", "role": "", "url": ""},
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_block_is_kept_in_a_draft_and_not_published(
    admin: Client, home: Page, name: str
) -> None:
    url = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home.pk])
    sent = in_form(name, EMPTY[name])
    response = submit(admin, url, sent, "action-publish")
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"body"}
    assert submit(admin, url, sent).status_code == 302
    page = StandardPage.objects.get()
    assert not page.live
    draft = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    assert admin.get(draft).status_code == 200
