"""Create, publish and correct pages in the admin, with its Malay messages."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.pages.models import HomePage, ProfilePage, StandardPage
from tests.factories import (
    ActFactory,
    HomePageFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RoleFactory,
    SchemeFactory,
    SiteFactory,
    StandardPageFactory,
    root_page,
)
from tests.snippets.forms import submit


def add(model: Any, parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["pages", model._meta.model_name, parent.pk])


def edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def items(*values: Any) -> dict[str, Any]:
    """The form data of a list inside a section."""
    listed = {
        str(position): {"value": value, "order": str(position), "deleted": ""}
        for position, value in enumerate(values)
    }
    return {"count": str(len(values)), **listed}


def text(heading: str, anchor: str = "", body: str = "<p>Teks</p>") -> tuple[str, dict[str, Any]]:
    return ("text", {"heading": heading, "anchor": anchor, "body": rich_text(body)})


def all_sections() -> dict[str, str]:
    """One section of each type, as the form of a profile sends them."""
    events = items(
        {"date": "1985-07-01", "precision": "day", "text": "Menjadi badan berkanun."},
        {"date": "", "precision": "year", "text": "Ditubuhkan."},
    )
    sections = [
        text("Latar Belakang"),
        ("timeline", {"heading": "Garis masa", "anchor": "sejarah", "events": events}),
        ("statement", {"heading": "VISI", "anchor": "", "kind": "vision", "text": "Peneraju"}),
        ("roles", {"heading": "Peranan", "anchor": "", "roles": items(RoleFactory().pk)}),
        ("acts", {"heading": "Akta", "anchor": "", "acts": items(ActFactory().pk)}),
        ("schemes", {"heading": "Skim", "anchor": "", "schemes": items(SchemeFactory().pk)}),
        (
            "contact",
            {"heading": "Hubungi", "anchor": "", "organisation": OrganisationFactory().pk},
        ),
    ]
    return nested_form_data({"sections": streamfield(sections)})


@pytest.fixture
def home(db: None) -> HomePage:
    return SiteFactory().root_page


def test_a_home_page_is_created_and_published(admin: Client) -> None:
    values = {"title": "PERKESO", "slug": "ms", "intro": rich_text("<p>Selamat datang</p>")}
    assert submit(admin, add(HomePage, root_page()), values, "action-publish").status_code == 302
    page = HomePage.objects.get()
    assert page.live
    assert "Selamat datang" in page.intro


def test_a_profile_with_every_section_is_created_and_published(admin: Client, home: Page) -> None:
    values = {"title": "Profil", "slug": "profil"} | all_sections()
    response = submit(admin, add(ProfilePage, home), values, "action-publish")
    assert response.status_code == 302, unescape(response.content.decode())
    page = ProfilePage.objects.get()
    assert page.live
    assert [section.block_type for section in page.sections] == [
        "text",
        "timeline",
        "statement",
        "roles",
        "acts",
        "schemes",
        "contact",
    ]
    assert [section.value["anchor"] for section in page.sections] == [
        "latar-belakang",
        "sejarah",
        "visi",
        "peranan",
        "akta",
        "skim",
        "hubungi",
    ]
    assert page.sections[1].value["events"][1]["date"] is None
    assert admin.get(edit(page)).status_code == 200
    assert admin.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200


def test_a_standard_page_with_every_block_is_created_and_published(
    admin: Client, home: Page
) -> None:
    image = Image.objects.create(
        title="Menara", description="Menara PERKESO", file=get_test_image_file()
    )
    picture = {"image": image.pk, "alt_text": "Menara PERKESO", "decorative": ""}
    call_out = {"tone": "warning", "heading": "", "body": rich_text("<p>Awas penipuan</p>")}
    form = Document.objects.create(title="Borang", file=ContentFile(b"x", name="borang.pdf"))
    answer = rich_text("<p>Majikan.</p>")
    question = {"question": "Siapa mencarum?", "answer": answer, "anchor": ""}
    file = {"document": form.pk, "language": "en"}
    transcript = rich_text("<p>Transkrip video.</p>")
    body = [
        text("Pengenalan"),
        ("image", {"image": picture, "caption": "Ibu pejabat"}),
        ("call_out", call_out),
        ("faq", {"heading": "Soalan lazim", "anchor": "", "questions": items(question)}),
        ("download", {"title": "Borang", "form_number": "1", "files": items(file)}),
        (
            "video",
            {"title": "Video", "video": "https://vimeo.com/12345678", "transcript": transcript},
        ),
        ("quote", {"text": "Petikan", "source": "Akhbar", "role": "", "url": ""}),
    ]
    values = {"title": "Perlindungan", "slug": "perlindungan", "social_image": image.pk}
    values |= nested_form_data({"body": streamfield(body)})
    response = submit(admin, add(StandardPage, home), values, "action-publish")
    assert response.status_code == 302, unescape(response.content.decode())
    page = StandardPage.objects.get()
    assert page.social_image == image
    assert page.body[1].value["image"].contextual_alt_text == "Menara PERKESO"
    html = admin.get("/ms/perlindungan/").content.decode()
    assert 'alt="Menara PERKESO"' in html
    assert "Awas penipuan" in html
    assert page.body[3].value["anchor"] == "soalan-lazim"
    for words in ("Siapa mencarum?", 'hreflang="en"', "Transkrip video.", "Akhbar"):
        assert words in html


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ProfilePage, {"title": "Profil", "slug": "a", "sections-count": "0"}),
        (StandardPage, {"title": "Halaman", "slug": "a", "body-count": "0"}),
    ],
)
def test_a_page_needs_only_a_title(
    admin: Client, home: Page, model: Any, values: dict[str, str]
) -> None:
    assert submit(admin, add(model, home), values, "action-publish").status_code == 302
    assert model.objects.get().live


@pytest.mark.parametrize("model", [ProfilePage, StandardPage])
def test_a_page_without_a_title_is_rejected_in_malay(admin: Client, home: Page, model: Any) -> None:
    nothing = {"sections-count": "0", "body-count": "0"}
    response = submit(admin, add(model, home), nothing, "action-publish")
    assert response.status_code == 200
    assert "Medan ini wajib diisi." in unescape(response.content.decode())
    assert not model.objects.exists()


@pytest.mark.parametrize("action", ["", "action-publish"])
def test_a_duplicate_anchor_is_rejected_in_malay(admin: Client, home: Page, action: str) -> None:
    values = {"title": "Profil", "slug": "profil"}
    values |= nested_form_data({"sections": streamfield([text("Satu", "a"), text("Dua", "a")])})
    response = submit(admin, add(ProfilePage, home), values, action)
    assert response.status_code == 200
    assert not ProfilePage.objects.exists()
    (error,) = response.context["form"].errors.as_data()["sections"]
    assert error.block_errors[1].block_errors["anchor"].messages == [
        "Bahagian lain pada halaman ini sudah menggunakan alamat ini."
    ]


def test_an_empty_section_is_rejected_but_kept_in_a_draft(admin: Client, home: Page) -> None:
    empty = {"heading": "", "anchor": "", "kind": "vision", "text": ""}
    values = {"title": "Profil", "slug": "profil"}
    values |= nested_form_data({"sections": streamfield([("statement", empty)])})
    response = submit(admin, add(ProfilePage, home), values, "action-publish")
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"sections"}
    assert submit(admin, add(ProfilePage, home), values).status_code == 302
    draft = ProfilePage.objects.get()
    assert not draft.live
    assert submit(admin, edit(draft), values, "action-publish").status_code == 200
    draft.refresh_from_db()
    assert not draft.live


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("timeline", {"events": {"count": "0"}}),
        ("roles", {"roles": {"count": "0"}}),
        ("acts", {"acts": {"count": "0"}}),
        ("schemes", {"schemes": {"count": "0"}}),
        ("contact", {"organisation": ""}),
        ("statement", {"kind": "slogan", "text": "x"}),
        ("timeline", {"events": items({"date": "1985", "precision": "year", "text": "x"})}),
    ],
)
def test_a_section_without_its_content_is_not_published(
    admin: Client, home: Page, section: str, value: dict[str, Any]
) -> None:
    stream = [(section, {"heading": "Tajuk", "anchor": "", **value})]
    values = {"title": "Profil", "slug": "profil"}
    values |= nested_form_data({"sections": streamfield(stream)})
    response = submit(admin, add(ProfilePage, home), values, "action-publish")
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"sections"}


def test_sections_can_be_reordered(admin: Client, home: Page) -> None:
    values = {"title": "Profil", "slug": "profil"} | all_sections()
    submit(admin, add(ProfilePage, home), values, "action-publish")
    page = ProfilePage.objects.get()
    before = [(section.id, section.value["anchor"]) for section in page.sections]
    page.sections = list(reversed(page.sections.get_prep_value()))
    page.save_revision().publish()
    page.refresh_from_db()
    assert [(s.id, s.value["anchor"]) for s in page.sections] == before[::-1]


def test_a_second_home_page_in_a_language_is_rejected_in_malay(
    admin: Client, home: Page, english: Locale
) -> None:
    values = {"title": "Lain", "slug": "lain"}
    response = submit(admin, add(HomePage, root_page()), values, "action-publish")
    assert response.status_code == 200
    assert "Laman utama dalam bahasa ini sudah ada." in unescape(response.content.decode())
    assert HomePage.objects.count() == 1
    HomePageFactory(locale=english)
    assert admin.get(add(HomePage, root_page())).status_code in (302, 403)


def test_a_profile_cannot_be_added_twice(admin: Client, home: Page) -> None:
    ProfilePageFactory()
    assert admin.get(add(ProfilePage, home)).status_code in (302, 403)


def test_the_form_is_in_malay(admin: Client, home: Page) -> None:
    html = unescape(admin.get(edit(StandardPageFactory())).content.decode())
    for words in ("Kandungan halaman", "Ringkasan", "Imej untuk perkongsian", "Terjemahan kerja"):
        assert words in html, words


def test_a_page_can_be_submitted_to_a_workflow_and_locked(admin: Client, home: Page) -> None:
    page = StandardPageFactory()
    admin.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    page.refresh_from_db()
    assert page.locked


def test_a_slug_is_reserved_for_the_draft_that_has_it(admin: Client, home: Page) -> None:
    """Otherwise the second to be approved would fail where no form can show the error."""
    first = StandardPageFactory(parent=home, slug="satu")
    second = StandardPageFactory(parent=home, slug="dua")
    values = {"title": "Halaman", "slug": "baharu", "body-count": "0"}
    assert submit(admin, edit(first), values).status_code == 302
    for url in (edit(second), add(StandardPage, home)):
        response = submit(admin, url, values)
        assert response.status_code == 200
        assert response.context["form"].errors == {
            "slug": [
                "Halaman lain di sini menggunakan alamat ini. Alamat yang belum digunakan: baharu-2"
            ]
        }
    assert submit(admin, edit(first), values, "action-publish").status_code == 302
    first.refresh_from_db()
    assert first.slug == "baharu"


def test_a_new_page_with_the_title_of_a_sibling_gets_a_free_address(
    admin: Client, home: Page
) -> None:
    values = {"title": "Faedah Hilang Upaya", "slug": "faedah-hilang-upaya", "body-count": "0"}
    slugs = []
    for _number in range(3):
        assert submit(admin, add(StandardPage, home), values).status_code == 302
        page = StandardPage.objects.order_by("-pk").first()
        assert page is not None
        # Autosave sends the address that its form still shows.
        assert submit(admin, edit(page), {**values, "summary": "Baharu"}).status_code == 302
        slugs.append(page.get_latest_revision_as_object().slug)
    assert slugs == ["faedah-hilang-upaya", "faedah-hilang-upaya-2", "faedah-hilang-upaya-3"]


def test_an_address_that_somebody_chose_is_refused_with_a_free_one(
    admin: Client, home: Page
) -> None:
    StandardPageFactory(parent=home, slug="faedah")
    values = {"title": "Bantuan", "slug": "faedah", "body-count": "0"}
    response = submit(admin, add(StandardPage, home), values)
    assert response.context["form"].errors["slug"] == [
        "Halaman lain di sini menggunakan alamat ini. Alamat yang belum digunakan: faedah-2"
    ]
    page = StandardPageFactory(parent=home, slug="bantuan", title="Bantuan")
    page.save_revision().publish()
    response = submit(admin, edit(page), {**values, "title": "Faedah"}, "action-publish")
    # A public address changes only by a person's choice.
    assert response.context["form"].errors["slug"]
