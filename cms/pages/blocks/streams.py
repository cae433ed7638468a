"""The streams of the page types."""

from __future__ import annotations

from cms.pages.blocks.content_lists import ActsBlock, ContactBlock, RolesBlock, SchemesBlock
from cms.pages.blocks.media import FigureBlock
from cms.pages.blocks.section import SectionStreamBlock
from cms.pages.blocks.text import CallOutBlock, StatementBlock, TextSectionBlock
from cms.pages.blocks.timeline import TimelineBlock


class ProfileSectionsBlock(SectionStreamBlock):
    """Sections of the organisation's profile."""

    text = TextSectionBlock()
    timeline = TimelineBlock()
    statement = StatementBlock()
    roles = RolesBlock()
    acts = ActsBlock()
    schemes = SchemesBlock()
    contact = ContactBlock()


class BodyBlock(SectionStreamBlock):
    """Body of a standard page."""

    text = TextSectionBlock()
    image = FigureBlock()
    call_out = CallOutBlock()
