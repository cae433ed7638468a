"""Registers the rich text feature `act-reference`."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

from cms.snippets.act_reference.chooser import ActReferenceChooserViewSet, viewset
from cms.snippets.act_reference.contentstate import CONVERSION_RULE, ENTITY_TYPE
from cms.snippets.act_reference.link_handler import ActReferenceHandler
from cms.snippets.act_reference.removal_views import DeleteActsBulkAction

FEATURE = "act-reference"


@hooks.register("register_rich_text_features")
def register_feature(features: FeatureRegistry) -> None:
    """Add the toolbar button, the conversion and the output for fields with this feature."""
    features.register_link_type(ActReferenceHandler)
    features.register_converter_rule("contentstate", FEATURE, CONVERSION_RULE)
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        EntityFeature(
            {
                "type": ENTITY_TYPE,
                "icon": "act-reference",
                "description": _("Reference to an Act"),
                "chooserUrls": {"actChooser": reverse_lazy("act_reference_chooser:choose")},
            },
            js=["wagtailadmin/js/chooser-modal.js", "act_reference/act-reference.js"],
        ),
    )


@hooks.register("register_admin_viewset")
def register_chooser() -> ActReferenceChooserViewSet:
    """Add the chooser's URLs."""
    return viewset


# After Wagtail's own action for all snippets, which it replaces for Acts.
hooks.register("register_bulk_action", DeleteActsBulkAction, order=10)


@hooks.register("register_icons")
def register_icon(icons: list[str]) -> list[str]:
    """Add the icon of the toolbar button and of each reference."""
    return [*icons, "act_reference/icons/act-reference.svg"]
