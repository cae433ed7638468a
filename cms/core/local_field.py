"""A field that wagtail-localize neither translates nor synchronises.

It follows wagtail-localize's own interface (`BaseTranslatableField`).
"""

from __future__ import annotations

from wagtail_localize.fields import BaseTranslatableField


class LocalField(BaseTranslatableField):
    """A field whose value belongs to one locale alone: never translated, never copied over.

    wagtail-localize copies every non-text field each time a translation is synchronised, which
    would overwrite an editor's decision for this locale.
    """

    def __repr__(self) -> str:
        return f"<LocalField {self.field_name}>"
