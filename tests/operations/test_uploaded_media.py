"""Who may see an upload, and the headers that come with it."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, Site

from cms.editors.groups import OFFICER, ensure_groups
from cms.pages.models import StandardPage
from tests.factories import SiteFactory, StandardPageFactory
from wagtail_delivery.models import PublishedDocument, PublishedFile

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.domain)</script></svg>'


@pytest.fixture(autouse=True)
def site(db) -> None:
    Site.objects.all().delete()
    SiteFactory()


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def officer() -> Client:
    """The browser of an editor who is logged in."""
    ensure_groups()
    user = User.objects.create_user("pegawai")
    user.groups.add(Group.objects.get(name=OFFICER.name))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def member() -> Client:
    """The browser of an account that may not use the admin."""
    client = Client()
    client.force_login(User.objects.create_user("ahli"))
    return client


@pytest.fixture
def image() -> Image:
    return Image.objects.create(title="Menara", file=get_test_image_file(size=(400, 300)))


@pytest.fixture
def document() -> Document:
    file = ContentFile(b"%PDF rahsia", name="borang.pdf")
    return Document.objects.create(title="Borang", file=file)


def page_with(image: Image | None = None, document: Document | None = None, **fields):
    link = f'<p><a linktype="document" id="{document.pk}">B</a></p>' if document else "<p>T</p>"
    text = {"heading": "Tajuk", "anchor": "tajuk", "body": link}
    page = StandardPageFactory(social_image=image, body=[("text", text)], **fields)
    page.save_revision()
    return page


def addresses(page: StandardPage) -> list[str]:
    """The addresses of all files in the documents of `page`."""
    [body] = PublishedDocument.objects.filter(source=f"pages.standardpage:{page.pk}").values_list(
        "body", flat=True
    )
    return sorted(
        {found.decode() for found in re.findall(rb"/(?:media|documents)/[^\"\\ ]+", body)}
    )


def make_private(collection: Collection | None = None) -> Collection:
    collection = collection or Collection.get_first_root_node().add_child(name="Sulit")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    return collection


def statuses(client: Client, paths: list[str]) -> set[int]:
    assert paths
    return {client.get(path).status_code for path in paths}


def test_everybody_sees_the_files_that_a_public_document_shows(client, image, document):
    shown = addresses(page_with(image, document))
    assert len(shown) > 3
    assert statuses(client, shown) == {200}


def test_a_public_file_costs_one_query_and_no_session(
    client, member, image, django_assert_num_queries
):
    [*_, path] = addresses(page_with(image))
    for browser in (client, member):
        with django_assert_num_queries(1):
            response = browser.get(path)
        assert response.status_code == 200
        assert "Vary" not in response
        assert not response.cookies


def test_files_of_an_image_that_no_document_shows_are_for_editors(client, member, officer, image):
    """The upload itself has more than its renditions, such as where a photograph was taken."""
    page_with(image)
    thumbnail = image.get_rendition("max-165x165")
    paths = [image.file.url, thumbnail.url]
    assert statuses(client, paths) == statuses(member, paths) == {404}
    assert statuses(officer, paths) == {200}


def test_files_of_a_draft_are_for_editors(client, member, officer, image, document):
    page = page_with(image, document)
    paths = addresses(page)
    page.unpublish()
    assert statuses(client, paths) == statuses(member, paths) == {404}
    assert statuses(officer, paths) == {200}
    page.get_latest_revision().publish()
    assert statuses(client, paths) == {200}


def test_an_image_that_a_draft_puts_in_its_place_is_for_editors(client, officer, image):
    page = page_with(image)
    secret = Image.objects.create(title="Rahsia", file=get_test_image_file(size=(420, 300)))
    page.social_image = secret
    page.save_revision()
    paths = [rendition.url for rendition in [secret.get_rendition("width-320|format-webp")]]
    assert statuses(client, paths) == {404}
    assert statuses(officer, paths) == {200}


@pytest.mark.parametrize("is_moved", [True, False])
def test_files_of_a_private_collection_are_for_those_who_work_with_it(
    client, member, officer, image, document, is_moved
):
    """The officers' rights are on the root: they count there, and in no private one below."""
    paths = addresses(page_with(image, document))
    if is_moved:
        image.collection = document.collection = make_private()
        image.save()
        document.save()
    else:
        make_private(image.collection)
    images = [path for path in paths if path.startswith("/media/")]
    assert statuses(client, paths) == {404}
    assert statuses(member, images) == {404}
    assert statuses(officer, images) == {404 if is_moved else 200}


