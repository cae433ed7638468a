"""References to Acts between the database and the editor (Draft.js' content state)."""

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
    """Loads a reference into the editor, where it shows the Act's title of today.

    The words that are stored go along unseen and are stored again. So the renaming of an Act leaves
    the sentences that refer to it as they are, and no translation of one is out of date by it.
    """

    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        """What the editor knows of the reference; `problem` says why readers do not see it."""
        identity = attrs.get("id")
        act = public_act(identity, content_language())
        if act is not None:
            return {"id": identity, "title": act.title, "editUrl": edit_url(act)}
        key = translation_key(identity)
        draft = Act.objects.filter(translation_key=key).first() if key else None
        if draft is not None:
            problem = _("This Act is not published; readers do not see it.")
            return {"id": identity, "problem": problem, "editUrl": edit_url(draft)}
        return {"id": identity, "problem": _("This Act no longer exists.")}

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
        """Put `title` in the place of the words from `start` on."""
        block = state.current_block
        end = len(block.text)
        block.text = block.text[:start] + title
        # A style holds for the whole title or not at all: which part of it is unknown.
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
    """Stores a reference; words whose reference makes no sense stay as words.

    Styles go around the reference: whoever shows a title puts it in the place of all inside.
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
    """Address of the Act's edit form."""
    viewset = Act.snippet_viewset
    return reverse(viewset.get_url_name("edit"), args=[quote(act.pk)])


CONVERSION_RULE = {
    "from_database_format": {'a[linktype="act"]': ActReferenceElementHandler(ENTITY_TYPE)},
    "to_database_format": {"entity_decorators": {ENTITY_TYPE: act_reference_entity}},
}
