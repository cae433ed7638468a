"""What was loaded before, and whether it was edited since.

Kept in Wagtail's audit log: each load is an entry of the thing's history, with the digest of what
the file said and the revision that was published.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

#: The action under which the audit log keeps each load.
LOADED = "perkeso.load_content"


class Since(Enum):
    """What became of an entry since it was last loaded."""

    NEVER_LOADED = "never loaded"
    AS_LOADED = "as loaded"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True)
class Loaded:
    """The last time that an entry was loaded."""

    digest: str
    revision_id: int


class Ledger:
    """The last load of every entry, by its name and language."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[str, str], Loaded] = {}
        for log_model in log_registry.get_log_entry_models():
            for data, revision_id in (
                log_model.objects.filter(action=LOADED)
                .order_by("timestamp", "pk")
                .values_list("data", "revision_id")
            ):
                loaded = Loaded(data["digest"], revision_id)
                self._loaded[data["entry"], data["language"]] = loaded

    def since(self, name: str, language: str, instance: Any | None) -> Since:
        """What became of the entry, which is `instance` now.

        A thing with this identity that was never loaded is somebody's own, and counts as edited;
        so does one that somebody has locked or withdrawn.
        """
        loaded = self._loaded.get((name, language))
        if instance is None:
            return Since.DELETED if loaded else Since.NEVER_LOADED
        if (
            loaded
            and instance.live
            and not instance.locked
            and instance.live_revision_id == instance.latest_revision_id == loaded.revision_id
        ):
            return Since.AS_LOADED
        return Since.EDITED

    def says(self, name: str, language: str, digest: str) -> bool:
        """Whether the last load of the entry had this digest."""
        loaded = self._loaded.get((name, language))
        return loaded is not None and loaded.digest == digest

    def record(
        self, name: str, language: str, digest: str, instance: Any, revision: Revision
    ) -> None:
        """Note that `revision` of `instance` was loaded from what has this digest."""
        log(
            instance=instance,
            action=LOADED,
            revision=revision,
            data={"entry": name, "language": language, "digest": digest},
        )
