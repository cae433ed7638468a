"""The streams of the page types."""

from __future__ import annotations

from cms.pages.blocks.content_lists import ActsBlock, ContactBlock, RolesBlock, SchemesBlock
from cms.pages.blocks.download import DownloadBlock
from cms.pages.blocks.faq import FaqBlock
from cms.pages.blocks.media import FigureBlock
from cms.pages.blocks.quote import QuoteBlock
from cms.pages.blocks.section import SectionStreamBlock
from cms.pages.blocks.table import TableBlock
from cms.pages.blocks.text import CallOutBlock, StatementBlock, TextSectionBlock
from cms.pages.blocks.timeline import TimelineBlock
from cms.pages.blocks.video import VideoBlock


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
    table = TableBlock()
    image = FigureBlock()
    call_out = CallOutBlock()
    faq = FaqBlock()
    download = DownloadBlock()
    video = VideoBlock()
    quote = QuoteBlock()
