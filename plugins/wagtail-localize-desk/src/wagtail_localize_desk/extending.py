"""The public Python interface of this plugin; projects import from here and nowhere else.

Every other module may change without notice. `docs/extending.md` describes the names below.
"""

from __future__ import annotations

from wagtail_localize_desk.status import PublishedTranslation, Status, translation_status
from wagtail_localize_desk.untranslated import UntranslatedParts

__all__ = ["PublishedTranslation", "Status", "UntranslatedParts", "translation_status"]
