"""These tests need their own projects:

pytest plugins/wagtail-delivery/tests --ds=tests.settings
pytest plugins/wagtail-delivery/tests --ds=tests.settings_i18n
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import settings as hypothesis_settings

from tests.commit_callbacks import run_on_commit
from tests.home_rows import Recorded

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker
    from wagtail.models import Locale, Page, Site

# No test is about the time of one example, which a busy machine prolongs.
hypothesis_settings.register_profile("without_deadline", deadline=None)
hypothesis_settings.load_profile("without_deadline")

WITHOUT_LOCALES = "tests.settings"
WITH_LOCALES = "tests.settings_i18n"
#: These have the same results with and without locales, so they run in the project with them.
WITH_LOCALES_ONLY = [
    f"test_{name}.py"
    for name in (
        "admin_errors",
        "atomicity",
        "checks",
        "dependency_keys",
        "fallback_lists",
        "locales",
        "patches",
        "scheduled",
        "serializer_sources",
        "types",
        "wagtail_patches",
    )
]
#: The types are the same on every database.
ANY_DATABASE = {"test_checks.py", "test_patches.py", "test_serializer_sources.py", "test_types.py"}
#: Left out by `make test-fast`, beside the tests marked in their files.
SLOW = {
    f"test_{name}.py"
    for name in ("atomicity", "checks", "locales", "serializer_sources", "served", "types")
}
if settings.SETTINGS_MODULE == WITHOUT_LOCALES:
    collect_ignore_glob = ["unit/*", "api/*", *WITH_LOCALES_ONLY]
elif settings.SETTINGS_MODULE == WITH_LOCALES:
    collect_ignore_glob = ["unit/*", "api/*", "test_without_locales.py"]
else:
    collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The project with locales runs on all databases and in each run, so the other need not."""
    for item in items:
        name = item.path.name
        if name in ANY_DATABASE:
            item.add_marker(pytest.mark.any_database)
        if name in SLOW:
            item.add_marker(pytest.mark.slow)
        if settings.SETTINGS_MODULE == WITHOUT_LOCALES and name != "test_without_locales.py":
            item.add_marker(pytest.mark.any_database)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _no_cached_renditions() -> None:
    """Wagtail's cache of renditions outlives rows that the previous test rolled back."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _callbacks_on_commit() -> Iterator[None]:
    with run_on_commit():
        yield


@pytest.fixture
def en(db: Any) -> Locale:
    from wagtail.models import Locale

    return Locale.objects.get(language_code="en")


@pytest.fixture
def ms(db: Any) -> Locale:
    """The second locale, in the project with two."""
    from wagtail.models import Locale

    return Locale.objects.get_or_create(language_code="ms")[0]


@pytest.fixture(scope="session")
def recorded_home(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Recorded:
    """Makes the home page; recorded before any test can change a setting."""
    from wagtail.models import Locale

    recorded = Recorded(make_home, depends_on=[Locale])
    with django_db_blocker.unblock(), run_on_commit(), transaction.atomic():
        recorded.record()
        transaction.set_rollback(True)
    return recorded


def make_home() -> None:
    from wagtail.models import Page, Site

    from tests.testapp.models import PlainPage

    root = Page.get_first_root_node()
    home = root.add_child(instance=PlainPage(title="Home", slug="home-page"))
    site = Site.objects.get(is_default_site=True)
    site.root_page = home
    site.save()
    Page.objects.get(slug="home").delete()


@pytest.fixture
def site(db: Any, recorded_home: Recorded) -> Site:
    """The default site, whose home page is a PlainPage."""
    from wagtail.models import Site

    recorded_home()
    return Site.objects.select_related("root_page").get(is_default_site=True)


@pytest.fixture
def home(site: Site) -> Page:
    from wagtail.models import Page

    return Page.objects.get(pk=site.root_page_id).specific


@pytest.fixture
def second_site(site: Site) -> Site:
    """Another site, with a page tree of its own."""
    from wagtail.models import Page, Site

    from tests.testapp.models import PlainPage

    root = Page.get_first_root_node()
    home = root.add_child(instance=PlainPage(title="Second home", slug="second-home"))
    return Site.objects.create(hostname="second.example", port=8080, root_page=home)


@pytest.fixture
def by_worker(db: None, settings: Any) -> None:
    """Two documents follow at once, the rest by a worker."""
    from datetime import timedelta

    from django.utils import timezone

    from wagtail_delivery.models import WorkerSign

    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": 2}
    # Valid for longer than a slow test takes.
    WorkerSign.objects.create(pk=1, seen_at=timezone.now() + timedelta(hours=1))


@pytest.fixture
def topic(db: None) -> Any:
    from tests import samples

    return samples.draft_topic("Before")


@pytest.fixture
def seats(home: Page, topic: Any, by_worker: None) -> list[Any]:
    """Pages that show the topic."""
    from tests.followers import SHOWN_IN, drain
    from tests.samples import published
    from tests.testapp.models import SeatPage

    seats = [
        published(
            SeatPage(
                title=f"Seat {n}", slug=f"s{n}", parent="p", site="x", position=n, topic=topic
            ),
            home,
        )
        for n in range(SHOWN_IN)
    ]
    drain()
    return seats
