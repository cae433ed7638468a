"""Who wrote what a publish would make public.

That is every user whose revision since the last publish changed the text, not only the last one: a
colleague who saves the draft once more has not reviewed it. A revision with the same text as the
one before it was written by nobody, so pressing "Publish" in an unchanged form makes no author.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from wagtail.log_actions import registry as log_registry
from wagtail.models import COMMENTS_RELATION_NAME, Revision
from wagtail_localize.models import (
    SegmentOverride,
    StringTranslation,
    Translation,
    TranslationLog,
    TranslationSource,
)

#: Log entries of Wagtail that stand for a publish.
PUBLISHES = ("wagtail.publish", "wagtail.publish.scheduled")
#: What a revision stores beside the text: its state, its place, and when it is public. Who
#: publishes may set the schedule, as they may choose the moment.
NOT_TEXT = frozenset(
    {
        "alias_of",
        "depth",
        "draft_title",
        "expire_at",
        "expired",
        "first_published_at",
        "go_live_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "owner",
        "path",
        "translation_key",
        "url_path",
        COMMENTS_RELATION_NAME,
    }
)
#: The parts of a block in a StreamField; its id is made when it is first saved.
BLOCK = {"type", "value", "id"}


@dataclass(frozen=True)
class LastPublish:
    """The revision that was last made public, and when."""

    revision_id: int
    at: datetime


def writers(content: Any, revision: Revision | None = None) -> set[int]:
    """Primary keys of the users who wrote what publishing `revision` would make public.

    Without a revision, the latest one. `content` is a page or snippet as the database has it.
    """
    published = _last_publish(content)
    written = list(_revisions_since(published, content, revision))
    if not written:
        return set()
    translated = _sources_of(written)
    found: set[int | None] = set()
    before = _text_before(written[0], published, content)
    for current in written:
        text = _text(current.content)
        if current.pk in translated:
            found |= _translators(translated[current.pk], content, published)
        elif text != before:
            found.add(current.user_id)
        before = text
    return {pk for pk in found if pk is not None}


def _last_publish(content: Any) -> LastPublish | None:
    """For what is offline it is found in the log, because `live_revision` may be any then.

    Wagtail clears it, and puts it back when a draft is saved.
    """
    entries = log_registry.get_logs_for_instance(content).filter(action__in=PUBLISHES)
    entry = entries.exclude(revision=None).order_by("-timestamp", "-pk").first()
    live = content.live_revision_id if content.live else None
    if entry is not None and live in (None, entry.revision_id):
        return LastPublish(entry.revision_id, entry.timestamp)
    if live is not None and content.last_published_at is not None:
        return LastPublish(live, content.last_published_at)
    return None


def _revisions_since(
    published: LastPublish | None, content: Any, revision: Revision | None
) -> QuerySet[Revision]:
    """Revisions up to `revision` that were saved since the last publish, oldest first.

    Autosave overwrites its last revision, also after a colleague has published it, so the time
    counts too. An older revision than the published one is a change of its own.
    """
    found: QuerySet[Revision] = content.revisions.order_by("pk")
    if revision is not None and revision.pk is not None:
        found = found.filter(pk__lte=revision.pk)
    if published is not None:
        since = Q(pk__gt=published.revision_id) | Q(created_at__gt=published.at)
        if revision is not None and revision.pk != published.revision_id:
            since |= Q(pk=revision.pk)
        found = found.filter(since)
    return found


def translators(content: Any) -> set[int]:
    """Primary keys of the users who translated strings of `content` since its last publish.

    wagtail-localize's editor makes a revision of them only when somebody presses "Publish".
    """
    translation = Translation.objects.filter(
        source__object_id=content.translation_key, target_locale=content.locale, enabled=True
    ).first()
    if translation is None:
        return set()
    found = _translators(translation.source, content, _last_publish(content))
    return {pk for pk in found if pk is not None}


def _text_before(first: Revision, published: LastPublish | None, content: Any) -> Any:
    """The text that the first of the revisions was made from; None if it is the first of all."""
    if published is not None and published.revision_id < first.pk:
        before = content.revisions.filter(pk=published.revision_id).first()
    else:
        before = content.revisions.filter(pk__lt=first.pk).order_by("-pk").first()
    if before is not None:
        return _text(before.content)
    if content.live:
        # It became public without a revision, as content that code adds does.
        row = type(content)._base_manager.get(pk=content.pk)
        return _text(json.loads(json.dumps(row.serializable_data(), cls=DjangoJSONEncoder)))
    return None


def _text(content: dict[str, Any]) -> dict[str, Any]:
    """What readers may see of a revision, comparable with that of another one."""
    return _filled(
        {name: _plain(value) for name, value in content.items() if name not in {"pk", *NOT_TEXT}}
    )


def _plain(value: Any) -> Any:
    """A value without what the database, Wagtail or an unchanged form gives to its parts.

    Content that code has made looks otherwise once a form has saved it: text gets keys, and what
    is left out is stored as empty.
    """
    if isinstance(value, str) and value.startswith("["):
        try:
            return _plain(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, str) and "<" in value:
        return _plain_html(value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        dropped = {"id"} if value.keys() <= BLOCK else {"pk", "translation_key"}
        return _filled({name: _plain(part) for name, part in value.items() if name not in dropped})
    return value


def _filled(parts: dict[str, Any]) -> dict[str, Any]:
    """Those parts that are not empty."""
    return {name: part for name, part in parts.items() if not _is_empty(part)}


def _is_empty(value: Any) -> bool:
    """Whether nothing is written or chosen; zero is something."""
    return value is None or value is False or value in ("", [], {})


def _plain_html(html: str) -> str:
    """Rich text without the editor's keys and the spaces between its blocks."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(True):
        element.attrs.pop("data-block-key", None)
        element.attrs = dict(sorted(element.attrs.items()))
        element.name = {"strong": "b", "em": "i"}.get(element.name, element.name)
    return "".join(str(part) for part in soup.contents if str(part).strip())


def _sources_of(revisions: Iterable[Revision]) -> dict[int, TranslationSource]:
    """The translated source of each revision that wagtail-localize saved."""
    logs = TranslationLog.objects.filter(revision__in=[revision.pk for revision in revisions])
    return {log.revision_id: log.source for log in logs.select_related("source")}


def _translators(
    source: TranslationSource, content: Any, published: LastPublish | None
) -> set[int | None]:
    """Who wrote a translation: whoever translated one of its strings since the last publish.

    The revision itself is written by a program, for whoever presses "Publish". Where the source is
    not public, what is not translated yet comes from its draft.
    """
    found: set[int | None] = set()
    for model in (StringTranslation, SegmentOverride):
        rows = model.objects.filter(
            locale_id=content.locale_id, context__object_id=source.object_id
        )
        since = rows if published is None else rows.filter(updated_at__gt=published.at)
        found |= set(since.values_list("last_translated_by_id", flat=True))
    original = source.get_source_instance()
    if not getattr(original, "live", True):
        found |= writers(original)
    return found
