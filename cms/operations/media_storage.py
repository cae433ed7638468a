"""The storage of uploads: a name is never used again."""

from __future__ import annotations

import posixpath

from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string

#: Wagtail's folder of uploaded images. Names of renditions begin with the image's name.
IMAGES = "original_images"
LENGTH = 8


class MediaStorage(FileSystemStorage):
    """Stores files on the disk; the name of an image begins with random letters.

    Browsers keep images for a year. Without the letters, an image that is uploaded after another of
    the same name was deleted would have that one's address. They come first because Wagtail cuts
    the names of renditions at the end.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name that no file has, and for an image none had before."""
        folder, file_name = posixpath.split(name)
        if folder == IMAGES:
            name = f"{folder}/{get_random_string(LENGTH)}-{file_name}"
        return super().get_available_name(name, max_length)
