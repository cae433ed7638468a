"""How a field behaves when a translation is made, beyond wagtail-localize's two kinds.

wagtail-localize knows fields that are translated and fields that are copied from the source each
time. Two more kinds are needed here; both follow its own interface (`BaseTranslatableField`).
"""

from __future__ import annotations

from django.db import models
from wagtail_localize.fields import BaseTranslatableField, TranslatableField


class LocalField(BaseTranslatableField):
    """A field whose value belongs to one locale alone: never translated and never copied over.

    wagtail-localize copies every field that is not text whenever a translation is synchronised,
    and would so overwrite what an editor decided for this locale.
    """

    def __repr__(self) -> str:
        return f"<LocalField {self.field_name}>"


class ReferenceField(TranslatableField):
    """A foreign key to a translatable snippet: the translation points at the translated snippet.

    wagtail-localize sets such a key when the target has a translation and otherwise leaves what
    the translation had before, which may by then be another thing than the source points at. The
    key is therefore first copied from the source and then replaced by the translated target.
    """

    def is_synchronized(self, source: models.Model) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<ReferenceField {self.field_name}>"
