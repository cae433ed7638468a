"""The public Python interface of this plugin; projects import from here and nowhere else.

Every other module may change without notice. `docs/extending.md` describes the names below.
"""

from __future__ import annotations

from wagtail_localize_desk.access import RefusedError
from wagtail_localize_desk.file_text_models import FileTexts
from wagtail_localize_desk.file_text_status import PublicFileTexts, file_texts
from wagtail_localize_desk.file_texts import file_texts_changed
from wagtail_localize_desk.file_texts_admin import FileTextsPolicy
from wagtail_localize_desk.held_publication import (
    HeldPublicationError,
    publishing_together,
    withdraw,
)
from wagtail_localize_desk.open_strings import with_open_strings
from wagtail_localize_desk.review import NotReadyError, approve, send_back
from wagtail_localize_desk.review_steps import (
    approve_translation,
    ready_for_review,
    return_translation,
)
from wagtail_localize_desk.review_task import TranslationReviewTask
from wagtail_localize_desk.source_lifecycle import keeping_translations
from wagtail_localize_desk.status import (
    PublishedTranslation,
    Status,
    translation_status,
    translation_statuses,
)
from wagtail_localize_desk.submission_queue import submit_next_page
from wagtail_localize_desk.together import release, release_if_ready
from wagtail_localize_desk.untranslated import UntranslatedParts
from wagtail_localize_desk.untranslated_publication import (
    UntranslatedTextError,
    publishing_untranslated,
)
from wagtail_localize_desk.versions import history_of, restore_version

__all__ = [
    "FileTexts",
    "FileTextsPolicy",
    "HeldPublicationError",
    "NotReadyError",
    "PublicFileTexts",
    "PublishedTranslation",
    "RefusedError",
    "Status",
    "TranslationReviewTask",
    "UntranslatedParts",
    "UntranslatedTextError",
    "approve",
    "approve_translation",
    "file_texts",
    "file_texts_changed",
    "history_of",
    "keeping_translations",
    "publishing_together",
    "publishing_untranslated",
    "ready_for_review",
    "release",
    "release_if_ready",
    "restore_version",
    "return_translation",
    "send_back",
    "submit_next_page",
    "translation_status",
    "translation_statuses",
    "with_open_strings",
    "withdraw",
]
