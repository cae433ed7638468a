"""What whoever keeps a response in memory must know of it beyond its status, headers and body."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse

#: The key of the request's environment under which `AnswerFacts` are asked for.
FACTS = "wagtail_delivery.answer"
#: The key under which the memory of answers of this process is, if there is one.
MEMORY = "wagtail_delivery.memory"


@dataclass(slots=True)
class AnswerFacts:
    """Filled in by the dispatcher for the request that asks for it."""

    #: Its operation's name in the metrics; empty unless the response is content.
    operation: str = ""
    #: The number of the change log that the response was read at.
    sequence: int | None = None
    #: When something that it shows expires.
    expires_at: datetime.datetime | None = None
    #: The database did not answer.
    database_failed: bool = False


class ContentResponse(HttpResponse):
    """A response that knows until when its content is public."""

    expires_at: datetime.datetime | None = None


class MemoryState(Protocol):
    """What the health check asks of a memory of answers."""

    def seconds_behind(self) -> float | None:
        """Since when the memory may not have a change; None if it has never read the log."""
        ...

    def number(self) -> int:
        """The number of the last change that it has."""
        ...

    def bytes_kept(self) -> int:
        """How much it holds."""
        ...

    def is_fresh(self) -> bool:
        """Whether answers are given from it now as current ones."""
        ...

    def is_away(self) -> bool:
        """Whether the database does not answer, so that answers are marked as stale."""
        ...


def facts_of(request: HttpRequest) -> AnswerFacts | None:
    """The facts to fill in for `request`; None if nobody asks for them."""
    found: AnswerFacts | None = request.META.get(FACTS)
    return found


def memory_of(request: HttpRequest) -> MemoryState | None:
    """The memory of answers that `request` has passed; None if there is none."""
    found: Any = request.META.get(MEMORY)
    memory: MemoryState | None = found
    return memory
