"""Labels derived from names in code are in the admin's language.

Each test walks all classes, so an upgrade shows what is new: add a new label to `MESSAGES` and to
`locale/`, patch a text that is no message, or explain it here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models
from django.forms.utils import pretty_name
from django.test import Client
from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import override
from django.utils.translation.trans_real import translation
from django_filters import FilterSet
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail import hooks
from wagtail.admin.forms.choosers import PhoneLinkChooserForm
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.forms import TaskStateCommentForm
from wagtail.images.blocks import ImageBlock
from wagtail.models import Comment, Locale, Page, ReferenceIndex, Revision, Site, Workflow
from wagtail.users.models import UserProfile
from wagtail.users.views.bulk_actions.assign_role import RoleForm as AssignRoleForm
from wagtail_localize.views.report import TranslationsReportFilterSet

from cms.editors.groups import ensure_groups
from cms.pages.models import StandardPage
from cms.snippets.models import Act
from tests.factories import HomePageFactory, StandardPageFactory

PACKAGES = ("taggit", "wagtail", "wagtail_localize")
#: Labels and help texts that are no message: form, field and attribute.
FORMS = {
    "in Django's admin, which has no URL here": {
        ("MergeTagsForm", "new_tag_name", "label"),
        ("MergeTagsForm", "new_tag_name", "help_text"),
    },
    "a symbol": {("AnchorLinkChooserForm", "url", "label")},
    "set by the form's __init__, or hidden": {
        ("CommentForm", "resolved", "label"),
        ("LoginForm", "remember", "label"),
        ("SubmitTranslationForm", "include_subtree", "label"),
    },
}
COLUMNS = {"the heading is a checkbox": {"bulk_actions"}}


@pytest.fixture(scope="module", autouse=True)
def _all_is_imported() -> None:
    assert get_resolver().url_patterns
    hooks.search_for_hooks()


def is_message(text: Any) -> bool:
    """Whether the Malay catalogue has `text`; derived names start with a lower-case letter."""
    with override("en"):
        english = str(text)
    catalogue = translation("ms")._catalog
    return english in catalogue or english[:1].lower() + english[1:] in catalogue


def subclasses_of(base: type) -> Iterator[type]:
    """The packages' classes derived from `base`."""
    for kind in type.__subclasses__(base):
        if str(kind.__module__).partition(".")[0] in PACKAGES:
            yield kind
        yield from subclasses_of(kind)


def is_translated(text: Any) -> bool:
    return isinstance(text, Promise) and is_message(text)


def test_each_form_field_is_labelled_by_a_message():
    explained = set().union(*FORMS.values())
    found = set()
    for form in {*subclasses_of(forms.BaseForm)}:
        for name, field in getattr(form, "base_fields", {}).items():
            if field.widget.is_hidden:
                continue
            if field.label is None and not is_message(pretty_name(name)):
                found.add((form.__name__, name, "label"))
            if field.label and not is_translated(field.label):
                found.add((form.__name__, name, "label"))
            if field.help_text and not isinstance(field.help_text, Promise):
                found.add((form.__name__, name, "help_text"))
    assert found == explained


def columns_of_classes() -> Iterator[BaseColumn]:
    for kind in {*subclasses_of(object)}:
        for value in vars(kind).values():
            for one in value if isinstance(value, (list, tuple)) else ():
                if isinstance(one, BaseColumn):
                    yield one


def test_each_column_is_headed_by_a_message():
    explained = set().union(*COLUMNS.values())
    columns = [*columns_of_classes()]
    assert len(columns) > 20
    unknown = [one for one in columns if one.label and not is_translated(one.label)]
    assert {one.name for one in unknown} == explained


def test_each_filter_is_labelled_by_a_message():
    """A filter without a label takes that of its model's field, but not across a lookup."""
    filter_sets = [kind for kind in subclasses_of(FilterSet) if kind.base_filters]
    assert len(filter_sets) > 10
    for kind in filter_sets:
        for name, one in kind.base_filters.items():
            if one._label is None:
                assert "__" not in one.field_name, (kind, name)
                label = kind._meta.model._meta.get_field(one.field_name).verbose_name
                assert is_translated(label), (kind, name, str(label))
            else:
                assert one._label == "" or is_translated(one._label), (kind, name)


