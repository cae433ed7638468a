"""Uploaded files run no script in the admin's origin, and private documents stay private."""

from __future__ import annotations

import pytest
from django.core.exceptions import MiddlewareNotUsed

from cms.operations.uploaded_media import UploadedMediaMiddleware

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.domain)</script></svg>'


@pytest.fixture
def upload(settings, tmp_path):
    """Stores a file in MEDIA_ROOT and returns its URL."""
    settings.MEDIA_ROOT = tmp_path

    def put(name: str, content: bytes = SCRIPT) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return f"/media/{name}"

    return put


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture(autouse=True)
def _urls(settings, tmp_path):
    settings.ROOT_URLCONF = "tests.operations.urls_of_media"


@pytest.mark.parametrize("name", ["images/a.svg", "a.html", "a.js", "a.pdf", "a.unknown", "a"])
def test_files_other_than_images_are_downloaded_and_sandboxed(client, upload, name):
    response = client.get(upload(name))
    assert response.status_code == 200
    assert response["Content-Disposition"] == "attachment"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script" not in response["Content-Security-Policy"]
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert body(response) == SCRIPT


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.avif", "a.gif"])
def test_images_are_displayed_but_sandboxed_whatever_they_contain(client, upload, name):
    response = client.get(upload(name))
    assert not response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"].startswith("image/")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/media/documents/secret.pdf",
        "/media/x/../documents/secret.pdf",
        "/media//documents/secret.pdf",
        "/media/./documents/secret.pdf",
        "/media/images/../documents/./secret.pdf",
        "/media/%2e/documents/secret.pdf",
    ],
)
def test_only_wagtail_serves_documents(client, upload, path):
    upload("documents/secret.pdf", b"secret")
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_missing_file_is_a_404_page_and_no_download(client):
    response = client.get("/media/missing.pdf")
    assert response.status_code == 404
    assert "Content-Disposition" not in response


def test_an_image_named_like_the_documents_folder_is_served(client, upload):
    assert client.get(upload("documents.png")).status_code == 200


def test_other_responses_are_unchanged(client):
    response = client.get("/elsewhere/")
    assert response.status_code == 200
    assert "Content-Security-Policy" not in response
    assert "Content-Disposition" not in response


def test_media_on_another_origin_disables_the_middleware(settings):
    settings.MEDIA_URL = "https://media.example.org/"
    with pytest.raises(MiddlewareNotUsed):
        UploadedMediaMiddleware(lambda request: None)
