"""What is common to all tasks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from wagtail.admin.menu import MenuItem

#: The most lines and people that a page names.
SHOWN = 100


@dataclass(frozen=True)
class Line:
    """One thing that there is now: a link of the menu, or a redirect."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Part:
    """What there is in one language, or all of it, and who has the right."""

    people: list[Any]
    heading: str = ""
    #: What the user can do about it themselves.
    remark: str = ""
    edit_url: str = ""
    lines: list[Line] = field(default_factory=list)
    #: Whether there are lines at all in such a task.
    has_lines: bool = True


class Task(ABC):
    """Something that needs a right."""

    #: In the address and in the menu.
    name: ClassVar[str]
    label: ClassVar[str | Promise]
    explanation: ClassVar[str | Promise]
    icon_name: ClassVar[str]
    order: ClassVar[int]

    @property
    def url_name(self) -> str:
        return f"task_{self.name.replace('-', '_')}"

    @abstractmethod
    def needs_entry(self, user: Any) -> bool:
        """Whether the menu has an entry of ours for this user."""

    @abstractmethod
    def address(self, user: Any) -> str:
        """Where this user does it; empty if they need somebody else."""

    @abstractmethod
    def parts(self, user: Any) -> Iterable[Part]:
        """What there is that this user may see, and whom they can ask."""


class TaskMenuItem(MenuItem):
    """The entry of a task, in the same place for everybody."""

    def __init__(self, task: Task) -> None:
        super().__init__(
            task.label,
            reverse(task.url_name),
            name=task.name,
            icon_name=task.icon_name,
            order=task.order,
        )
        self.task = task

    def is_shown(self, request: HttpRequest) -> bool:
        return self.task.needs_entry(request.user)
