"""What the checks find is told while one translates, and reviewers may accept it."""

from __future__ import annotations

import pytest

from tests.newsroom.content import HEADING, string_at, target_of
from tests.newsroom.people import browser_of, publisher_of, translator_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.models import AcceptedFinding, State, Term

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def translator(english_home):
    user = translator_of(english_home)
    speak_english(user)
    return browser_of(user)


@pytest.fixture
def reviewer(english_home):
    user = publisher_of(english_home)
    speak_english(user)
    return browser_of(user)


@pytest.fixture
def row(article, en):
    return string_at(article, en, HEADING)


@pytest.fixture
def screen(translator, article, en, row):
    return Screen(translator, target_of(article, en))


def findings(screen: Screen, row) -> list[str]:
    shown = screen.row(row).select(".desk-findings__item")
    return [" ".join(item.get_text().split()) for item in shown]


def test_a_saved_text_is_checked_at_once(screen, row):
    answer = screen.save(row, "Tajuk").json()
    assert answer["outcome"] == "saved"
    shown = findings(screen.of(answer["html"]), row)
    assert shown == ["Cannot be approved: The translation has the same words as the source."]
    # The field says so to a screen reader.
    field = screen.of(answer["html"]).row(row).textarea
    assert f"string-{row.pk}-findings" in field["aria-describedby"]
    right = screen.of(answer["html"]).save(row, "A title").json()
    assert findings(screen.of(right["html"]), row) == []


def test_the_terms_of_the_source_stand_beside_it(translator, article, en, row):
    Term.objects.create(
        source_language="ms", target_language="en", term="Tajuk", translations="Headline"
    )
    screen = Screen(translator, target_of(article, en))
    shown = screen.row(row).select_one(".desk-string__terms").get_text(strip=True)
    assert shown == "Tajuk:Headline"
    answer = screen.save(row, "A title").json()
    assert findings(screen.of(answer["html"]), row) == [
        "Cannot be approved: “Tajuk” is “Headline” in this language."
    ]


def test_a_reviewer_accepts_a_finding_with_a_reason_and_approves(screen, reviewer, row):
    screen.save(row, "Tajuk")
    seen = Screen(reviewer, screen.target)
    assert "data-approve" not in str(seen.row(row))
    accepted = {"check": "unchanged", "reason": "It is a name."}
    for wrong in ({**accepted, "reason": "  "}, {**accepted, "check": "all"}):
        assert seen.post("accept_check", row, **wrong).status_code == 409
    assert not AcceptedFinding.objects.exists()

    answer = seen.post("accept_check", row, **accepted).json()
    assert answer["outcome"] == "accepted"
    assert findings(seen.of(answer["html"]), row) == [
        "Accepted: The translation has the same words as the source. It is a name."
    ]
    assert seen.of(answer["html"]).post("approve_string", row).json()["outcome"] == "approved"
    row.refresh_from_db()
    assert row.state == State.APPROVED


def test_who_translates_accepts_nothing(screen, row):
    screen.save(row, "Tajuk")
    again = Screen(screen.client, screen.target)
    answer = again.post("accept_check", row, check="unchanged", reason="I say so.")
    assert answer.status_code == 403
    assert not AcceptedFinding.objects.exists()
    assert again.row(row).select_one(".desk-findings__form") is None
