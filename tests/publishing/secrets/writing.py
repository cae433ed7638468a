"""Fill every text of a page or a snippet with words and references to other content."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from cms.pages.models import HomePage, ProfilePage, StandardPage
from cms.snippets.models import (
    Act,
    NavigationItem,
    Organisation,
    OrganisationPhone,
    Regulation,
    Role,
    RoleAct,
    Scheme,
)
from tests.publishing.secrets.words import ENGLISH, MALAY, SECRET

#: The most references of one kind in a text.
MOST = 3
#: Text columns of Wagtail's own page model; the others hold its position in the tree.
PAGE_TEXTS = {"title", "seo_title", "search_description"}


def write(instance: Any, text: str) -> None:
    """Put `text` into every field of `instance` that readers see; the editor note is always secret.

    Fields that are the same in every language get it without the word that marks its language.
    """
    same_everywhere = {
        field.field_name
        for field in instance.override_translatable_fields
        if isinstance(field, SynchronizedField)
    }
    for field in instance._meta.concrete_fields:
        if _is_text(field):
            words = _without_language(text) if field.name in same_everywhere else text
            setattr(instance, field.name, _rich(words) if _is_rich(field) else words)
    if hasattr(instance, "editor_note"):
        instance.editor_note = SECRET
    if isinstance(instance, Page):
        _write_page(instance, text)
    else:
        _write_snippet(instance, text)


def _is_text(field: models.Field[Any, Any]) -> bool:
    plain = (models.CharField, models.TextField)
    addressed = (models.SlugField, models.EmailField, models.URLField)
    return (
        field.editable
        and (field.model is not Page or field.name in PAGE_TEXTS)
        and isinstance(field, plain)
        and not isinstance(field, addressed)
        and not field.choices
    )


def _is_rich(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, RichTextField)


def _rich(text: str) -> str:
    return f"<p>{text}</p>"


def _without_language(text: str) -> str:
    return " ".join(word for word in text.split() if word not in (MALAY, ENGLISH))


def _write_page(page: Any, text: str) -> None:
    page.social_image = get_image_model().objects.first()
    if isinstance(page, HomePage):
        page.intro = _links(page, text)
    elif isinstance(page, ProfilePage):
        page.introduction = _links(page, text)
        page.sections = _profile_sections(page, text)
    elif isinstance(page, StandardPage):
        page.body = [
            ("text", {"heading": text, "anchor": "a", "body": _links(page, text)}),
            ("call_out", {"tone": "warning", "heading": text, "body": _links(page, text)}),
            *(
                ("image", {"image": picture, "caption": text})
                for picture in get_image_model().objects.all()[:1]
            ),
        ]


def _links(page: Page, text: str) -> str:
    """Rich text with links to pages, Acts and files, public or not."""
    pages = Page.objects.filter(depth__gt=1).exclude(pk=page.pk).order_by("-pk")[:MOST]
    acts = Act.objects.filter(locale=page.locale).order_by("-pk")[:MOST]
    files = get_document_model().objects.all()[:1]
    links = [
        *(f'<a linktype="page" id="{other.pk}">{text}</a>' for other in pages),
        *(f'<a linktype="act" id="{act.translation_key}">{text}</a>' for act in acts),
        *(f'<a linktype="document" id="{file.pk}">{text}</a>' for file in files),
    ]
    return f"<p>{text} {' '.join(links)}</p>"


def _profile_sections(page: Page, text: str) -> list[Any]:
    events = [{"date": None, "precision": "day", "text": text}]
    sections: list[Any] = [
        ("text", {"heading": text, "anchor": "a", "body": _links(page, text)}),
        ("statement", {"heading": text, "anchor": "b", "kind": "motto", "text": text}),
        ("timeline", {"heading": text, "anchor": "c", "events": events}),
    ]
    for name, model in (("acts", Act), ("roles", Role), ("schemes", Scheme)):
        rows = list(model._default_manager.filter(locale=page.locale).order_by("-pk")[:MOST])
        if rows:
            sections.append((name, {"heading": text, "anchor": name, name: rows}))
    for organisation in Organisation.objects.filter(locale=page.locale):
        contact = {"heading": text, "anchor": "contact", "organisation": organisation}
        sections.append(("contact", contact))
    return sections


def _write_snippet(snippet: Any, text: str) -> None:
    acts = Act.objects.filter(locale_id=snippet.locale_id).order_by("-pk")
    if isinstance(snippet, Regulation | Scheme):
        snippet.act = acts.first()
    elif isinstance(snippet, Role):
        snippet.acts.set(
            [RoleAct(act=act, locale_id=snippet.locale_id) for act in acts[:MOST]], bulk=False
        )
    elif isinstance(snippet, Organisation):
        _write_organisation(snippet, text)


def _write_organisation(organisation: Organisation, text: str) -> None:
    locale = {"locale_id": organisation.locale_id}
    number = OrganisationPhone(label=text, number="1", **locale)
    organisation.phones.set([number], bulk=False)
    pages = Page.objects.filter(depth__gt=1, locale_id=organisation.locale_id).order_by("-pk")
    named = NavigationItem(label=text, url="https://example.org/", **locale)
    # A link without a label gets the page's title.
    unnamed = [NavigationItem(page=page, **locale) for page in pages[:MOST]]
    organisation.navigation.set([named, *unnamed], bulk=False)
