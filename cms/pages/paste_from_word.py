"""Registers the rich text feature `paste-from-word`.

It keeps raised and lowered characters and the order of headings when text is pasted, and tells the
editor what a rich text cannot hold. `static/pages/paste-from-word.js` does the work.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.rich_text.editors.draftail.features import PluginFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

FEATURE = "paste-from-word"

#: What is told after pasting; a name in double braces is replaced by the script.
MESSAGES = {
    "tables": _(
        "Tables left out: {{count}}. A text cannot hold a table. Add a block of the type Table to "
        "a standard page and paste there: it keeps rows and columns."
    ),
    "images": _("Images left out: {{count}}. Add each as a block of the type Image."),
    "textBoxes": _("Text boxes left out: {{count}}. Copy their text and paste it by itself."),
    "comments": _("Comments left out: {{count}}."),
    "changes": _("Tracked changes were accepted: what was deleted is left out."),
    "footnotes": _("Footnotes left out: {{count}}. Write into the text what readers need."),
    "close": _("Close"),
}


@hooks.register("register_rich_text_features")
def register_feature(features: FeatureRegistry) -> None:
    """Add the script to editors of fields with this feature."""
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        PluginFeature(
            {"type": FEATURE, "messages": MESSAGES},
            js=["pages/pasted-html.js", "pages/paste-from-word.js"],
        ),
    )
