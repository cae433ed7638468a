"""Translation files of the tests, and a translator who uploads them."""

from __future__ import annotations

from typing import Any

import polib
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail_localize.models import Translation

from wagtail_localize_desk.models import StringChange, TranslatedString, UploadedTranslations


def downloaded(client: Client, job: Translation, key: str = "po") -> bytes:
    """The file of a translation, as its address answers it."""
    response = client.get(reverse("wagtail_localize_desk:export", args=[job.pk, key]))
    assert response.status_code == 200
    return response.content


def catalogue(content: bytes, tmp_path: Any) -> polib.POFile:
    path = tmp_path / "file.po"
    path.write_bytes(content)
    return polib.pofile(str(path))


def stored() -> list[Any]:
    """Everything that an import may change."""
    return [
        list(TranslatedString.objects.order_by("pk").values()),
        StringChange.objects.count(),
    ]


class Preview:
    """The page that lists what an upload would change."""

    def __init__(self, client: Client, job: Translation, content: bytes, name: str = "a.po"):
        self.client, self.job = client, job
        file = SimpleUploadedFile(name, content)
        response = client.post(
            reverse("wagtail_localize_desk:upload", args=[job.pk]),
            {"file": file, "next": "/admin/reports/"},
        )
        kept = UploadedTranslations.objects.order_by("uploaded_at").last()
        assert kept is not None, "The upload was refused."
        self.address = reverse("wagtail_localize_desk:import", args=[kept.pk])
        assert response.url == self.address
        self.open()

    def open(self) -> None:
        self.read(self.client.get(self.address))

    def read(self, response: Any) -> None:
        self.response = response
        self.html = BeautifulSoup(response.content, "html.parser")

    @property
    def counts(self) -> dict[str, int]:
        """The numbers at its head, without zeros."""
        found = {
            part.dt.get_text(strip=True): int(part.dd.get_text(strip=True))
            for part in self.html.select(".desk-progress__part")
        }
        return {name: number for name, number in found.items() if number}

    def section(self, key: str) -> str:
        """The words of a section."""
        found = self.html.select_one(f"section#{key}")
        return " ".join(found.get_text(" ").split()) if found else ""

    def send(self, action: str) -> Any:
        seen = self.html.select_one("[name=seen]")["value"]
        response = self.client.post(self.address, {"action": action, "seen": seen})
        if response.status_code != 302:
            self.read(response)
        return response

    def confirm(self) -> Any:
        return self.send("confirm")