def models_of_usage_reports() -> Iterator[type[models.Model]]:
    """The models that usage reports list, with their inline children."""
    for model in ReferenceIndex.tracked_models:
        yield model
        if issubclass(model, ClusterableModel):
            yield from (relation.related_model for relation in get_all_child_relations(model))


def test_each_model_and_field_in_usage_reports_is_named_by_a_message():
    for model in {*models_of_usage_reports()}:
        assert is_translated(model._meta.verbose_name), model
        for field in model._meta.get_fields():
            target = field.related_model
            if not isinstance(field, models.Field) or field.auto_created or target is None:
                continue
            # The parent link to Wagtail's page, and revisions, are no usage.
            if target is Revision or getattr(field.remote_field, "parent_link", False):
                continue
            if field.concrete and target._meta.app_label != "contenttypes":
                assert is_translated(field.verbose_name), field


def test_each_exported_column_is_headed_by_a_message():
    views = [kind for kind in subclasses_of(SpreadsheetExportMixin) if kind.list_export]
    assert len(views) > 5
    for view in views:
        for field in view.list_export:
            with override("en"):
                heading = view().get_heading([], field)
            assert is_message(heading) or is_message(heading.lower()), (view, field, heading)
            assert "_" not in heading


@pytest.mark.parametrize(
    ("form", "name", "malay", "english"),
    [
        (AssignRoleForm, "role", "Peranan", "Role"),
        (PhoneLinkChooserForm, "phone_number", "Nombor telefon", "Phone number"),
        (TaskStateCommentForm, "comment", "Komen", "Comment"),
    ],
)
def test_a_label_follows_the_active_language(form, name, malay, english):
    for language, label in (("ms", malay), ("en", english), ("ms", malay)):
        with override(language):
            assert str(form()[name].label) == label


def account(language: str) -> Client:
    user = User.objects.create_superuser(f"p-{language}", f"{language}@example.test", "rahsia")
    UserProfile.objects.create(user=user, preferred_language=language)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(db: None) -> Client:
    return account("ms")


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("/admin/choose-external-link/", ["Teks pautan"]),
        ("/admin/choose-anchor-link/", ["Teks pautan"]),
        ("/admin/choose-email-link/", ["Alamat e-mel", "Teks pautan", "Subjek", "Isi e-mel"]),
        ("/admin/choose-phone-link/", ["Nombor telefon", "Teks pautan"]),
        ("/admin/snippets/choose/snippets/role/", ["Bahasa kandungan"]),
    ],
)
def test_the_forms_of_choosers_are_all_in_malay(admin, path, labels):
    page = admin.get(path).json()["html"]
    for label in labels:
        assert label in page
    for name in ("Link text", "Email address", "Subject", "Body", "Phone number", "Locale"):
        assert name not in page


def test_the_login_form_is_all_in_malay(client, db):
    page = client.get("/admin/login/").content.decode()
    assert "Nama pengguna" in page
    assert "Kata laluan" in page
    assert "Password" not in page


def test_the_form_of_a_group_is_all_in_malay(admin):
    page = admin.get("/admin/groups/new/").content.decode()
    assert 'for="id_page_permissions-__prefix__-page"' in page
    assert "Page" not in [text.strip() for text in page.replace("<", ">").split(">")]


def test_the_form_of_a_workflow_is_all_in_malay(admin):
    page = admin.get("/admin/workflows/add/").content.decode()
    texts = {text.strip() for text in page.replace("<", ">").split(">")}
    assert {"Jenis kandungan", "Halaman"} <= texts
    assert not {"Content types", "Page"} & texts


