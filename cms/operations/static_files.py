"""Collect static files, only when they have changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def is_current() -> bool:
    """Whether STATIC_ROOT is up to date."""
    stamp = _stamp()
    return (
        Path(settings.STATIC_ROOT).is_dir()
        and stamp.exists()
        and stamp.read_text(encoding="utf-8") == _fingerprint()
    )


def collect() -> None:
    """Collect into an emptied STATIC_ROOT; the stamp comes last, so an interrupted run repeats."""
    current = _fingerprint()
    _stamp().unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    _stamp().write_text(current, encoding="utf-8")


def _stamp() -> Path:
    root = Path(settings.STATIC_ROOT)
    return root.with_name(f"{root.name}.collected")


def _fingerprint() -> str:
    """A digest of every static file's name, size and modification time, and of the storage."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list(["CVS", ".*", "*~"]):
            state = os.stat(storage.path(name))
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
