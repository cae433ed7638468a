"""A foreign key that follows its target's translations.

It follows wagtail-localize's own interface (`BaseTranslatableField`).
"""

from __future__ import annotations

from django.db import models
from wagtail_localize.fields import TranslatableField


class ReferenceField(TranslatableField):
    """A foreign key to a translatable snippet: the translation points at the translated snippet.

    wagtail-localize sets such a key only if the target has a translation. Otherwise it keeps the
    translation's previous value, which may no longer match the source. The key is therefore copied
    from the source first and then replaced by the translated target.
    """

    def is_synchronized(self, source: models.Model) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<ReferenceField {self.field_name}>"
