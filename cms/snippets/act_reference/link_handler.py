"""What Wagtail asks about a reference to an Act: what it points at, and what readers see."""

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

    `shows_title` tells whoever compiles rich text that the title of the instance takes the place
    of the words between the tags.
    """

    identifier = "act"
    shows_title = True

    @staticmethod
    def get_model() -> type[Act]:
        return Act

    @classmethod
    def get_instance(cls, attrs: Attributes) -> Act:
        """The Act that is meant, in one of its locales: a published one before a draft, the source
        language before others. Raises `Act.DoesNotExist`.

        Which language the reader has, or the user who publishes, makes no difference here: what is
        compiled for readers would otherwise depend on who happened to publish.
        """
        act = cls._instances([attrs])[0]
        if act is None:
            raise Act.DoesNotExist("No Act has this translation key.")
        return act

    @classmethod
    def get_many(cls, attrs_list: list[Attributes]) -> list[Act | None]:
        """As `get_instance` for many; None where there is no such Act."""
        return cls._instances(attrs_list)

    @classmethod
    def _instances(cls, attrs_list: list[Attributes]) -> list[Act | None]:
        keys = [translation_key(attrs.get("id")) for attrs in attrs_list]
        source_language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
        in_source = Case(When(locale__language_code=source_language, then=1), default=0)
        # The last of a key stays.
        acts = Act.objects.filter(translation_key__in={key for key in keys if key})
        found = {act.translation_key: act for act in acts.order_by("live", in_source, "-pk")}
        return [found.get(key) if key else None for key in keys]

    @classmethod
    def expand_db_attributes(cls, attrs: Attributes) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[Attributes]) -> list[str]:
        """Opening tags for Wagtail's templates, in the language that is being rendered.

        Wagtail lets a handler write the opening tag and nothing else, so the title travels in an
        attribute; the filter `with_act_titles` puts it between the tags. A tag without a title is
        an Act that no reader may see.
        """
        language = reading_language()
        keys = [translation_key(attrs.get("id")) for attrs in attrs_list]
        acts = public_acts_by_key({key for key in keys if key}, language)
        return [_opening_tag(acts.get(key) if key else None, language) for key in keys]

    @classmethod
    def extract_references(cls, attrs: Attributes) -> Iterator[tuple[type[Act], str, str, str]]:
        """Each translation of the Act counts as used: a reference means all of them, and each is
        the one that some reader sees."""
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
