"""Create, publish and correct snippets in the admin, with its Malay messages."""

from __future__ import annotations

import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.snippets.models import Act, Convention, Organisation, Regulation, Role, Scheme
from tests.factories import (
    ActFactory,
    ConventionFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RoleFactory,
)
from tests.snippets.forms import submit


def address(model: Any, view: str, *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(view), args=args)


def messages(response: Any) -> str:
    """The page of a form that was rejected and is shown again."""
    assert response.status_code == 200, "the form was accepted"
    return unescape(response.content.decode())


ACT = {"title": "Akta Keselamatan Sosial Pekerja 1969", "number": "4", "year": "1969"}


def valid(model: Any) -> dict[str, Any]:
    """Valid form values for each type; creates the snippets that they refer to."""
    if model is Act:
        return ACT | {"abbreviation": "AKSP", "assent_date": "1969-04-02"}
    if model is Regulation:
        return {"title": "Peraturan-Peraturan (Am) 1971", "act": ActFactory().pk, "year": "1971"}
    if model is Scheme:
        return {"title": "Skim Keilatan", "act": ActFactory().pk, "sort_order": "2"}
    if model is Role:
        acts = [{"act": ActFactory().pk}, {"act": ActFactory().pk}]
        values = nested_form_data({"acts": inline_formset(acts)})
        return {"text": "Mentadbir dan menguatkuasakan Akta;", "sort_order": "1", **values}
    if model is Convention:
        return {"title": "Konvensyen 102", "body": "ILO", "number": "102", "year": "1952"}
    if model is Organisation:
        lists = {
            "phones": inline_formset([{"label": "", "number": "1-300-22-8000"}]),
            "navigation": inline_formset(
                [
                    {"label": "", "page": ProfilePageFactory().pk, "url": ""},
                    {"label": "ILO", "page": "", "url": "https://www.ilo.org/"},
                ]
            ),
        }
        names = {"name": "Pertubuhan Keselamatan Sosial", "short_name": "PERKESO"}
        return names | {"address": "Jalan Ampang\r\nKuala Lumpur\r\n"} | nested_form_data(lists)
    raise AssertionError(f"Add valid values for {model.__name__} here.")


MODELS = [Act, Regulation, Scheme, Role, Convention, Organisation]


@pytest.mark.parametrize("model", MODELS)
def test_valid_values_are_published(admin: Client, model: Any) -> None:
    response = submit(admin, address(model, "add"), valid(model), "action-publish")
    assert response.status_code == 302, unescape(response.content.decode())
    snippet = model.objects.get()
    assert snippet.live
    assert not snippet.has_unpublished_changes
    assert snippet.locale.language_code == "ms"


@pytest.mark.parametrize("model", MODELS)
def test_an_edit_is_a_draft_until_it_is_published(admin: Client, model: Any) -> None:
    submit(admin, address(model, "add"), valid(model), "action-publish")
    snippet = model.objects.get()
    name = next(field for field in ("title", "text", "name") if hasattr(snippet, field))
    before = getattr(snippet, name)
    edit = address(model, "edit", snippet.pk)
    assert submit(admin, edit, {name: "Teks baharu"}).status_code == 302
    snippet.refresh_from_db()
    assert getattr(snippet, name) == before
    assert getattr(snippet.get_latest_revision_as_object(), name) == "Teks baharu"
    assert submit(admin, edit, {}, "action-publish").status_code == 302
    snippet.refresh_from_db()
    assert getattr(snippet, name) == "Teks baharu"


@pytest.mark.parametrize("model", MODELS)
def test_an_empty_form_is_rejected_in_malay(admin: Client, model: Any) -> None:
    response = submit(admin, address(model, "add"), {}, "action-publish")
    assert "Medan ini wajib diisi." in messages(response)
    assert not model.objects.exists()


@pytest.mark.parametrize("model", MODELS)
def test_a_snippet_can_be_scheduled(admin: Client, model: Any) -> None:
    tomorrow = timezone.localtime(timezone.now() + datetime.timedelta(days=1))
    values = valid(model) | {"go_live_at": tomorrow.strftime("%Y-%m-%d %H:%M")}
    assert submit(admin, address(model, "add"), values, "action-publish").status_code == 302
    snippet = model.objects.get()
    assert not snippet.live
    assert snippet.scheduled_revision is not None


def test_lines_of_an_address_are_kept_without_carriage_returns(admin: Client) -> None:
    submit(admin, address(Organisation, "add"), valid(Organisation), "action-publish")
    organisation = Organisation.objects.get()
    assert organisation.address == "Jalan Ampang\nKuala Lumpur"
    assert [phone.number for phone in organisation.phones.all()] == ["1-300-22-8000"]
    assert [str(item) for item in organisation.navigation.all()] == ["Profil", "ILO"]


def test_the_acts_of_a_role_keep_their_order(admin: Client) -> None:
    values = valid(Role)
    submit(admin, address(Role, "add"), values, "action-publish")
    acts = [link.act_id for link in Role.objects.get().acts.all()]
    assert acts == [values["acts-0-act"], values["acts-1-act"]]


@pytest.mark.parametrize("action", ["", "action-publish"])
def test_a_second_act_with_the_same_number_and_year_is_rejected(admin: Client, action: str) -> None:
    ActFactory(number=4, year=1969)
    response = submit(admin, address(Act, "add"), ACT, action)
    assert "Akta dengan nombor dan tahun ini sudah ada dalam bahasa ini." in messages(response)


