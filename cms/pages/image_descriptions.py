"""Descriptions of pictures, for people who cannot see them: asked for, and never a file's name.

Required by WCAG 2.2, success criterion 1.1.1; the pattern of names follows its failure F30.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import AbstractImage

#: A name with its extension, or one that a camera, a telephone or a program has given.
FILE_NAME = re.compile(
    r"\.(?:avif|gif|hei[cf]|jpe?g|png|svg|tiff?|webp)$"
    r"|^(?:dscn?|image|imej|img|photo|screenshot|whatsapp image)[\s_-]*\d[\d\W_]*$",
    re.IGNORECASE,
)
IS_FILE_NAME = gettext_lazy("This is a file's name. Say what the picture shows.")


def is_file_name(text: str, file: str = "") -> bool:
    """Whether `text` is the name of a file, such as that of `file`, and describes nothing.

    An upload is stored as `random-name.png`; see `cms.operations.media_storage`.
    """
    text = text.strip().casefold()
    stored = Path(file).stem.casefold()
    return bool(text) and (
        text in {stored, stored.partition("-")[2]} or FILE_NAME.search(text) is not None
    )


def default_alt_text(image: AbstractImage) -> str:
    """The description. Wagtail takes the title where there is none, which is the file's name."""
    return str(getattr(image, "description", ""))


class DescribedImageBlock(ImageBlock):
    """A picture that is described where it is used, or marked as decoration."""

    def clean(self, value: Any) -> Any:
        """Refuse the name of a file; drafts may have one."""
        value = super().clean(value)
        if (
            not self.is_deferred_validation
            and value
            and not value.decorative
            and is_file_name(value.contextual_alt_text, value.filename)
        ):
            error = ValidationError(IS_FILE_NAME, code="file_name")
            raise StructBlockValidationError(block_errors={"alt_text": error})
        return value


def undescribed(image: AbstractImage | None) -> bool:
    """Whether a picture has no description of its own, or only a file's name."""
    if image is None:
        return False
    description = default_alt_text(image)
    return not description.strip() or is_file_name(description, image.filename)
