"""The form of an upload and of an image."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm

from cms.pages.image_descriptions import IS_FILE_NAME, is_file_name


class DescribedImageForm(BaseImageForm):
    """Asks for a description, because only who uploads a picture knows what it shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            self.fields["description"].help_text = _(
                "What the picture shows, for people who cannot see it. Leave it empty only if the "
                "picture is decoration."
            )

    def clean_description(self) -> str:
        """Refuse the name of a file."""
        description: str = self.cleaned_data["description"]
        file = self.cleaned_data.get("file")
        if is_file_name(description, file.name if file else ""):
            raise ValidationError(IS_FILE_NAME, code="file_name")
        return description
