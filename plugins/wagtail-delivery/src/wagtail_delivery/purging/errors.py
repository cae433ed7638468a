"""Why a cache could not be purged."""

from __future__ import annotations


class PurgeError(Exception):
    """A cache did not confirm that it forgot; the message is for the operator."""
