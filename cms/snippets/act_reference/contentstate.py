"""Converts references to Acts between the database and Draft.js' content state."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.translation import gettext as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate_models import ContentState
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    KEEP_WHITESPACE,
    STRIP_WHITESPACE,
    HandlerState,
    InlineEntityElementHandler,
)

from cms.snippets.act_reference.content_language import content_language
from cms.snippets.act_reference.titles import public_act, translation_key
from cms.snippets.models import Act

ENTITY_TYPE = "ACT"


class ActReferenceElementHandler(InlineEntityElementHandler):
    """Loads a reference into the editor, which shows the Act's current title.

    The stored words are kept in the entity's data and stored again. So renaming an Act changes no
    sentence that refers to it and makes no translation outdated.
    """

    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        """The entity's data; `problem` is the reason why readers see its words alone."""
        identity = attrs.get("id")
        act = public_act(identity, content_language())
        if act is not None:
            return {"id": identity, "title": act.title, "editUrl": edit_url(act)}
        key = translation_key(identity)
        draft = Act.objects.filter(translation_key=key).first() if key else None
        if draft is not None:
            problem = _("This Act is not published. Readers see these words, without a link.")
            return {"id": identity, "problem": problem, "editUrl": edit_url(draft)}
        problem = _("This Act no longer exists. Readers see these words, without a link.")
        return {"id": identity, "problem": problem}

    def handle_endtag(self, name: str, state: HandlerState, contentstate: ContentState) -> None:
        entity_range = state.current_entity_ranges[-1]
        data = contentstate.entity_map[entity_range.key].data
        block = state.current_block
        start = entity_range.offset
        data["words"] = block.text[start:]
        if title := data.get("title"):
            self._show(title, start, state)
        super().handle_endtag(name, state, contentstate)

    def _show(self, title: str, start: int, state: HandlerState) -> None:
        """Replace the words from `start` on with `title`."""
        block = state.current_block
        end = len(block.text)
        block.text = block.text[:start] + title
        # A style applies to the whole title or not at all; no part of the title matches the words.
        for style in list(block.inline_style_ranges):
            if style.length is None or style.offset < start:
                continue
            if style.offset == start and style.length == end - start:
                style.length = len(title)
            else:
                block.inline_style_ranges.remove(style)
        if state.leading_whitespace == STRIP_WHITESPACE:
            state.leading_whitespace = KEEP_WHITESPACE


def act_reference_entity(props: dict[str, Any]) -> Any:
    """The stored form of a reference; without a valid key, the words alone.

    Styles go around the reference, because everything inside is replaced by the title.
    """
    key = translation_key(props.get("id"))
    if key is None:
        return props["children"]
    styles: list[str] = []
    node = props["children"]
    while not isinstance(node, str) and len(node.children) == 1:
        if node.type != "fragment":
            styles.append(node.type)
        node = node.children[0]
    if not isinstance(node, str):
        styles.clear()
    words = props.get("words") or _text(node)
    reference = DOM.create_element("a", {"linktype": "act", "id": str(key)}, words)
    for style in reversed(styles):
        reference = DOM.create_element(style, {}, reference)
    return reference


def _text(node: Any) -> str:
    return node if isinstance(node, str) else "".join(_text(child) for child in node.children)


def edit_url(act: Act) -> str:
    """URL of the Act's edit form."""
    viewset = Act.snippet_viewset
    return reverse(viewset.get_url_name("edit"), args=[quote(act.pk)])


CONVERSION_RULE = {
    "from_database_format": {'a[linktype="act"]': ActReferenceElementHandler(ENTITY_TYPE)},
    "to_database_format": {"entity_decorators": {ENTITY_TYPE: act_reference_entity}},
}
