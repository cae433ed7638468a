"""One table lists every patched attribute of other packages, and a check watches them."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.files.storage import Storage
from wagtail import actions
from wagtail.admin.views import generic
from wagtail.admin.views.pages.edit import EditView
from wagtail.images.models import AbstractImage
from wagtail.models import Page, TaskState

from tests.testapp import models as app
from wagtail_delivery.publishing import patches
from wagtail_delivery.publishing.patching import Patch, wrapper

#: The methods of other packages under our patches, each with a digest of its source.
REVIEWED = Path(__file__).with_name("patched_methods.json")
#: One attribute of each kind of patch.
PATCHED = [
    (Page, "update_aliases"),
    (actions.PublishRevisionAction, "execute"),
    (app.EventPage, "save"),
    (Page, "add_child"),
    (TaskState, "approve"),
    (EditView, "save_action"),
    (generic.CreateEditViewOptionalFeaturesMixin, "form_valid"),
    (AbstractImage, "create_renditions"),
    (AbstractImage, "find_existing_renditions"),
    (Storage, "save"),
]


def errors() -> list[Any]:
    found = run_checks(tags=["wagtail_delivery"])
    return [message for message in found if message.id == "wagtail_delivery.E006"]


def patches_of(owner: type[Any], name: str) -> list[Patch]:
    return [patch for patch in patches.applied() if (patch.owner, patch.name) == (owner, name)]


def test_all_patches_are_in_place() -> None:
    assert errors() == []


@pytest.mark.parametrize(("owner", "name"), PATCHED, ids=str)
def test_a_patch_replaced_by_another_app_is_an_error(
    monkeypatch: pytest.MonkeyPatch, owner: type[Any], name: str
) -> None:
    expected = patches_of(owner, name)
    assert expected
    monkeypatch.setattr(owner, name, lambda *_: None)
    found = errors()
    assert [message.obj for message in found] == [owner] * len(expected)
    for message, patch in zip(found, expected, strict=True):
        assert str(patch) in message.msg
        assert __name__ in message.msg
        assert patch.reason in message.msg


@pytest.mark.parametrize(("owner", "name"), PATCHED, ids=str)
def test_a_patch_that_another_app_wraps_still_runs(
    monkeypatch: pytest.MonkeyPatch, owner: type[Any], name: str
) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(inner)
    def timed(*args: Any, **kwargs: Any) -> Any:
        return inner(*args, **kwargs)

    monkeypatch.setattr(owner, name, timed)
    assert errors() == []


def test_patches_are_applied_once() -> None:
    before = patches.applied()
    in_place = [getattr(patch.owner, patch.name) for patch in before]
    patches.apply()
    assert patches.applied() == before
    assert [getattr(patch.owner, patch.name) for patch in before] == in_place


def test_every_patch_has_a_reason() -> None:
    assert all(patch.reason for patch in patches.applied())


def patched_methods() -> Iterator[tuple[str, str]]:
    """Every method of another package under a patch, and a digest of its source."""
    for patch in patches.applied():
        method = inspect.unwrap(patch.replacement)
        if not method.__module__.startswith(("tests.", "wagtail_delivery.")):
            source = inspect.getsource(method).encode()
            yield (
                f"{method.__module__}.{method.__qualname__}",
                hashlib.sha256(source).hexdigest()[:16],
            )


def test_every_patched_method_is_the_one_that_was_reviewed() -> None:
    """An upgrade that changes a method may need another patch, or none.

    Read the methods that differ, adapt their patches, then write the new digests to the file.
    """
    assert dict(patched_methods()) == json.loads(REVIEWED.read_text(encoding="utf-8"))


def test_a_subclass_is_patched_even_if_it_inherits_the_method() -> None:
    """Another app can replace the parent's method."""

    class Parent:
        def save(self) -> str:
            return "saved"

    class Child(Parent):
        pass

    def around(original: Callable[..., Any], child: Child) -> str:
        return f"{original(child)} atomically"

    (patch,) = wrapper(Child, "save", around, reason="", mark="_test")
    setattr(patch.owner, patch.name, patch.replacement)
    assert (Parent().save(), Child().save()) == ("saved", "saved atomically")
    assert patch.is_applied()
    assert list(wrapper(Child, "save", around, reason="", mark="_test")) == []
