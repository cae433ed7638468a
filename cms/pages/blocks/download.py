"""Documents to download, such as forms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock, StructValue

from cms.pages.blocks.synchronized import SynchronizedCharBlock, SynchronizedDocumentBlock

LANGUAGES = [("ms", _("Malay")), ("en", _("English")), ("zh", _("Chinese")), ("ta", _("Tamil"))]


class DownloadFile(StructValue):
    """A file as templates see it."""

    @property
    def language_name(self) -> str:
        """The name of the file's language, in the active language; empty without one."""
        return str(dict(LANGUAGES).get(self["language"], ""))


class DownloadFileBlock(StructBlock):
    """A file and its language."""

    document = SynchronizedDocumentBlock(
        label=_("Document"), help_text=_("The file; readers are told its type and size.")
    )
    language = ChoiceBlock(
        label=_("Language of the file"),
        choices=LANGUAGES,
        default="ms",
        help_text=_("The language that the file is written in."),
    )

    class Meta:
        label = _("File")
        value_class = DownloadFile
        icon = "doc-full"


class DownloadBlock(StructBlock):
    """A form or another document, in one or more languages."""

    title = CharBlock(
        label=_("Title"), max_length=255, help_text=_("What readers download, in a few words.")
    )
    form_number = SynchronizedCharBlock(
        label=_("Form number"),
        required=False,
        max_length=50,
        help_text=_("The number by which counters know the form, such as Borang 34."),
    )
    files = ListBlock(
        DownloadFileBlock(),
        label=_("Files"),
        min_num=1,
        help_text=_("The same document in each language in which there is one."),
    )

    class Meta:
        template = "pages/blocks/download.html"
        label = _("Download")
        label_format = "{title}"
        icon = "download"
