"""Fields that a translation synchronises, translates or keeps."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale

from cms.snippets.models import Act, LegalStatus
from tests.factories import (
    ActFactory,
    ConventionFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RegulationFactory,
    RoleFactory,
    SchemeFactory,
)
from tests.snippets.translating import (
    override,
    publish,
    screen_rows,
    submit_for_translation,
    synchronise,
    translate,
    translate_texts,
)

FACTORIES = [
    ActFactory,
    RegulationFactory,
    SchemeFactory,
    RoleFactory,
    ConventionFactory,
    OrganisationFactory,
]


def change(content: Any, **values: Any) -> None:
    """Publish content with changed values."""
    for name, value in values.items():
        setattr(content, name, value)
    content.save_revision().publish()
    content.refresh_from_db()


@pytest.mark.parametrize("factory", FACTORIES)
def test_submitting_for_translation_publishes_nothing(factory: Any, english: Locale) -> None:
    translation = submit_for_translation(factory(), english)
    target = translation.get_target_instance()
    assert not target.live
    assert target.first_published_at is None
    assert target.live_revision is None


def test_an_act_translates_its_texts_and_synchronises_its_facts(english: Locale) -> None:
    act = ActFactory(
        slug="akta-4",
        number=4,
        year=1969,
        abbreviation="AKSP",
        brand="LINDUNG Pekerja",
        brand_since=datetime.date(2025, 8, 23),
        assent_date=datetime.date(1969, 4, 2),
        gazette_date=datetime.date(1969, 4, 10),
        status=LegalStatus.IN_FORCE,
        authoritative_language="en",
        remarks="Faedah dibayar mulai Januari 2019.",
        source="P.U.(B) 80/1969",
        source_checked_on=datetime.date(2025, 9, 1),
    )
    translated = translate(act, english)
    assert translated.title == f"EN {act.title}"
    assert translated.remarks == f"EN {act.remarks}"
    for name in [
        "slug",
        "number",
        "year",
        "abbreviation",
        "brand",
        "brand_since",
        "assent_date",
        "gazette_date",
        "in_force_date",
        "status",
        "authoritative_language",
        "source",
        "source_checked_on",
        "translation_key",
    ]:
        assert getattr(translated, name) == getattr(act, name), name


def test_facts_follow_the_source_and_translated_texts_stay(english: Locale) -> None:
    act = ActFactory(in_force_date=None)
    translate(act, english)
    change(act, in_force_date=datetime.date(2017, 6, 1), slug="akta-789", status="in_force")
    translated = synchronise(act, english)
    assert translated.in_force_date == datetime.date(2017, 6, 1)
    assert translated.slug == "akta-789"
    assert translated.status == LegalStatus.IN_FORCE
    assert translated.title == f"EN {act.title}"


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("value", [True, False])
def test_the_mark_of_a_working_translation_survives_synchronisation(
    factory: Any, value: bool, english: Locale
) -> None:
    snippet = factory(working_translation=not value)
    translated = translate(snippet, english)
    change(translated, working_translation=value)
    name = next(name for name in ("title", "text", "name") if hasattr(snippet, name))
    change(snippet, **{name: "Teks yang berubah"})
    translated = synchronise(snippet, english)
    assert getattr(translated, name) == "EN Teks yang berubah"
    assert translated.working_translation is value
    assert translated.get_latest_revision_as_object().working_translation is value


def test_a_translation_has_its_own_schedule_and_lock(
    english: Locale, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("pegawai")
    soon = timezone.now().replace(microsecond=0) + datetime.timedelta(days=3)
    act = ActFactory(expire_at=soon, locked=True, locked_by=user, locked_at=timezone.now())
    act.save_revision().publish()
    translated = translate(act, english)
    assert translated.expire_at is None
    assert not translated.locked
    later = soon + datetime.timedelta(days=1)
    change(translated, expire_at=later)
    first_published_at = translated.first_published_at
    change(act, title="Akta lain 1969")
    translated = synchronise(act, english)
    assert translated.expire_at == later
    assert translated.first_published_at == first_published_at


def test_a_reference_becomes_the_translated_act(english: Locale) -> None:
    regulation = RegulationFactory()
    act = translate(regulation.act, english)
    translated = translate(regulation, english)
    assert translated.act == act
    assert list(act.regulations.all()) == [translated]


def test_a_reference_points_to_the_same_act_as_the_source(english: Locale) -> None:
    """wagtail-localize alone would keep the old Act if the new one has no translation."""
    scheme = SchemeFactory()
    translate(scheme.act, english)
    translate(scheme, english)
    new_act = ActFactory()
    change(scheme, act=new_act)
    translated = synchronise(scheme, english)
    assert translated.act == new_act, "the source's Act until it has a translation"
    translated_act = translate(new_act, english)
    translated = synchronise(scheme, english)
    assert translated.act == translated_act


def test_the_acts_of_a_role_keep_their_order_in_translation(english: Locale) -> None:
    first, second, third = ActFactory.create_batch(3)
    role = RoleFactory(acts=[second, first])
    translated_acts = [translate(act, english) for act in (second, first)]
    translated = translate(role, english)
    links = list(translated.acts.all())
    assert [link.act for link in links] == translated_acts
    assert {link.locale for link in links} == {english}
    before = {link.translation_key: link.pk for link in links}

    role.acts.add(role.acts.model(act=third, locale=role.locale, sort_order=2))
    change(role)
    translated_acts.append(translate(third, english))
    translated = synchronise(role, english)
    links = list(translated.acts.all())
    assert [link.act for link in links] == translated_acts
    assert before.items() <= {link.translation_key: link.pk for link in links}.items()


def test_an_act_removed_from_the_source_is_removed_from_the_translation(english: Locale) -> None:
    first, second = ActFactory.create_batch(2)
    role = RoleFactory(acts=[first, second])
    translate(role, english)
    role.acts.remove(role.acts.get(act=first))
    change(role)
    links = synchronise(role, english).acts.all()
    assert [link.act.translation_key for link in links] == [second.translation_key]


def test_the_organisation_translates_its_lists(english: Locale) -> None:
    page = ProfilePageFactory()
    organisation = OrganisationFactory(
        phones=["1-300-22-8000"],
        navigation=[{"page": page}, {"label": "Luar", "url": "https://www.ilo.org/"}],
        email="maklumat@contoh.test",
    )
    phone = organisation.phones.get()
    phone.label = "Talian"
    organisation.phones.add(phone)
    change(organisation)
    translation = submit_for_translation(organisation, english)
    translate_texts(translation)
    link = organisation.navigation.get(label="Luar")
    override(translation, f"navigation.{link.translation_key}.url", "https://www.ilo.org/en")
    override(translation, "email", "info@contoh.test")
    translation.save_target()
    translated = publish(translation)
    assert translated.short_name == "EN PERKESO"
    assert translated.address == "EN Menara PERKESO\nJalan Ampang\nKuala Lumpur"
    assert [(p.label, p.number) for p in translated.phones.all()] == [
        ("EN Talian", "1-300-22-8000")
    ]
    assert [(n.label, n.page_id, n.url) for n in translated.navigation.all()] == [
        ("", page.pk, ""),
        ("EN Luar", None, "https://www.ilo.org/en"),
    ]
    assert translated.email == "info@contoh.test"
    change(organisation, motto="Prihatin")
    translated = synchronise(organisation, english)
    assert translated.email == "info@contoh.test"
    assert translated.navigation.last().url == "https://www.ilo.org/en"


def test_an_abbreviation_is_synchronised_until_it_is_overridden(english: Locale) -> None:
    act = ActFactory(abbreviation="AKSP")
    translation = submit_for_translation(act, english)
    translate_texts(translation)
    override(translation, "abbreviation", "ESSA")
    translation.save_target()
    assert publish(translation).abbreviation == "ESSA"


def test_content_can_be_translated_into_any_language(malay: Locale) -> None:
    tamil = Locale.objects.create(language_code="ta")
    translate(ActFactory(number=4), tamil)
    assert Act.objects.filter(number=4).count() == 2


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_translation_editor_can_edit_every_value_it_shows(
    admin: Client, factory: Any, english: Locale
) -> None:
    snippet = factory()
    if factory is OrganisationFactory:
        snippet.navigation.add(
            snippet.navigation.model(label="ILO", url="https://ilo.org/", locale=snippet.locale)
        )
        snippet.email = "a@contoh.test"
        change(snippet)
    target = submit_for_translation(snippet, english).get_target_instance()
    response = admin.get(AdminURLFinder().get_edit_url(target))
    strings, overrides = (screen_rows(response, kind) for kind in ("string", "override"))
    assert [*strings, *overrides]
    for row in overrides:
        assert row.is_text or row.is_chooser, row.name
    paths = {row.string.path for row in strings} | {row.place.section_key for row in overrides}
    assert not paths & {"slug", "source", "working_translation", "gazette_number"}
