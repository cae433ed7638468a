"""A secret key that is generated once and kept next to the embedded database."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from cms.settings.environment import EnvironmentSettingError


def kept_secret_key(folder: Path) -> str:
    """The key in `folder`; generated with owner-only permissions if missing.

    Raises `EnvironmentSettingError` if the folder is not writable or the file holds no key.
    """
    path = folder / "secret-key"
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not text"
        raise EnvironmentSettingError(
            f"The secret key cannot be kept in {path}: {reason}. Set DATA_DIR to a writable folder."
        ) from problem
    if len(key) < 50:
        raise EnvironmentSettingError(
            f"{path} does not hold a key; remove it and a new one will be generated."
        )
    return key


def _make(path: Path) -> None:
    """Write a new key to `path` atomically; an existing key is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=".secret-key-")  # 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(get_random_secret_key())
        # Unlike a rename, a link never replaces an existing key.
        with contextlib.suppress(FileExistsError):
            os.link(scratch, path)
    finally:
        os.unlink(scratch)
