"""Valid content for tests: a factory for each content type of PERKESO CMS.

Snippets and pages are live, in the default locale unless one is given. A page without a parent is
added below the home page of its locale, which is created if there is none.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import factory
from django.db import models
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site
from wagtail.snippets.models import get_snippet_models

from cms.pages.models import HomePage, ProfilePage, StandardPage
from cms.snippets.models import (
    Act,
    Convention,
    NavigationItem,
    Organisation,
    OrganisationPhone,
    Regulation,
    Role,
    RoleAct,
    Scheme,
)
from cms.snippets.models.base import Snippet


class LocalisedFactory(DjangoModelFactory):
    """Base of the factories of translatable models."""

    class Meta:
        abstract = True

    locale = factory.LazyFunction(Locale.get_default)


class ActFactory(LocalisedFactory):
    class Meta:
        model = Act

    number = factory.Sequence(lambda n: 1000 + n)
    year = 2017
    title = factory.LazyAttribute(lambda act: f"Akta Keselamatan Sosial {act.number} {act.year}")


class RegulationFactory(LocalisedFactory):
    class Meta:
        model = Regulation

    act = factory.SubFactory(ActFactory, locale=factory.SelfAttribute("..locale"))
    year = 1971
    title = factory.Sequence(lambda n: f"Peraturan-Peraturan (Am) Keselamatan Sosial {n}")


class SchemeFactory(LocalisedFactory):
    class Meta:
        model = Scheme

    act = factory.SubFactory(ActFactory, locale=factory.SelfAttribute("..locale"))
    title = factory.Sequence(lambda n: f"Skim Keselamatan Sosial {n}")
    summary = "Melindungi pekerja dan tanggungannya."


class RoleFactory(LocalisedFactory):
    class Meta:
        model = Role
        # The hooks below save their additions.
        skip_postgeneration_save = True

    text = factory.Sequence(lambda n: f"Mengurus dan melaksanakan skim perlindungan {n};")
    sort_order = factory.Sequence(lambda n: n + 1)

    @factory.post_generation
    def acts(self: Any, create: bool, extracted: list[Act] | None, **kwargs: Any) -> None:
        """`RoleFactory(acts=[act, ...])` links the role to these Acts, in this order."""
        for position, act in enumerate(extracted or []):
            self.acts.add(RoleAct(act=act, locale=self.locale, sort_order=position))
        if create and extracted:
            self.save()


class ConventionFactory(LocalisedFactory):
    class Meta:
        model = Convention

    title = factory.Sequence(lambda n: f"Konvensyen {n}; Standard Minimum Keselamatan Sosial")
    body = "Pertubuhan Buruh Antarabangsa (ILO)"
    number = factory.Sequence(lambda n: 100 + n)
    year = 1952


class OrganisationFactory(LocalisedFactory):
    class Meta:
        model = Organisation
        # The hooks below save their additions.
        skip_postgeneration_save = True

    name = "Pertubuhan Keselamatan Sosial"
    short_name = "PERKESO"
    address = "Menara PERKESO\nJalan Ampang\nKuala Lumpur"

    @factory.post_generation
    def phones(self: Any, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """`OrganisationFactory(phones=["1-300-22-8000"])` gives it these telephone numbers."""
        for position, number in enumerate(extracted or []):
            self.phones.add(
                OrganisationPhone(number=number, locale=self.locale, sort_order=position)
            )
        if create and extracted:
            self.save()

    @factory.post_generation
    def navigation(
        self: Any, create: bool, extracted: list[dict[str, Any]] | None, **kwargs: Any
    ) -> None:
        """`OrganisationFactory(navigation=[{"page": page}, ...])` gives it these links."""
        for position, link in enumerate(extracted or []):
            self.navigation.add(NavigationItem(**link, locale=self.locale, sort_order=position))
        if create and extracted:
            self.save()


def root_page() -> Page:
    """The root of the page tree; created if the test's database has none."""
    return Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=Locale.get_default())
    )


class PageFactory(LocalisedFactory):
    """Base of the page factories: pages are added to the tree, never just saved."""

    class Meta:
        abstract = True

    title = factory.Sequence(lambda n: f"Halaman {n}")
    slug = factory.Sequence(lambda n: f"halaman-{n}")

    @classmethod
    def default_parent(cls, locale: Locale) -> Page:
        return HomePage.objects.filter(locale=locale).first() or HomePageFactory(locale=locale)

    @classmethod
    def _create(cls, model_class: type[models.Model], *args: Any, **kwargs: Any) -> Page:
        parent = kwargs.pop("parent", None) or cls.default_parent(kwargs["locale"])
        page = model_class(*args, **kwargs)
        # The parent's row counts its children and may have changed since it was fetched.
        parent.refresh_from_db()
        return parent.add_child(instance=page)


class HomePageFactory(PageFactory):
    class Meta:
        model = HomePage

    title = "PERKESO"
    slug = factory.LazyAttribute(lambda page: page.locale.language_code)

    @classmethod
    def default_parent(cls, locale: Locale) -> Page:
        return root_page()


class ProfilePageFactory(PageFactory):
    class Meta:
        model = ProfilePage

    title = "Profil"
    slug = "profil"


class StandardPageFactory(PageFactory):
    class Meta:
        model = StandardPage


class SiteFactory(DjangoModelFactory):
    """The default site, at the home page of the default locale."""

    class Meta:
        model = Site
        django_get_or_create = ("hostname", "port")

    hostname = "localhost"
    port = 80
    is_default_site = True
    site_name = "PERKESO"
    root_page = factory.SubFactory(HomePageFactory)


def bilingual_home(malay: Locale, english: Locale) -> HomePage:
    """The Malay home page of the only site, with an English one beside it."""
    Site.objects.all().delete()
    page = HomePageFactory(locale=malay)
    SiteFactory(root_page=page)
    HomePageFactory(locale=english, translation_key=page.translation_key, title="SOCSO")
    return page


def snippet_types() -> list[type[Snippet]]:
    """The content types among the snippets; terms, for example, are none."""
    return [model for model in get_snippet_models() if issubclass(model, Snippet)]


def factory_for(model: type[models.Model]) -> type[DjangoModelFactory] | None:
    """The factory of a model, or None if there is none.

    It is here or in the content type's own test: the one of cms.snippets.models.office is in
    tests/snippets/test_office.py.
    """
    _cms, app, *_models, module = model.__module__.split(".")
    test = f"tests.{app}.test_{module}"
    modules = [globals(), vars(import_module(test)) if find_spec(test) else {}]
    for candidate in (candidate for names in modules for candidate in names.values()):
        if (
            isinstance(candidate, type)
            and issubclass(candidate, DjangoModelFactory)
            and candidate._meta.model is model
        ):
            return candidate
    return None
