"""Previous loads, and whether an entry was edited since.

They are in Wagtail's audit log: each load is an item in the object's history, with the digest of
the file's content and the published revision.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

#: The audit log's action for a load.
LOADED = "perkeso.load_content"


class Since(Enum):
    """The state of an entry since it was last loaded."""

    NEVER_LOADED = "never loaded"
    AS_LOADED = "as loaded"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True)
class Loaded:
    """The last load of one entry."""

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
        """The state of the entry, given its current `instance`.

        An object with this identity that was never loaded was made by an editor and counts as
        edited. So does one that was locked or unpublished.
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
        """Record that `revision` of `instance` was loaded from content with this digest."""
        log(
            instance=instance,
            action=LOADED,
            revision=revision,
            data={"entry": name, "language": language, "digest": digest},
        )
