"""The public content before the machine starts, in three languages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import TestCase
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from cms.editors.groups import ensure_groups
from tests.factories import (
    ActFactory,
    HomePageFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RoleFactory,
    StandardPageFactory,
)
from tests.members import ADMINISTRATOR, OFFICER, PUBLISHER, TRANSLATOR
from tests.publishing.languages.base import PEOPLE
from tests.publishing.languages.words import new_text
from wagtail_localize_desk.extending import publishing_untranslated

GROUPS = (OFFICER, PUBLISHER, TRANSLATOR, ADMINISTRATOR)


class Writer:
    """Makes content of new texts."""

    def __init__(self) -> None:
        self.number = 0

    def text(self, language: str = "ms") -> str:
        self.number += 1
        return new_text(language, self.number)

    def rich(self, paragraphs: int = 1) -> str:
        return "".join(f"<p>{self.text()}</p>" for _ in range(paragraphs))

    def publish(self, thing: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            thing.save_revision().publish()
        return thing

    def translate(self, thing: Any, locale: Locale, share: int = 1) -> Any:
        """Translate the first of each `share` strings, and publish the translation."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            translate_object(thing, [locale])
        translation = Translation.objects.get(
            source__object_id=thing.translation_key,
            source__locale=thing.locale,
            target_locale=locale,
        )
        segments = StringSegment.objects.filter(source=translation.source).exclude(
            context__path="slug"
        )
        for segment in segments.order_by("order")[::share]:
            StringTranslation.objects.create(
                translation_of=segment.string,
                context=segment.context,
                locale=locale,
                data=self.text(locale.language_code),
            )
        with TestCase.captureOnCommitCallbacks(execute=True), publishing_untranslated():
            translation.save_target(publish=True)
        return translation.get_target_instance()


def publish_initial_content() -> None:
    writer = Writer()
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code in ("ms", "en", "ta")]
    malay, english, tamil = locales
    home = HomePageFactory(title=writer.text(), intro=writer.rich(), locale=malay)
    Site.objects.all().delete()
    Site.objects.create(
        hostname="localhost", port=80, is_default_site=True, root_page=home, site_name="PERKESO"
    )
    writer.publish(home)
    ensure_groups()
    for name, group in zip(PEOPLE, GROUPS, strict=True):
        User.objects.create_user(name).groups.add(Group.objects.get(name=group))
    act = writer.publish(ActFactory(title=writer.text(), slug="akta", locale=malay))
    role = RoleFactory(text=writer.text(), slug="peranan", locale=malay, acts=[act])
    writer.publish(role)
    organisation = OrganisationFactory(
        name=writer.text(),
        short_name=writer.text(),
        address=writer.text(),
        locale=malay,
        navigation=[{"page": home}],
    )
    writer.publish(organisation)
    profile = ProfilePageFactory(
        title=writer.text(), parent=home, locale=malay, introduction=writer.rich(2)
    )
    profile.sections = [
        ("text", {"heading": writer.text(), "anchor": "a", "body": writer.rich(3)}),
        ("roles", {"heading": writer.text(), "anchor": "b", "roles": [role]}),
    ]
    writer.publish(profile)
    standard = StandardPageFactory(
        title=writer.text(), summary=writer.text(), parent=profile, locale=malay, slug="biasa"
    )
    standard.body = [
        ("text", {"heading": writer.text(), "anchor": "c", "body": writer.rich(2)}),
        ("call_out", {"tone": "warning", "heading": writer.text(), "body": writer.rich()}),
    ]
    writer.publish(standard)
    in_english = [
        writer.translate(each, english)
        for each in (home, act, role, organisation, profile, standard)
    ]
    # In a chain, and not all of it.
    for each in (in_english[0], in_english[4]):
        writer.translate(each, tamil, share=2)
    assert Page.objects.filter(live=True, depth__gt=1).count() == 8
