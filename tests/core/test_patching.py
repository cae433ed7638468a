"""The tables of patches: each is in place, can be checked, and names the code at fault."""

from __future__ import annotations

import re
from importlib.metadata import distribution

import pytest
from django.core import checks
from wagtail.admin.views.generic import CopyViewMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.forms import TaskStateCommentForm
from wagtail_localize.models import StringTranslation

from cms.admin_input import patches as odd_input
from cms.admin_language import patches as language
from cms.content_policy import patches as policy
from cms.core import patching
from cms.editors import patches as rights
from cms.pages import patches as pages

TABLES = {
    "cms_admin_input.E001": odd_input.PATCHES,
    "cms_admin_language.E001": language.PATCHES,
    "cms_content_policy.E001": policy.PATCHES,
    "editors.E001": rights.PATCHES,
    "pages.E001": pages.PATCHES,
}
PATCHES = [patch for table in TABLES.values() for patch in table]
FUNCTIONS = [
    *odd_input.PATCHES,
    *language.FUNCTIONS,
    *policy.PATCHES,
    *rights.PATCHES,
    *pages.PATCHES,
]

UPSTREAM = re.compile(r"^([\w-]+) ([\d.]+): (\S+\.py)$")


def errors() -> list[checks.CheckMessage]:
    return [error for error in checks.run_checks() if error.id in TABLES]


def test_every_patch_is_in_place():
    assert [str(patch) for patch in patching.missing(PATCHES)] == []
    assert errors() == []


def test_an_attribute_is_patched_once():
    attributes = [(id(patch.owner), patch.name) for patch in PATCHES]
    assert len(attributes) == len({*attributes})


def test_applying_again_changes_nothing():
    before = [getattr(patch.owner, patch.name) for patch in PATCHES]
    patching.apply(PATCHES)
    after = [getattr(patch.owner, patch.name) for patch in PATCHES]
    assert all(one is other for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("owner", "attribute", "replacement", "message"),
    [
        (
            StringTranslation,
            "get_comment",
            lambda self: "",
            "StringTranslation.get_comment is no longer what cms.admin_language installed, so the "
            "date of a translation has an English month and is in UTC.",
        ),
        (
            CopyViewMixin,
            "http_method_names",
            ["get", "post"],
            "CopyViewMixin.http_method_names is no longer what cms.editors installed, so a copy's "
            "form, sent to the address of the copy, overwrites the original.",
        ),
        (
            AdminDateInput,
            "render",
            lambda *args, **kwargs: "",
            "AdminDateInput.render is no longer what cms.content_policy installed, so fields for "
            "dates and times have no calendar.",
        ),
        # Equal today, but it does not follow the language.
        (TaskStateCommentForm.base_fields["comment"], "label", "Komen", "CharField"),
    ],
)
def test_a_patch_that_other_code_replaced_fails_the_check(
    monkeypatch, owner, attribute, replacement, message
):
    monkeypatch.setattr(owner, attribute, replacement)
    (error,) = errors()
    assert error.level == checks.ERROR
    assert message in error.msg


def test_every_patch_has_a_reason_and_a_patched_function_names_the_code_at_fault():
    assert all(patch.reason for patch in PATCHES)
    assert all(patch.upstream for patch in FUNCTIONS)


@pytest.mark.parametrize(
    "upstream", sorted({patch.upstream for patch in PATCHES if patch.upstream})
)
def test_the_code_at_fault_is_that_of_the_installed_version(upstream):
    """After an upgrade: read the file again, drop or adapt its patches, then change the version."""
    name, version, file = UPSTREAM.match(upstream).groups()
    installed = distribution(name)
    assert installed.version == version
    assert installed.locate_file(file).is_file()
