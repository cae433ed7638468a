"""Who works with the files of private collections."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupCollectionPermission, Locale
from wagtail.permissions import policy_registry

from cms.editors.groups import EDITOR_GROUPS, ensure_groups
from tests.factories import HomePageFactory

pytestmark = pytest.mark.django_db

EDITORS = {rights.name for rights in EDITOR_GROUPS}
OFFICER, PUBLISHER, TRANSLATOR = (rights.name for rights in EDITOR_GROUPS)
ADMINISTRATOR = "Pentadbir"
SECRET = "Rahsia"
#: A word in the titles of all files.
FOUND = "Bahan"
numbers = count(1)


@pytest.fixture(autouse=True)
def groups(malay: Locale, english: Locale) -> None:
    for locale in (malay, english):
        HomePageFactory(locale=locale)
    ensure_groups()


def member_of(*groups: str) -> User:
    """A new member, who has no rights in any cache."""
    user = User.objects.create_user(f"ahli{next(numbers)}")
    user.groups.set(Group.objects.filter(name__in=groups))
    return User.objects.get(pk=user.pk)


def browser_of(*groups: str) -> Client:
    client = Client()
    client.force_login(member_of(*groups))
    return client


def private(kind: str = "login", *, parent: Collection | None = None) -> Collection:
    parent = parent or Collection.get_first_root_node()
    collection = parent.add_child(instance=Collection(name=f"{SECRET}{next(numbers)}"))
    if kind:
        collection.view_restrictions.create(restriction_type=kind, password="x")
    return collection


def image_in(collection: Collection, **fields: Any) -> Any:
    file = SimpleUploadedFile("gambar.png", get_test_image_file().file.getvalue())
    return get_image_model().objects.create(
        title=f"{FOUND} {SECRET}", file=file, collection=collection, **fields
    )


def document_in(collection: Collection) -> Any:
    file = SimpleUploadedFile("laporan.pdf", b"%PDF-1.4")
    return get_document_model().objects.create(
        title=f"{FOUND} {SECRET}", file=file, collection=collection
    )


def may(action: str, file: Any) -> set[str]:
    """The groups whose members may do `action` with a file, asked in each way of the policy."""
    policy = policy_registry.get(file)
    found = set()
    for name in (*EDITORS, ADMINISTRATOR):
        user = member_of(name)
        one = policy.user_has_permission_for_instance(user, action, file)
        listed = policy.instances_user_has_permission_for(user, action).filter(pk=file.pk).exists()
        collections = policy.collections_user_has_permission_for(user, action)
        users = policy.users_with_permission_for_instance(action, file)
        assert one == listed == users.filter(pk=user.pk).exists(), (name, action)
        if action == "choose":
            assert one == collections.filter(pk=file.collection_id).exists()
        found |= {name} if one else set()
    return found


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
@pytest.mark.parametrize("make", [image_in, document_in])
def test_rights_do_not_reach_down_into_a_private_collection(kind: str, make: Any) -> None:
    """Those who may change the collection could make it public."""
    file = make(private(kind))
    for action in ("choose", "change", "delete"):
        assert may(action, file) == {ADMINISTRATOR}
    below = make(private("", parent=file.collection))
    assert may("choose", below) == {ADMINISTRATOR}


def test_rights_reach_down_into_a_public_collection() -> None:
    file = image_in(private(""))
    assert may("choose", file) == EDITORS | {ADMINISTRATOR}
    assert may("change", file) == {PUBLISHER, ADMINISTRATOR}


def test_the_groups_that_the_privacy_names_keep_their_rights() -> None:
    file = image_in(private("groups"))
    privacy = file.collection.view_restrictions.get()
    privacy.groups.set(Group.objects.filter(name__in=[PUBLISHER, TRANSLATOR]))
    assert may("choose", file) == {PUBLISHER, TRANSLATOR, ADMINISTRATOR}
    assert may("change", file) == {PUBLISHER, ADMINISTRATOR}
    inner = image_in(private("login", parent=file.collection))
    assert may("choose", inner) == {ADMINISTRATOR}


def test_groups_named_by_privacy_of_another_kind_are_not_admitted() -> None:
    file = image_in(private("login"))
    privacy = file.collection.view_restrictions.get()
    privacy.groups.set(Group.objects.filter(name=OFFICER))
    assert may("choose", file) == {ADMINISTRATOR}


def test_a_right_on_the_private_collection_itself_counts() -> None:
    outer = private()
    inner = private("", parent=outer)
    for collection, name, action in ((outer, TRANSLATOR, "choose"), (inner, OFFICER, "change")):
        GroupCollectionPermission.objects.create(
            group=Group.objects.get(name=name),
            collection=collection,
            permission=Permission.objects.get(codename=f"{action}_image"),
        )
    assert may("choose", image_in(outer)) == {TRANSLATOR, ADMINISTRATOR}
    assert may("choose", image_in(inner)) == {TRANSLATOR, ADMINISTRATOR}
    assert may("change", image_in(outer)) == {ADMINISTRATOR}
    assert may("change", image_in(inner)) == {OFFICER, ADMINISTRATOR}


def test_who_uploaded_a_file_loses_it_to_a_private_collection() -> None:
    officer = member_of(OFFICER)
    file = image_in(Collection.get_first_root_node(), uploaded_by_user=officer)
    policy = policy_registry.get(file)
    assert policy.user_has_permission_for_instance(officer, "change", file)
    file.collection = private()
    file.save()
    officer = User.objects.get(pk=officer.pk)
    assert not policy.user_has_permission_for_instance(officer, "change", file)
    assert not policy.instances_user_has_permission_for(officer, "change").exists()


@pytest.mark.parametrize("group", sorted(EDITORS))
def test_the_admin_shows_no_private_file_and_no_private_collection(group: str) -> None:
    client = browser_of(group)
    collection = private()
    image, document = image_in(collection), document_in(collection)
    public = image_in(Collection.get_first_root_node())
    get_image_model().objects.filter(pk=public.pk).update(title="Menara")
    lists = [
        reverse("wagtailadmin_api:images:listing"),
        reverse("wagtailadmin_api:documents:listing"),
        f"{reverse('wagtailadmin_api:images:listing')}?search={FOUND}",
        f"{reverse('wagtailimages_chooser:choose_results')}?q={FOUND}",
        f"{reverse('wagtaildocs_chooser:choose_results')}?q={FOUND}",
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtaildocs_chooser:choose"),
        reverse("wagtailimages_chooser:chosen_multiple") + f"?id={image.pk}",
        reverse("wagtaildocs_chooser:chosen_multiple") + f"?id={document.pk}",
    ]
    if group != TRANSLATOR:
        lists += [reverse("wagtailimages:index"), reverse("wagtaildocs:index")]
    for address in lists:
        response = client.get(address)
        assert (address, response.status_code) == (address, 200)
        assert SECRET not in response.content.decode(), address
    for name in (
        *("wagtailadmin_api:images:detail", "wagtailimages_chooser:chosen"),
        *("wagtailimages_chooser:select_format", "wagtailimages:edit", "wagtailimages:delete"),
        *("wagtailadmin_api:documents:detail", "wagtaildocs_chooser:chosen"),
        *("wagtaildocs:edit", "wagtaildocs:delete"),
    ):
        file = image if "image" in name else document
        for send in (client.get, client.post):
            refused = send(reverse(name, args=[file.pk]))
            missing = send(reverse(name, args=[4711]))
            assert (name, refused.status_code) == (name, missing.status_code)
            assert refused.status_code != 200
    for kind, file in {
        ("wagtailimages", "image"): image,
        ("wagtaildocs", "document"): document,
    }.items():
        address = f"{reverse('wagtail_bulk_action', args=[*kind, 'delete'])}?id={file.pk}"
        assert client.get(address).status_code == client.post(address).status_code == 404
    assert get_image_model().objects.filter(pk=image.pk).exists()
    assert get_document_model().objects.filter(pk=document.pk).exists()
    chooser = client.get(reverse("wagtailimages_chooser:choose")).json()["html"]
    assert "Menara" in chooser


def test_nothing_is_uploaded_or_moved_into_a_private_collection() -> None:
    client = browser_of(PUBLISHER)
    collection = private()
    file = SimpleUploadedFile("gambar.png", get_test_image_file().file.getvalue())
    form = {"title": "Menara", "file": file, "collection": collection.pk}
    client.post(reverse("wagtailimages:add"), form)
    assert not get_image_model().objects.filter(collection=collection).exists()
    image = image_in(Collection.get_first_root_node())
    move = reverse("wagtail_bulk_action", args=["wagtailimages", "image", "add_to_collection"])
    client.post(f"{move}?id={image.pk}", {"collection": collection.pk})
    image.refresh_from_db()
    assert image.collection != collection
