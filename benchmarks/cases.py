"""The requests that are measured, with the same content at an address of each side."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.bulk import Pair
from benchmarks.content import make_content
from cms.pages.models import ProfilePage, StandardPage

#: What "from the database" is to reach, as a multiple of Wagtail's API v2.
TIMES_STOCK = 60
#: What the p99 of the delivery process may be at most, as a multiple of nginx's.
SLOWEST = 3
#: What a delivery process may take at most, in MiB.
MOST_MEMORY = 130


@dataclass(frozen=True)
class Case:
    """One kind of request. Several addresses are asked for in random order."""

    name: str
    ours: list[str]
    #: Wagtail's addresses by API, "v2" and "v3".
    stock: dict[str, list[str]] = field(default_factory=dict)
    #: The least ratio of the delivery process's rate to nginx's.
    goal: float = 0.5
    #: Whether the client has the response already.
    is_conditional: bool = False

    def addresses(self, api: str) -> list[str]:
        """The addresses of an API: "ours", "v2" or "v3"; none if it has no such request."""
        return self.ours if api == "ours" else self.stock.get(api, [])


def cases(pages: int) -> list[Case]:
    """Create missing content, so many documents at least; returns the cases that serve it."""
    from benchmarks.rebuild import check, fill
    from wagtail_delivery.extending import rebuild
    from wagtail_delivery.models import PublishedDocument

    make_content(0)
    if PublishedDocument.objects.count() < pages:
        fill(pair_to_copy(), pages)
        for found in rebuild():
            check(found)
    profile = ProfilePage.objects.get(locale__language_code="ms")
    profile_at = f"/api/v1/pages/{profile.translation_key}?locale=ms"
    copies = StandardPage.objects.filter(live=True).select_related("locale").order_by("pk")[:pages]
    names = [(each.pk, each.translation_key, each.locale.language_code) for each in copies]
    some = "type=pages.StandardPage&locale=ms&limit=20"
    return [
        Case(
            "profile",
            [profile_at],
            {api: [f"/stock-{api}/pages/{profile.pk}/"] for api in ("v2", "v3")},
        ),
        Case(
            "list of 20",
            ["/api/v1/pages?type=standard_page&locale=ms&limit=20"],
            {
                "v2": [f"/stock-v2/pages/?{some}&fields=summary,social_image"],
                "v3": [f"/stock-v3/pages/?{some}"],
            },
        ),
        Case(
            f"random of {len(names):,}",
            [f"/api/v1/pages/{key}?locale={locale}" for _, key, locale in names],
            {api: [f"/stock-{api}/pages/{pk}/" for pk, *_ in names] for api in ("v2", "v3")},
            goal=0.4,
        ),
        Case("304", [profile_at], is_conditional=True),
    ]


def pair_to_copy() -> Pair:
    """The page that is copied, with its translation; made if an earlier run has not."""
    from benchmarks.rebuild import first_pair

    malay = StandardPage.objects.filter(slug="salinan", locale__language_code="ms").first()
    if malay is None:
        pair: Pair = first_pair()
        return pair
    return Pair(malay, malay.get_translations().get())
