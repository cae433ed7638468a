"""The base of all pages: summary, image for sharing and the mark for working translations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    HelpPanel,
    MultiFieldPanel,
    Panel,
    PublishingPanel,
    TitleFieldPanel,
)
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField

from cms.core.draft_slugs import slug_is_kept_for_draft
from cms.core.local_field import LocalField
from cms.core.preview_facts import preview_facts
from cms.core.working_translation import WorkingTranslationMixin
from cms.pages.blocks.section import SectionStreamBlock, doubled_anchors, fill_anchors
from cms.pages.image_descriptions import undescribed

#: Of Wagtail's field.
SLUG_LENGTH = 255


class BasePageForm(WagtailAdminPageForm):
    """The edit form of all page types."""

    def clean(self) -> dict[str, Any]:
        """Give a new page a free slug; refuse one in use, and publishing an image without words."""
        slug = self.cleaned_data.get("slug")
        taken = bool(slug and self.parent_page is not None and self._is_taken(slug))
        if taken and self._follows_title(slug):
            self.cleaned_data["slug"] = self._free_slug(slug)
            taken = False
        cleaned: dict[str, Any] = super().clean()
        if taken:
            # Instead of Wagtail's own, which offers nothing.
            self.errors.pop("slug", None)
            reason = _("Another page here uses this address. Free is: %(slug)s")
            self.add_error("slug", reason % {"slug": self._free_slug(slug)})
        if not self.is_deferred_validation and undescribed(cleaned.get("social_image")):
            self.add_error("social_image", self._missing_description(cleaned["social_image"]))
        return cleaned

    def _missing_description(self, image: AbstractImage) -> str:
        """What to do: the link to the image's form, or whom to ask if it is another's."""
        policy = policy_registry.get(image)
        if not policy.user_has_permission_for_instance(self.for_user, "change", image):
            return gettext("This image has no description. Ask a publisher to add one.")
        return format_html(
            gettext(
                'This image has no description. <a href="{url}" target="_blank">Add one here</a>.'
            ),
            url=reverse("wagtailimages:edit", args=[image.pk]),
        )

    def _follows_title(self, slug: str) -> bool:
        """Whether the slug of a page that was never public was made from its title."""
        title = self.cleaned_data.get("title", "")
        return self.instance.first_published_at is None and slug in {
            slugify(title),
            slugify(title, allow_unicode=True),
        }

    def _free_slug(self, slug: str) -> str:
        numbered = (f"{slug[: SLUG_LENGTH - 5]}-{number}" for number in count(2))
        return next(candidate for candidate in numbered if not self._is_taken(candidate))

    def _is_taken(self, slug: str) -> bool:
        siblings = self.parent_page.get_children().not_page(self.instance)
        return bool(
            siblings.filter(slug=slug).exists()
            or slug_is_kept_for_draft(slug, self.instance, siblings)
        )


class BasePage(WorkingTranslationMixin, Page):  # type: ignore[django-manager-missing]
    """Abstract base of all page types."""

    summary = models.TextField(
        verbose_name=_("summary"),
        blank=True,
        help_text=_("One or two sentences that represent the page in lists and cards."),
    )
    social_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image for sharing"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown where the page is shared or listed. Best at least 1200 pixels wide."),
    )

    base_form_class = BasePageForm

    # By default, pages are allowed below a home page.
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]

    content_panels: ClassVar[list[Panel]] = [
        TitleFieldPanel("title", help_text=_("The title as the public sees it.")),
        HelpPanel(template="handbook/panel.html"),
    ]
    promote_panels: ClassVar[list[Panel]] = [
        FieldPanel("slug"),
        MultiFieldPanel(
            [FieldPanel("summary"), FieldPanel("social_image")],
            heading=_("In lists and where the page is shared"),
        ),
        MultiFieldPanel(
            [FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("In search engines"),
        ),
    ]
    settings_panels: ClassVar[list[Panel]] = [
        FieldPanel("working_translation"),
        PublishingPanel(),
        CommentPanel(),
    ]

    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        LocalField("working_translation"),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.FilterField("working_translation"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("summary"),
        APIField("social_image"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = ["summary", "working_translation"]

    class Meta:
        abstract = True

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[str]:
        """Wagtail's template, or one that shows any page."""
        return [super().get_template(request, *args, **kwargs), "pages/any_page.html"]

    def preview_facts(self) -> Iterator[tuple[str, Any]]:
        """See `cms.core.preview_facts`."""
        return preview_facts(self)

    def clean(self) -> None:
        """Fill empty anchors of sections and refuse duplicates.

        The edit form has already done both, at the block; this covers pages saved by code.
        """
        super().clean()
        for field in self._meta.get_fields():
            if isinstance(field, StreamField) and isinstance(
                field.stream_block, SectionStreamBlock
            ):
                stream = fill_anchors(getattr(self, field.name))
                if doubled_anchors(stream):
                    raise ValidationError(
                        {field.name: _("Two parts of this page have the same address.")}
                    )