@pytest.mark.parametrize("kind", ["login", "groups", "password"])
def test_a_private_document_is_for_those_whom_its_privacy_lets_pass(
    client, member, officer, document, kind
):
    """Wagtail asks for a log-in, and so tells that there is such a document."""
    readers = Group.objects.create(name="Pembaca")
    insider = User.objects.create_user("pembaca")
    insider.groups.add(readers)
    document.collection = Collection.get_first_root_node().add_child(name="Sulit")
    document.save()
    privacy = document.collection.view_restrictions.create(restriction_type=kind, password="x")
    privacy.groups.add(readers)
    manager = User.objects.create_user("pengurus")
    manager.groups.add(Group.objects.get(name="Pentadbir"))
    found = {}
    for name, user in {"insider": insider, "manager": manager}.items():
        browser = Client()
        browser.force_login(user)
        found[name] = browser.get(document.url)
    found |= {"public": client.get(document.url), "officer": officer.get(document.url)}
    found["member"] = member.get(document.url)
    reads = {name for name, response in found.items() if response.streaming}
    assert (
        reads
        == {
            "login": {"insider", "manager", "officer", "member"},
            "groups": {"insider", "manager"},
            "password": {"manager"},
        }[kind]
    )
    if kind == "password":
        assert "password" in found["public"].text
        client.post(
            f"/documents/authenticate_with_password/{privacy.pk}/",
            {"password": "x", "return_url": document.url},
        )
        assert client.get(document.url).streaming
        return
    missing = client.get("/documents/4711/borang.pdf")
    for name in found.keys() - reads:
        assert (found[name].status_code, found[name].text) == (404, missing.text)
    assert found["public"].headers == missing.headers


def test_a_document_below_two_private_collections_needs_both(client, document):
    outer = Collection.get_first_root_node().add_child(name="Luar")
    document.collection = outer.add_child(name="Dalam")
    document.save()
    make_private(outer)
    document.collection.view_restrictions.create(restriction_type="password", password="x")
    assert client.get(document.url).status_code == 404


def test_a_file_that_another_document_still_shows_stays_public(client, image):
    first, second = page_with(image), page_with(image)
    paths = addresses(first)
    first.unpublish()
    assert statuses(client, paths) == {200}
    second.delete()
    assert statuses(client, paths) == {404}


def test_files_of_an_expired_page_are_gone_at_that_moment(client, image):
    page = page_with(image)
    paths = addresses(page)
    PublishedDocument.objects.filter(source=f"pages.standardpage:{page.pk}").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert statuses(client, paths) == {404}


def test_a_refusal_does_not_tell_whether_the_file_exists(client, image, document):
    refused = client.get(image.file.url)
    missing = client.get("/media/original_images/missing.png")
    assert (refused.status_code, refused.text) == (missing.status_code, missing.text)
    assert refused.headers == missing.headers
    refused = client.get(document.url)
    missing = client.get("/documents/4711/borang.pdf")
    assert (refused.status_code, refused.text) == (missing.status_code, missing.text)
    assert refused.headers == missing.headers


@pytest.mark.parametrize("browser", ["client", "officer"])
@pytest.mark.parametrize(
    "prefix",
    ["", "x/../", "/", "./", "images/../", "%2e/", "images/.././"],
)
def test_only_wagtail_serves_documents(request, document, browser, prefix):
    page_with(document=document)
    client = request.getfixturevalue(browser)
    assert client.get(f"/media/{prefix}{document.file.name}").status_code == 404


