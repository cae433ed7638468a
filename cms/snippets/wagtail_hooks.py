"""Registration of the snippets in the admin."""

from __future__ import annotations

from wagtail.snippets.models import register_snippet

from cms.snippets.viewsets import ContentViewSetGroup

register_snippet(ContentViewSetGroup)
