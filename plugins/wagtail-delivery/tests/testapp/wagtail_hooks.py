from __future__ import annotations

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from tests.testapp.choosers import topic_chooser, user_chooser
from tests.testapp.models.participation import HookTopic

# A snippet can be registered here instead of at its class.
register_snippet(HookTopic)


@hooks.register("register_admin_viewset")
def register_choosers() -> list[object]:
    return [topic_chooser, user_chooser]