def test_bulk_actions_are_all_in_malay(admin):
    home = HomePageFactory(locale=Locale.get_default())
    StandardPageFactory(parent=home)
    text = admin.get(f"/admin/bulk/wagtailcore/page/unpublish/?id={home.pk}").content.decode()
    assert "Sertakan semua halaman di bawahnya" in text
    assert "Include" not in text
    user = User.objects.create_user("lain", "lain@example.test")
    text = admin.get(f"/admin/bulk/auth/user/assign_role/?id={user.pk}").content.decode()
    assert "Peranan" in text
    assert "Role" not in text


def test_the_form_of_a_locale_is_all_in_malay(admin):
    page = admin.get("/admin/locales/new/").content.decode()
    assert "Kandungan daripada" in page
    assert ">Didayakan<" in "".join(page.split())
    assert "Sync from" not in page
    assert "Enabled" not in page


def test_the_table_of_sites_is_all_in_malay(admin):
    Site.objects.create(hostname="laman.example", root_page=Page.objects.get(depth=1))
    page = admin.get("/admin/sites/").content.decode()
    assert "Nama laman" in page
    assert "Halaman akar" in page
    assert "Site name" not in page


def test_the_filters_of_translations_are_all_in_malay(db):
    with override("ms"):
        filters = TranslationsReportFilterSet().form.fields
        assert str(filters["source_locale"].label) == "Bahasa kandungan sumber"
        assert str(filters["target_locale"].label) == "Bahasa kandungan sasaran"


def test_the_usage_report_of_an_account_is_in_malay(admin):
    home = HomePageFactory(locale=Locale.get_default())
    user = User.objects.get()
    Comment.objects.create(page=home, user=user, text="Baik", contentpath="title")
    call_command("rebuild_references_index", verbosity=0)
    page = admin.get(f"/admin/users/usage/{user.pk}/").content.decode()
    assert "Komen → Pengguna" in page


@pytest.mark.parametrize("report", ["workflow", "workflow_tasks"])
@pytest.mark.parametrize("language", ["ms", "en"])
def test_the_headings_of_an_exported_report_are_in_the_language_of_the_account(
    db, report, language
):
    home = HomePageFactory(locale=Locale.get_default())
    ensure_groups()
    page = StandardPageFactory(parent=home, live=False)
    page.save_revision()
    client = account(language)
    Workflow.objects.first().start(page, User.objects.get())
    response = client.get(f"/admin/reports/{report}/?export=csv")
    headings, row = csv.reader(io.StringIO(b"".join(response.streaming_content).decode()))
    assert len(row) == len(headings)
    with override(language):
        assert all(heading and heading == capfirst(heading) for heading in headings)
    expected = {
        ("workflow", "ms"): {"Aliran kerja", "Diminta oleh"},
        ("workflow", "en"): {"Workflow", "Requested by"},
        ("workflow_tasks", "ms"): {"Tugas", "Dimulakan pada"},
        ("workflow_tasks", "en"): {"Task", "Started at", "Finished at", "Finished by"},
    }
    assert expected[report, language] <= {*headings}


@pytest.mark.parametrize(("language", "name"), [("ms", "Imej"), ("en", "Image")])
def test_a_block_label_follows_the_active_language(language: str, name: str) -> None:
    body = StandardPage._meta.get_field("body").stream_block
    (picture,) = (
        block
        for part in body.child_blocks.values()
        for block in getattr(part, "child_blocks", {}).values()
        if isinstance(block, ImageBlock)
    )
    with override(language):
        assert str(picture.child_blocks["image"].label) == name


@pytest.mark.django_db
def test_the_breadcrumbs_of_snippets_follow_the_active_language(client: Client) -> None:
    """Also when the first user reads another language."""
    for language, home in (("en", "Home"), ("ms", "Utama"), ("en", "Home")):
        with override(language):
            assert str(Act.snippet_viewset.breadcrumbs_items[0]["label"]) == home
    made_in_english = Act.snippet_viewset.breadcrumbs_items
    with override("ms"):
        assert str(made_in_english[0]["label"]) == "Utama"
