"""A file that cannot be imported is refused whole, and the message says why and where."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from tests.newsroom.content import published_article, submit, target_of, translation_of
from wagtail_localize_desk.exchange import formats
from wagtail_localize_desk.models import UploadedTranslations

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TITLE = 'msgctxt "title"\nmsgid "Berita"\nmsgstr "News"\n'


@pytest.fixture(autouse=True)
def messages_in_malay(messages_in_english: None) -> Iterator[None]:
    with override("ms"):
        yield


NOTHING = "Tiada apa-apa yang diimport."


@pytest.fixture
def translation(english_home: Page, home: Page, en: Locale) -> Translation:
    page = published_article(home)
    submit(page, en)
    return translation_of(page, en)


@pytest.fixture
def translator() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("translator"))
    return client


def address(translation: Translation) -> str:
    return reverse("wagtail_localize:upload_pofile", args=[translation.pk])


def upload(client: Client, translation: Translation, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile("terjemahan.po", content)
    return client.post(address(translation), {"file": file}, follow=True)


def header(translation: Translation, more: str = "") -> str:
    identity = f'"X-WagtailLocalize-TranslationID: {translation.uuid}\\n"\n'
    return f'msgid ""\nmsgstr ""\n{more}{identity}\n'


def messages_of(response: HttpResponse) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


LATIN = '"Content-Type: text/plain; charset=iso-8859-1\\n"\n'
FAULTS = {
    "empty": (b"", "Fail itu kosong."),
    "only spaces": (b" \n\n", "Fail itu kosong."),
    "no header": (TITLE, "tiada baris “X-WagtailLocalize-TranslationID”"),
    "a header of others": (
        f'msgid ""\nmsgstr ""\n"Language: en\\n"\n\n{TITLE}',
        "tiada baris “X-WagtailLocalize-TranslationID”",
    ),
    "no PO": ("Senarai perkataan\n", "Baris 1 bukan dalam format fail PO."),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "Baris 1 bukan dalam UTF-8."),
}
FAULTS_AFTER_HEADER = {
    "NUL": (TITLE.replace("News", "Ne\x00ws"), "Baris 7 mempunyai aksara"),
    "damaged": (TITLE.replace('"Berita"', '"Beri"ta"'), "Baris 6 bukan dalam format fail PO."),
    "cut": (TITLE.replace('msgstr "News"', "msgstr"), "Baris 7 bukan dalam format fail PO."),
    "plural without number": ('msgid "Isi"\nmsgstr[] "a"\n', "Baris 6 bukan dalam format"),
    "Latin 1": (TITLE.replace("News", "Caf\xe9").encode("latin-1"), "Baris 7 bukan dalam UTF-8."),
    "UTF-16": (TITLE.encode("utf-16"), "Baris 5 bukan dalam UTF-8."),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_none_of_this_system_is_refused(
    translator: Client, translation: Translation, fault: str
) -> None:
    content, reason = FAULTS[fault]
    content = content if isinstance(content, bytes) else content.encode()
    [message] = messages_of(upload(translator, translation, content))
    assert reason in message
    assert message.endswith(NOTHING)
    assert not UploadedTranslations.objects.exists()


@pytest.mark.parametrize("fault", FAULTS_AFTER_HEADER)
def test_a_damaged_file_is_refused_with_its_line(
    translator: Client, translation: Translation, fault: str
) -> None:
    content, reason = FAULTS_AFTER_HEADER[fault]
    content = content if isinstance(content, bytes) else content.encode()
    [message] = messages_of(upload(translator, translation, header(translation).encode() + content))
    assert reason in message
    assert message.endswith(NOTHING)
    assert not UploadedTranslations.objects.exists()


def test_a_header_with_another_encoding_is_refused(
    translator: Client, translation: Translation
) -> None:
    content = header(translation, LATIN) + TITLE.replace("News", "Café")
    [message] = messages_of(upload(translator, translation, content.encode()))
    assert "fail itu dalam iso-8859-1" in message
    assert not StringTranslation.objects.exists()


def test_a_form_without_a_file_is_refused(translator: Client, translation: Translation) -> None:
    for form in ({}, {"file": "a text"}):
        [message] = messages_of(translator.post(address(translation), form, follow=True))
        assert message.startswith("Sila pilih fail yang mengandungi terjemahan.")


def test_a_file_that_is_too_large_is_refused(
    translator: Client, translation: Translation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "LARGEST_FILE", 1024 * 1024)
    content = header(translation) + TITLE + "# x\n" * 300_000
    [message] = messages_of(upload(translator, translation, content.encode()))
    assert "melebihi 1 MB" in message
    assert not StringTranslation.objects.exists()


def test_a_file_of_another_translation_is_refused(
    translator: Client, translation: Translation
) -> None:
    content = header(translation).replace(str(translation.uuid), str(uuid.uuid4())) + TITLE
    [message] = messages_of(upload(translator, translation, content.encode()))
    assert message.startswith("Fail itu untuk terjemahan lain.")
    assert not UploadedTranslations.objects.exists()


def test_a_refused_upload_returns_to_the_translation(
    translator: Client, translation: Translation, en: Locale
) -> None:
    back = reverse("wagtailadmin_pages:edit", args=[translation.get_target_instance().pk])
    response = translator.post(address(translation), {"next": back})
    assert response.url == back


def test_the_translation_of_a_deleted_page_is_not_found(
    translator: Client, translation: Translation, en: Locale
) -> None:
    target_of(translation.source.get_source_instance(), en).delete()
    assert translator.post(address(translation)).status_code == 404


def test_only_those_who_may_change_the_translation_upload(translation: Translation) -> None:
    user = User.objects.create_user("other")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(user)
    response = upload(client, translation, (header(translation) + TITLE).encode())
    assert response.redirect_chain or response.status_code == 403
    assert not StringTranslation.objects.exists()
