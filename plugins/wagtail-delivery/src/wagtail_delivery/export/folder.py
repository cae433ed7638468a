"""The folder of an export: what is prepared becomes visible at its end, withdrawals first."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

#: The folder within the export that says whose it is; a static server shows nothing that matters.
MARK = ".delivery-export"
CHUNK = 1024 * 1024


class FolderError(Exception):
    """The folder cannot be exported to; the message says what to do."""


class ExportFolder:
    """A folder with an export, open for one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state = path / MARK / "state.json"
        self._staging = path / MARK / "staging"
        #: Names of the files that are prepared, in the order in which they become visible.
        self._staged: list[str] = []

    def read_state(self) -> dict[str, Any]:
        """What the last export that was finished recorded; empty without one."""
        try:
            found = json.loads(self._state.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def has(self, name: str) -> bool:
        """Whether the file is visible, or prepared."""
        return (self._staging / name).is_file() or (self.path / name).is_file()

    def stage(self, name: str, parts: Iterable[bytes]) -> None:
        """Prepare a file, unless the visible one is the same."""
        target = self._staging / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.writelines(parts)
        if _is_same(target, self.path / name):
            target.unlink()
        else:
            self._staged.append(name)

    def stage_copy(self, name: str, of: str) -> None:
        """Prepare a file with the content that the file `of` has, or gets."""
        source = self._staging / of
        source = source if source.is_file() else self.path / of
        if not _is_same(source, self.path / name):
            target = self._staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            self._staged.append(name)

    def apply(self, expected: Collection[str], state: dict[str, Any]) -> tuple[int, int]:
        """Show what is prepared, without what is not `expected`; returns how many of each.

        All is removed before anything is added, and each file is replaced in one step. Only what
        the export itself has written is touched: `state` names the highest entries of its tree.
        """
        before = self.read_state()
        tops = {name.partition("/")[0] for name in expected}
        ours = tops | set(before.get("tops", ()))
        # Before anything changes, so that another run knows what this one may have left.
        self._write_state(before | {"tops": sorted(ours)})
        removed = 0
        for name in self._visible(ours):
            if name not in expected:
                (self.path / name).unlink()
                removed += 1
        for name in self._staged:
            target = self.path / name
            if target.is_dir():
                shutil.rmtree(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self._staging / name, target)
        self._remove_empty_folders(ours)
        self._write_state(state | {"tops": sorted(tops)})
        return len(self._staged), removed

    def _visible(self, tops: Iterable[str]) -> Iterator[str]:
        for top in sorted(tops):
            root = self.path / top
            files = [root] if root.is_file() else [one for one in root.rglob("*") if one.is_file()]
            yield from (one.relative_to(self.path).as_posix() for one in files)

    def _remove_empty_folders(self, tops: Iterable[str]) -> None:
        for top in tops:
            for folder, _, _ in os.walk(self.path / top, topdown=False):
                with suppress(OSError):  # it is not empty
                    Path(folder).rmdir()

    def _write_state(self, state: dict[str, Any]) -> None:
        new = self._state.with_suffix(".new")
        new.write_text(json.dumps(state), encoding="utf-8")
        os.replace(new, self._state)

    def clear_staging(self) -> None:
        """Forget what a run that did not finish has prepared."""
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(parents=True)


@contextmanager
def opened(path: Path) -> Iterator[ExportFolder]:
    """The folder at `path`, made if it is missing. Raises FolderError if it is not for this."""
    mark = path / MARK
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not mark.is_dir() and any(path.iterdir()):
            raise FolderError(
                f"{path} has files that are not of an export. Name an empty folder, or one that "
                "does not exist."
            )
        mark.mkdir(exist_ok=True)
        lock = (mark / "lock").open("w")
    except (FileExistsError, NotADirectoryError) as error:
        raise FolderError(f"{path} is no folder. Name a folder.") from error
    except OSError as error:
        raise FolderError(
            f"{path} cannot be written to ({error.strerror}). Let the user who runs this command "
            "write there, or name another folder."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FolderError(
                f"Another export is writing to {path}. Wait until it ends."
            ) from error
        folder = ExportFolder(path)
        folder.clear_staging()
        yield folder
        folder.clear_staging()


def _is_same(one: Path, other: Path) -> bool:
    """Whether both files have the same content."""
    try:
        with one.open("rb") as first, other.open("rb") as second:
            if os.fstat(first.fileno()).st_size != os.fstat(second.fileno()).st_size:
                return False
            while chunk := first.read(CHUNK):
                if chunk != second.read(CHUNK):
                    return False
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
    return True
