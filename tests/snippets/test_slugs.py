"""Slugs that are filled in automatically."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale

from cms.snippets.models import Act, Role, Scheme
from cms.snippets.models.base import SLUG_LENGTH
from tests.factories import ActFactory, ConventionFactory, RoleFactory, SchemeFactory

pytestmark = pytest.mark.django_db


def test_the_slug_of_an_act_is_its_number() -> None:
    assert ActFactory(number=4, year=1969).slug == "akta-4"


def test_acts_with_the_same_number_get_different_slugs() -> None:
    ActFactory(number=4, year=1969)
    assert ActFactory(number=4, year=2020).slug == "akta-4-2"
    assert ActFactory(number=4, year=2021).slug == "akta-4-3"


def test_the_slug_of_another_snippet_is_made_from_its_title() -> None:
    assert SchemeFactory(title="Skim Keilatan").slug == "skim-keilatan"


def test_titles_in_another_script_get_the_type_as_slug() -> None:
    assert SchemeFactory(title="社會保障").slug == "scheme"
    assert SchemeFactory(title="சமூக").slug == "scheme-2"


def test_the_slug_of_a_long_sentence_is_truncated() -> None:
    words = "Memastikan dana keselamatan sosial sentiasa mapan dan kukuh " * 5
    roles = [RoleFactory(text=words) for _ in range(3)]
    for role in roles:
        role.full_clean()
        assert len(role.slug) <= SLUG_LENGTH
    assert len({role.slug for role in roles}) == 3


def test_a_slug_of_the_full_length_can_be_numbered() -> None:
    slugs = {ConventionFactory(title="k" * 255).slug for _ in range(12)}
    assert len(slugs) == 12
    assert max(map(len, slugs)) <= SLUG_LENGTH


def test_a_given_slug_stays() -> None:
    scheme = SchemeFactory(slug="skim-lama", title="Skim Baharu")
    scheme.title = "Skim lain"
    scheme.full_clean()
    scheme.save()
    assert Scheme.objects.get().slug == "skim-lama"


def test_a_slug_is_unique_only_within_its_locale(english: Locale) -> None:
    act = ActFactory(slug="akta-4")
    ActFactory(slug="akta-4", number=act.number, year=act.year, locale=english).full_clean()
    with pytest.raises(ValidationError) as raised:
        Act(locale=act.locale, slug="akta-4", title="Lain", number=5, year=1970).full_clean()
    assert set(raised.value.error_dict) == {"slug"}


def test_snippets_created_by_code_without_a_locale_get_a_free_slug() -> None:
    ActFactory(number=4, year=1969)
    act = Act.objects.create(title="Akta lain 1970", number=4, year=1970)
    assert act.locale == Locale.get_default()
    assert act.slug == "akta-4-2"


def test_a_draft_without_text_has_a_slug() -> None:
    role = Role(locale=Locale.get_default(), text="", live=False)
    role.save()
    assert role.slug == "role"


@pytest.mark.parametrize("scheduled", [False, True])
def test_a_slug_is_reserved_for_the_draft_that_has_it(scheduled: bool) -> None:
    """Otherwise the second to be published would fail where no form can show the error."""
    act = ActFactory(number=4, year=1969)
    act.save_revision().publish()
    act = Act.objects.get()
    act.slug = "akta-baharu"
    if scheduled:
        act.go_live_at = timezone.now() + datetime.timedelta(days=1)
        act.save_revision(clean=False).publish()
        act = Act.objects.get()
        act.go_live_at = None
    act.save_revision()
    other = ActFactory(number=800, year=2017)
    other.slug = "akta-baharu"
    with pytest.raises(ValidationError, match="dikhaskan untuk entri lain") as raised:
        other.full_clean()
    assert set(raised.value.error_dict) == {"slug"}
    # The draft with this slug can still be saved.
    act.slug = "akta-baharu"
    act.full_clean()


def test_a_live_snippet_keeps_its_slug_if_a_draft_has_it_too() -> None:
    act = ActFactory(slug="akta-satu")
    other = ActFactory(slug="akta-dua")
    other.slug = "akta-satu"
    other.save_revision(clean=False)
    act.full_clean()


def test_a_slug_of_a_draft_in_another_language_is_free(english: Locale) -> None:
    act = ActFactory()
    act.slug = "akta-baharu"
    act.save_revision()
    ActFactory(locale=english, slug="akta-baharu").full_clean()