def test_an_act_exists_once_in_each_language(admin: Client, english: Locale) -> None:
    ActFactory(number=4, year=1969)
    response = submit(admin, f"{address(Act, 'add')}?locale=en", ACT, "action-publish")
    assert response.status_code == 302
    assert set(Act.objects.values_list("locale__language_code", "slug")) == {
        ("ms", "akta-4"),
        ("en", "akta-4"),
    }


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (
            {"assent_date": "1969-04-10", "gazette_date": "1969-04-02"},
            "Sesuatu Akta disiarkan dalam Warta selepas mendapat Perkenan Diraja.",
        ),
        ({"brand_since": "2025-08-23"}, "Nyatakan jenama yang digunakan sejak tarikh ini."),
        ({"source_checked_on": "2999-01-01"}, "Tarikh ini belum tiba."),
        ({"year": "19699"}, "2200"),
        ({"number": "0"}, "1"),
        ({"slug": "akta 4"}, "slug"),
        ({"assent_date": "2 April"}, "tarikh"),
    ],
)
def test_impossible_facts_are_rejected(admin: Client, values: dict[str, str], text: str) -> None:
    response = submit(admin, address(Act, "add"), ACT | values, "action-publish")
    form = response.context["form"]
    field = next(iter(set(values) - {"assent_date"}), "assent_date")
    field = "brand" if field == "brand_since" else field
    assert text in " ".join(form.errors[field])
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"assent_date": "1969-04-02", "gazette_date": "1969-04-02"},
        {"gazette_date": "1969-04-10"},
        {"assent_date": "1969-04-10", "in_force_date": "1969-01-01"},
    ],
    ids=["one day", "assent unknown", "retrospective"],
)
def test_unusual_facts_are_accepted(admin: Client, values: dict[str, str]) -> None:
    response = submit(admin, address(Act, "add"), ACT | values, "action-publish")
    assert response.status_code == 302


def test_a_slug_is_unique_within_a_language(admin: Client) -> None:
    ConventionFactory(slug="c102")
    values = valid(Convention) | {"slug": "c102"}
    response = submit(admin, address(Convention, "add"), values, "action-publish")
    assert "Pengecam ini sudah digunakan oleh entri lain dalam bahasa ini." in messages(response)


def test_a_second_organisation_in_a_language_is_rejected(admin: Client) -> None:
    OrganisationFactory()
    response = submit(admin, address(Organisation, "add"), valid(Organisation), "action-publish")
    assert "Organisasi dalam bahasa ini sudah ada." in messages(response)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"label": "Kosong"}, "Sila pilih halaman atau isikan alamat luar."),
        ({"url": "https://a.my/"}, "Pautan ke laman lain memerlukan labelnya sendiri."),
        (
            {"label": "Dua", "url": "https://a.my/", "page": "profile"},
            "Pilih halaman atau alamat luar, bukan kedua-duanya.",
        ),
    ],
)
def test_a_link_has_exactly_one_target(admin: Client, item: dict[str, str], text: str) -> None:
    values = valid(Organisation)
    if item.get("page"):
        item = item | {"page": values["navigation-0-page"]}
    item = {"label": "", "page": "", "url": ""} | item
    values |= nested_form_data({"navigation": inline_formset([item])})
    response = submit(admin, address(Organisation, "add"), values, "action-publish")
    assert text in messages(response)
    assert not Organisation.objects.exists()


def test_a_copy_of_an_act_must_become_another_act(admin: Client) -> None:
    act = ActFactory()
    response = submit(admin, address(Act, "copy", act.pk), {}, "action-publish")
    assert "Akta dengan nombor dan tahun ini sudah ada dalam bahasa ini." in messages(response)


def test_a_copy_of_a_role_copies_its_acts(admin: Client) -> None:
    role = RoleFactory(acts=[ActFactory(), ActFactory()])
    page = address(Role, "copy", role.pk)
    response = submit(admin, page, {"slug": "", "text": "Peranan lain"}, "action-publish")
    assert response.status_code in (200, 302)
    role.refresh_from_db()
    assert role.acts.count() == 2, "the original keeps its Acts"


def test_an_act_that_regulations_refer_to_cannot_be_deleted(admin: Client) -> None:
    values = valid(Regulation)
    submit(admin, address(Regulation, "add"), values, "action-publish")
    admin.post(address(Act, "delete", values["act"]))
    assert Act.objects.filter(pk=values["act"]).exists()


def test_the_usage_page_of_an_act_lists_references(
    admin: Client, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        values = valid(Regulation)
        submit(admin, address(Regulation, "add"), values, "action-publish")
    html = admin.get(address(Act, "usage", values["act"])).content.decode()
    assert "Peraturan-Peraturan (Am) 1971" in html


def test_a_locked_snippet_cannot_be_changed(admin: Client, django_user_model) -> None:
    other = django_user_model.objects.create_user("lain")
    act = ActFactory(locked=True, locked_by=other, locked_at=timezone.now())
    edit = address(Act, "edit", act.pk)
    admin.post(edit, ACT | {"title": "Tajuk baharu", "action-publish": "1"})
    act.refresh_from_db()
    assert act.title != "Tajuk baharu"
