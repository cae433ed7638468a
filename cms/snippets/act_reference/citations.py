"""What readers will see of an Act once it is not published: sentences, lists and fields."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import translation
from django.utils.html import escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, ReferenceIndex, TranslatableMixin
from wagtail.permissions import policy_registry
from wagtail.rich_text import RichText, expand_db_html

from cms.snippets.act_reference.titles import public_acts_by_key
from cms.snippets.models import Act
from cms.snippets.templatetags.act_references import with_act_titles

#: The number of texts that a confirmation lists at most.
LIMIT = 50
#: Actions of which one is enough to see a page, or an entry, in the admin.
_SEEING = ("add", "change", "publish", "delete", "view")

# Characters for private use enclose the words in question until the sentences are found.
_BEGIN, _END = "\ue000", "\ue001"
_MARKED = re.compile(f"{_BEGIN}(.*?){_END}", re.DOTALL)
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|[uo]l|li|blockquote|br|hr|table|tr|td|th)\b[^>]*>", re.IGNORECASE
)
# After a word of some length, because an abbreviation ends no sentence.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{4}[.!?])\s+")


@dataclass(frozen=True)
class Citation:
    """A published text that refers to an Act, and its sentences as they will read."""

    text: Model
    edit_url: str | None
    sentences: list[SafeString]
    #: Whether it also shows an Act as an entry, in a list or a field, and will leave that out.
    loses_entry: bool = False


@dataclass(frozen=True)
class Citations:
    """The texts that will read differently, and how many more the list does not show."""

    listed: list[Citation]
    others: int

    def __bool__(self) -> bool:
        return bool(self.listed or self.others)


def citations(acts: Collection[Act], user: Any) -> Citations:
    """The published texts that will change for readers if `acts` are not published any more.

    Only those that `user` may see in the admin are listed, and not more than LIMIT.
    """
    changes = _Changes(acts)
    finder = AdminURLFinder(user)
    listed: list[Citation] = []
    others = 0
    for text, paths, is_seen in _citing_texts(acts, user):
        language = text.locale.language_code
        html = {path: _html_at(text, path) for path in paths}
        changed = [marked for one in html.values() if (marked := changes.marked(one, language))]
        loses_entry = any(
            changes.removes_entry(keys, language) for path, keys in paths.items() if not html[path]
        )
        if not (changed or loses_entry) or not getattr(text, "live", True):
            continue
        if not is_seen or len(listed) == LIMIT:
            others += 1
        else:
            sentences = [found for marked in changed for found in _sentences(marked, language)]
            listed.append(Citation(text, finder.get_edit_url(text), sentences, loses_entry))
    return Citations(listed, others)


def _citing_texts(
    acts: Collection[Act], user: Any
) -> Iterator[tuple[Any, dict[str, set[UUID]], bool]]:
    """Texts that refer to `acts` in any language, and whether `user` may see each of them.

    With the content paths there, each with the translation keys that it refers to.
    """
    keys = {
        str(pk): key
        for pk, key in Act.objects.filter(
            translation_key__in={act.translation_key for act in acts}
        ).values_list("pk", "translation_key")
    }
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Act), to_object_id__in=keys
    )
    paths: dict[int, dict[str, dict[str, set[UUID]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(set))
    )
    for content_type_id, pk, path, act in references.values_list(
        "content_type_id", "object_id", "content_path", "to_object_id"
    ):
        paths[content_type_id][pk][path].add(keys[act])
    for content_type_id, found in paths.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is None or not issubclass(model, TranslatableMixin):
            continue
        policy = policy_registry.get_by_type(Page if issubclass(model, Page) else model)
        seen = policy.instances_user_has_any_permission_for(user, _SEEING) if policy else None
        seen_pks = set(seen.filter(pk__in=found).values_list("pk", flat=True)) if seen else set()
        texts = model._default_manager.filter(pk__in=found).select_related("locale")
        for text in texts.order_by("pk"):
            yield text, dict(sorted(found[str(text.pk)].items())), text.pk in seen_pks


def _html_at(text: Model, content_path: str) -> str:
    """The stored rich text of `text` at `content_path`; empty if there is something else."""
    name, *steps = content_path.split(".")
    field = text._meta.get_field(name)
    value = getattr(text, name, None)
    if isinstance(field, RichTextField):
        return value or ""
    if isinstance(field, StreamField):
        block = field.stream_block.get_block_by_content_path(value, steps)
        if block is not None and isinstance(block.value, RichText):
            return str(block.value.source)
    return ""


class _Changes:
    """What readers will see in place of references to some Acts."""

    def __init__(self, acts: Collection[Act]) -> None:
        self.keys = {act.translation_key for act in acts}
        self.pks = {act.pk for act in acts}
        identities = "|".join(str(key) for key in self.keys)
        self.reference = re.compile(
            rf'<a\b(?=[^>]*\blinktype="act")[^>]*?\bid="({identities})"[^>]*>(.*?)</a>', re.DOTALL
        )
        # Few languages, many texts.
        self.titles = cache(self._titles)
        self.removed = {(act.translation_key, act.locale.language_code) for act in acts if act.live}

    def _titles(self, language: str) -> dict[UUID, tuple[Act | None, Act | None]]:
        """The Act that a reference in `language` shows, now and then, for each key."""
        now = public_acts_by_key(self.keys, language)
        then = public_acts_by_key(self.keys, language, self.pks)
        return {key: (now.get(key), then.get(key)) for key in self.keys}

    def removes_entry(self, keys: Collection[UUID], language: str) -> bool:
        """Whether a text in `language` will show one of the Acts `keys` as an entry no more.

        Unlike a reference, an entry is never in another language.
        """
        return any((key, language) in self.removed for key in keys)

    def marked(self, html: str, language: str) -> str:
        """`html`, a text in `language`, with marks around what will change; empty if nothing."""
        titles = self.titles(language)

        def replaced(reference: re.Match[str]) -> str:
            now, then = titles[UUID(reference[1])]
            if now == then:
                return reference[0]
            return f"{_BEGIN}{escape(then.title) if then else reference[2]}{_END}"

        marked = self.reference.sub(replaced, html)
        return marked if _BEGIN in marked else ""


def _sentences(marked: str, language: str) -> Iterator[SafeString]:
    """The sentences of a text in `language` that have marks."""
    with translation.override(language):
        shown = with_act_titles(expand_db_html(marked))
    for block in _BLOCK_TAG.split(shown):
        for sentence in _SENTENCE_END.split(unescape(strip_tags(block))):
            if _BEGIN in sentence:
                yield _with_marks(sentence.strip())


def _with_marks(sentence: str) -> SafeString:
    pieces = _MARKED.split(sentence)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece) if number % 2 else piece,)
            for number, piece in enumerate(pieces)
        ),
    )
