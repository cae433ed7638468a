"""The report, lists and the translation editor tell what is left to do, stale strings included."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import override
from wagtail_localize.models import Translation

from tests.newsroom.content import (
    HEADING,
    body,
    publish_translation,
    published_article,
    published_topic,
    republish,
    submit,
    translate,
    translation_of,
)
from wagtail_localize_desk.extending import with_open_strings

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


def open_strings() -> int:
    return with_open_strings(Translation.objects.all()).get().open_strings


def report(client, **filters: str) -> str:
    return client.get(reverse("wagtail_localize:translations_report"), filters).content.decode()


def test_open_strings_are_untranslated_or_need_review(article, en):
    assert open_strings() == 7
    translate(article, en, HEADING)
    assert open_strings() == 1
    translate(article, en)
    assert open_strings() == 0
    republish(article, body=body(heading="Lain"))
    assert open_strings() == 1


def test_the_report_does_not_call_a_stale_translation_up_to_date(admin_client, article, en):
    translate(article, en)
    publish_translation(article, en)
    with override("en"):
        assert translation_of(article, en).get_status_display() == "Up to date"
        republish(article, body=body(heading="Lain"))
        assert translation_of(article, en).get_status_display() == "The source has changed"
    with override("ms"):
        assert translation_of(article, en).get_status_display() == "Sumber telah berubah"
    assert "The source has changed" in report(admin_client)
    assert article.title in report(admin_client, waiting_for_translation="true")
    assert article.title not in report(admin_client, waiting_for_translation="false")


def test_the_report_takes_a_few_queries_whatever_its_length(
    admin_client, home, english_home, en, django_assert_max_num_queries
):
    address = reverse("wagtail_localize:translations_report")
    counts = []
    for number in range(12):
        article = published_article(home, title=f"A{number}", slug=f"a{number}")
        submit(article, en)
        submit(published_topic(home.locale), en)
        if number in (0, 11):
            admin_client.get(address)
            with django_assert_max_num_queries(15) as queries:
                html = admin_client.get(address).content.decode()
            counts.append(len(queries))
            assert html.count("/localize-desk/translations/") == 2 * (number + 1)
    assert counts[0] == counts[1]


def test_the_report_counts_the_strings_of_each_state(admin_client, article, en):
    translate(article, en, HEADING)
    html = BeautifulSoup(report(admin_client), "html.parser")
    [row] = html.select("table.listing tbody tr")
    cells = [cell.get_text(strip=True) for cell in row.select("td")]
    assert cells[4:8] == ["1", "0", "6", "0"]