@pytest.mark.parametrize("prefix", ["x/../", "/", "./", "%2e/", "images/../", "../media/"])
def test_other_spellings_of_an_address_are_no_way_in(client, image, prefix):
    assert client.get(f"/media/{prefix}{image.file.name}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_uploads_are_only_read(client, officer, image, method):
    [path, *_] = addresses(page_with(image))
    assert getattr(client, method)(path).status_code in {404, 405}
    assert getattr(officer, method)(path).status_code == 405


def test_the_store_of_public_files_is_verified_and_rebuilt(image):
    shown = set(PublishedFile.objects.values_list("name", flat=True))
    page_with(image)
    PublishedFile.objects.all().delete()
    with pytest.raises(CommandError, match="differences"):
        call_command("delivery_verify", stdout=StringIO(), stderr=StringIO())
    call_command("delivery_rebuild", stdout=StringIO())
    assert set(PublishedFile.objects.values_list("name", flat=True)) > shown


def test_browsers_keep_images_and_shared_caches_ask_again(client, image):
    [*_, path] = addresses(page_with(image))
    response = client.get(path)
    assert response["Cache-Control"] == (
        "public, max-age=31536000, immutable, s-maxage=60, stale-while-revalidate=600, "
        "stale-if-error=86400"
    )
    again = client.get(path, headers={"If-Modified-Since": response["Last-Modified"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == response["Cache-Control"]


def test_caches_keep_documents_no_longer_than_the_api(client, officer, document):
    page_with(document=document)
    for browser in (client, officer):
        response = browser.get(document.url)
        assert response["Cache-Control"] == client.get("/api/v1/")["Cache-Control"]
        assert not {"Vary", "Content-Encoding", "Content-Language"} & set(response.headers)
        etag = response["ETag"]
        again = browser.get(document.url, headers={"If-None-Match": etag})
        assert again.status_code == 304
        assert "Content-Encoding" not in again


def test_no_cache_keeps_what_only_editors_see(client, officer, image, document):
    for browser in (client, officer):
        for path in (image.file.url, document.url):
            assert browser.get(path)["Cache-Control"] == "private, no-cache"


def test_other_origins_may_read_public_files_as_they_may_the_api(
    client, officer, settings, image, document
):
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {
        "CORS_ORIGINS": ["https://www.example.org"]
    }
    headers = {"Origin": "https://www.example.org"}
    for path in addresses(page_with(image, document)):
        response = client.get(path, headers=headers)
        assert response["Access-Control-Allow-Origin"] == "https://www.example.org"
        assert response["Vary"] == "Origin"
        other = client.get(path, headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in other
        assert other["Vary"] == "Origin"
    hidden = officer.get(image.file.url, headers=headers)
    assert "Access-Control-Allow-Origin" not in hidden


def test_the_name_of_a_deleted_image_is_not_used_again(image):
    first = image.file.name
    image.delete()
    again = Image.objects.create(title="Menara", file=get_test_image_file(size=(400, 300)))
    assert again.file.name != first
    long_name = get_test_image_file(filename=f"{'panjang' * 20}.png")
    renditions = [
        Image.objects.create(title="Panjang", file=long_name).get_rendition(
            "width-1920|format-webp"
        )
        for _ in range(2)
    ]
    assert len({rendition.file.name.split(".")[0] for rendition in renditions}) == 2


@pytest.fixture
def upload(media_folder, monkeypatch):
    """Stores a file that counts as public and returns its address."""
    monkeypatch.setattr("cms.operations.uploaded_media.is_published_file", lambda name: True)

    def put(name: str) -> str:
        path = media_folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SCRIPT)
        return f"/media/{name}"

    return put


@pytest.mark.parametrize("name", ["images/a.svg", "a.html", "a.js", "a.pdf", "a.unknown", "a"])
@pytest.mark.parametrize("is_public", [True, False])
def test_files_other_than_images_are_downloaded_and_sandboxed(
    client, officer, upload, monkeypatch, name, is_public
):
    path = upload(name)
    monkeypatch.setattr("cms.operations.uploaded_media.is_published_file", lambda name: is_public)
    response = (client if is_public else officer).get(path)
    assert response.status_code == 200
    assert response["Content-Disposition"] == "attachment"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script" not in response["Content-Security-Policy"]
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == SCRIPT


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.avif", "a.gif"])
def test_images_are_displayed_but_sandboxed_whatever_they_contain(client, upload, name):
    response = client.get(upload(name))
    assert not response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"].startswith("image/")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_missing_file_is_a_404_page_and_no_download(client, upload):
    response = client.get("/media/missing.pdf")
    assert response.status_code == 404
    assert "Content-Disposition" not in response


def test_an_image_named_like_the_documents_folder_is_served(client, upload):
    assert client.get(upload("documents.png")).status_code == 200


def test_other_responses_are_unchanged(client):
    response = client.get("/admin/login/")
    assert response.status_code == 200
    assert "Content-Disposition" not in response


@pytest.mark.parametrize(
    "name",
    [
        *("x" * 256, "images/" + "x" * 256, "é" * 128, "a/" * 3000 + "a", "x" * 100_000),
        *("a\0b", "\0", "images/\0.png", "\udcff", "images/x/y"),
    ],
    ids=lambda name: ascii(name[:12]),
)
def test_a_name_that_no_file_can_have_is_404(officer: Client, member: Client, name: str) -> None:
    """For everybody, also with a file of that name among the public ones."""
    path = quote(f"/media/{name}", errors="surrogateescape")
    for client in (officer, member, Client()):
        assert client.get(path).status_code == 404
    if len(name) <= 300 and name.isprintable():
        page = page_with()
        document = PublishedDocument.objects.get(source=f"pages.standardpage:{page.pk}")
        PublishedFile.objects.create(document=document, name=name)
        assert Client().get(path).status_code == 404
