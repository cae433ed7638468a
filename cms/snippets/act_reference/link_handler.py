"""Wagtail's link handler for references to Acts: their target and their output."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Case, When
from django.utils.html import escape
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.rich_text import LinkHandler

from cms.snippets.act_reference.titles import public_acts_by_key, reading_language, translation_key
from cms.snippets.models import Act

Attributes = dict[str, str]


class ActReferenceHandler(LinkHandler):
    """A reference to an Act, by its translation key.

    `shows_title` makes the compiler of rich text replace the words between the tags with the
    instance's title.
    """

    identifier = "act"
    shows_title = True

    @staticmethod
    def get_model() -> type[Act]:
        return Act

    @classmethod
    def get_instance(cls, attrs: Attributes) -> Act:
        """The referenced Act in one locale, preferring published Acts, then the source language.

        Raises `Act.DoesNotExist`. The active language makes no difference: otherwise compiled
        documents would depend on the user who published.
        """
        act = cls._instances([attrs])[0]
        if act is None:
            raise Act.DoesNotExist("No Act has this translation key.")
        return act

    @classmethod
    def get_many(cls, attrs_list: list[Attributes]) -> list[Act | None]:
        """Like `get_instance`, for many; None for a missing Act."""
        return cls._instances(attrs_list)

    @classmethod
    def _instances(cls, attrs_list: list[Attributes]) -> list[Act | None]:
        keys = [translation_key(attrs.get("id")) for attrs in attrs_list]
        source_language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
        in_source = Case(When(locale__language_code=source_language, then=1), default=0)
        # The last Act of each key wins.
        acts = Act.objects.filter(translation_key__in={key for key in keys if key})
        found = {act.translation_key: act for act in acts.order_by("live", in_source, "-pk")}
        return [found.get(key) if key else None for key in keys]

    @classmethod
    def expand_db_attributes(cls, attrs: Attributes) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[Attributes]) -> list[str]:
        """Opening tags for Wagtail's templates, in the language being rendered.

        A handler can only write the opening tag, so the title is passed in an attribute; the filter
        `with_act_titles` moves it between the tags. A tag without a title is an Act that is not
        public; its words stay.
        """
        language = reading_language()
        keys = [translation_key(attrs.get("id")) for attrs in attrs_list]
        acts = public_acts_by_key({key for key in keys if key}, language)
        return [_opening_tag(acts.get(key) if key else None, language) for key in keys]

    @classmethod
    def extract_references(cls, attrs: Attributes) -> Iterator[tuple[type[Act], str, str, str]]:
        """Every translation of the Act: each is what some reader sees."""
        key = translation_key(attrs.get("id"))
        if key is None:
            return
        for pk in Act.objects.filter(translation_key=key).values_list("pk", flat=True):
            yield Act, str(pk), "", ""


def _opening_tag(act: Act | None, language: str) -> str:
    if act is None:
        return '<a data-type="act">'
    title = f' data-title="{escape(act.title)}"'
    own = act.locale.language_code
    lang = f' lang="{escape(own)}"' if own != language else ""
    return f'<a data-type="act" data-id="{act.translation_key}"{lang}{title}>'
