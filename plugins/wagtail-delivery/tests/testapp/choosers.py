"""A custom chooser, and the block generated for it."""

from __future__ import annotations

from wagtail.admin.viewsets.chooser import ChooserViewSet


class TopicChooserViewSet(ChooserViewSet):
    model = "testapp.PlainTopic"


class UserChooserViewSet(ChooserViewSet):
    model = "auth.User"


topic_chooser = TopicChooserViewSet("topic_chooser")
TopicChooserBlock = topic_chooser.get_block_class(
    name="TopicChooserBlock", module_path="tests.testapp.choosers"
)
user_chooser = UserChooserViewSet("user_chooser", register_widget=False)
UserChooserBlock = user_chooser.get_block_class(
    name="UserChooserBlock", module_path="tests.testapp.choosers"
)
