"""Permissions are named in the admin's language; the database is unchanged."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.translation import override
from wagtail.users.forms import GroupForm

from cms.admin_language.permission_names import permission_name

pytestmark = pytest.mark.django_db


def test_no_permission_in_the_group_form_has_an_english_name_in_malay():
    with override("ms"):
        permissions = GroupForm().fields["permissions"].queryset
        names = {permission_name(permission) for permission in permissions}
    assert len(names) > 40
    assert [name for name in names if re.search(r"\b(Can|any|with|page|locked)\b", name)] == []


def test_a_permission_is_named_in_the_active_language():
    with override("en"):
        assert permission_name(Permission.objects.get(codename="publish_act")) == "Can publish act"
    with override("ms"):
        permission = Permission.objects.get(codename="publish_act")
        assert permission_name(permission) == "Boleh menerbitkan akta"
        assert str(permission).endswith("| Boleh menerbitkan akta")
        permission = Permission.objects.get(codename="add_locale")
        assert permission_name(permission) == "Boleh menambah bahasa kandungan"


def test_the_form_of_a_group_is_all_in_malay_and_changes_no_permission():
    admin = Client()
    admin.force_login(User.objects.create_superuser("pentadbir", "p@example.test", "rahsia"))
    names = list(Permission.objects.values_list("name", flat=True))
    page = admin.get("/admin/groups/new/").content.decode()
    assert ">Boleh menambah akta</label>" in page
    assert "<h3>Bahasa kandungan</h3>" in page
    assert "Boleh mengunci" in page
    assert not re.search(r">\s*Can \w+", page)
    assert list(Permission.objects.values_list("name", flat=True)) == names
