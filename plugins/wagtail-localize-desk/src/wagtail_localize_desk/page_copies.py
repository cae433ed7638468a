"""A copy of a page is not written in its own language where its original was not.

The copy is another page and no translation of anything, so its untranslated texts are recorded.
"""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import Any

from django.db import transaction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Page
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from wagtail_localize_desk.hand_written import EARLIER_VERSIONS, KnownWords
from wagtail_localize_desk.models import RevisionTexts, TranslatedString
from wagtail_localize_desk.revision_texts import ShownString, Texts, is_slug
from wagtail_localize_desk.untranslated_publication import require_choice
from wagtail_localize_desk.wording import hash_of, is_blank

_copy_page = CopyPageAction._copy_page


@functools.wraps(_copy_page)
def copy_page(action: CopyPageAction, page: Page, *args: Any, **kwargs: Any) -> Page:
    """Copy a page; raises `UntranslatedTextError` if the copy is public and nobody chose that."""
    with transaction.atomic():
        copy: Page = _copy_page(action, page, *args, **kwargs)
        if copy.translation_key != page.translation_key:
            record = _record_texts(page, copy.specific)
            if record is not None and copy.live:
                require_choice(copy.specific, record, frozenset(), action.user)
    return copy


def _record_texts(original: Page, copy: Any) -> RevisionTexts | None:
    """Record the untranslated texts of a copy; None if it has none."""
    language = copy.locale.language_code
    records = RevisionTexts.objects.filter(
        object_key=original.translation_key, target_language=original.locale.language_code
    ).order_by("-saved_at", "-pk")[:EARLIER_VERSIONS]
    latest = next(iter(records), None)
    if latest is None or latest.target_language != language:
        return None
    rows = TranslatedString.objects.filter(
        object_key=original.translation_key, target_language=language
    )
    revision = copy.latest_revision
    shown = copy if copy.live or revision is None else revision.as_object()
    texts = _texts(shown, KnownWords(rows, records))
    if all(string.is_translated for strings in texts.values() for string in strings):
        return None
    return RevisionTexts.objects.create(
        object_key=copy.translation_key,
        source_language=latest.source_language,
        target_language=language,
        revision=revision,
        # Wagtail gives a public copy the revision of its draft, which is read when it is published.
        saved_at=copy.latest_revision_created_at - timedelta(microseconds=1),
        is_by_hand=True,
        source_digests={},
        texts=texts,
    )


def _texts(shown: Any, known: KnownWords) -> Texts:
    texts: Texts = {}
    for value in extract_segments(shown):
        if not isinstance(value, StringSegmentValue):
            continue
        path, words = value.path, value.string.data
        found = None
        if not is_blank(words) and not is_slug(type(shown), path):
            found = known.recognise(path, words)
        string = ShownString(None, "", True)
        if found is not None and not found[2]:
            string = ShownString(None, hash_of(found[1]).hex, False)
        texts.setdefault(path, []).append(string)
    return texts
