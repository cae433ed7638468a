"""The cases that are measured."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.content import make_content
from cms.pages.models import ProfilePage, StandardPage


@dataclass(frozen=True)
class Case:
    """The same content at one URL of each side."""

    name: str
    ours: str
    stock: str
    #: The least ratio of our rate to Wagtail's; None if it is only reported.
    goal: float | None


def cases() -> list[Case]:
    """Create missing content; returns the cases that serve it."""
    make_content()
    profile = ProfilePage.objects.get(locale__language_code="ms")
    type_name = StandardPage._meta.label
    return [
        Case(
            "profile",
            f"/api/v1/pages/{profile.translation_key}?locale=ms",
            f"/stock/pages/{profile.pk}/",
            25,
        ),
        Case(
            "profile by path",
            "/api/v1/resolve?path=/ms/profil/",
            f"/stock/pages/?type={ProfilePage._meta.label}&slug=profil&locale=ms&fields=*",
            None,
        ),
        Case(
            "list of 20",
            "/api/v1/pages?type=standard_page&locale=ms&limit=20",
            f"/stock/pages/?type={type_name}&locale=ms&limit=20&fields=summary,social_image",
            15,
        ),
        Case(
            "list of 20, all fields",
            "/api/v1/pages?type=standard_page&locale=ms&limit=20",
            f"/stock/pages/?type={type_name}&locale=ms&limit=20&fields=*",
            None,
        ),
    ]
