"""`delivery_export`: the public content as files, which go on from where they were."""

from __future__ import annotations

import datetime
import fcntl
import functools
import json
import os
import threading
from collections.abc import Iterator
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Locale, Page

from tests import samples
from tests.exports import assert_is_complete, export, files_in
from tests.mirrors import Mirror, get
from tests.samples import published, reloaded
from tests.stored import document_of
from tests.testapp import models as app
from wagtail_delivery.export import folder as export_folder
from wagtail_delivery.export.folder import MARK
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.store.change_log import prune

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def page(home: Page) -> app.PlainPage:
    return published(app.PlainPage(title="New", slug="new"), home)


def name_of(instance: Any) -> str:
    document = document_of(instance)
    assert document is not None
    return f"{document.collection}/{document.resource_id}"


def written_at(folder: Path) -> dict[str, int]:
    """What tells whether a file was written again."""
    return {name: (folder / name).stat().st_ino for name in files_in(folder)}


class _Static(SimpleHTTPRequestHandler):
    """A static server that is told the name of the file for a folder, and nothing else."""

    def send_head(self) -> Any:
        folder = Path(self.translate_path(self.path))
        if folder.is_dir():
            self.path = f"{self.path.partition('?')[0]}/index.json"
        return super().send_head()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def static(out: Path) -> Iterator[str]:
    out.mkdir()
    server = HTTPServer(("127.0.0.1", 0), functools.partial(_Static, directory=str(out)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_static_server_gives_what_the_api_gives(
    page: app.PlainPage, out: Path, static: str
) -> None:
    topic = samples.plain_topic("Plain", slug="plain")
    export(out)
    paths = [f"/{name_of(page)}", f"/{name_of(topic)}", "/plain_topics/plain", "/site", "/locales"]
    for path in [*paths, "/pages", "/plain_topics"]:
        with urlopen(f"{static}{path}") as response:
            assert json.load(response) == get(path), path
    # A client that follows the changes begins where the export ends.
    with urlopen(f"{static}/changes?after=now") as response:
        cursor = json.load(response)["next"]
    topic.delete()
    [change] = get("/changes", after=cursor)["items"]
    assert change["action"] == "delete"


def test_every_address_has_a_file(page: app.PlainPage, out: Path) -> None:
    for number in range(120):
        samples.plain_topic(f"Topic {number}", slug=f"topic-{number}")
    export(out)
    assert_is_complete(out)
    assert len(json.loads(files_in(out)["plain_topics/index.json"])["items"]) == 120


@pytest.mark.skipif(not settings.WAGTAIL_I18N_ENABLED, reason="One locale has no folder.")
def test_other_locales_have_a_folder(page: app.PlainPage, out: Path) -> None:
    malay = Locale.objects.get_or_create(language_code="ms")[0]
    copy = page.copy_for_translation(malay, copy_parents=True)
    copy.save_revision().publish()
    export(out)
    assert json.loads(files_in(out)[f"ms/{name_of(page)}"]) == get(f"/{name_of(page)}", locale="ms")
    assert_is_complete(out)


def test_only_what_changed_is_written(page: app.PlainPage, out: Path) -> None:
    other = published(app.PlainPage(title="Other", slug="other"), Page.objects.get(slug="new"))
    export(out)
    before = written_at(out)
    export(out)
    assert written_at(out) == before
    other = reloaded(other)
    other.title = "Changed"
    other.save_revision().publish()
    export(out)
    after = written_at(out)
    assert set(before) == set(after)
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {name_of(other), "pages/index.json", "changes"}
    assert_is_complete(out)


def test_the_run_goes_on_by_the_change_log(
    page: app.PlainPage, out: Path, django_assert_max_num_queries: Any
) -> None:
    for number in range(50):
        samples.plain_topic(f"Topic {number}", slug=f"topic-{number}")
    export(out)
    topic = samples.plain_topic("One more", slug="one-more")
    # The lists, the site, the locales and the log, but not each document.
    with django_assert_max_num_queries(49):
        export(out)
    assert name_of(topic) in files_in(out)


def test_a_list_in_another_order_is_written(home: Page, out: Path) -> None:
    first, second = (
        published(app.PlainPage(title=slug, slug=slug), home) for slug in ("first", "second")
    )
    export(out)
    reloaded(second).move(reloaded(first), "left")
    export(out)
    assert_is_complete(out)


def test_what_is_withdrawn_is_removed_before_anything_is_added(
    page: app.PlainPage, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(out)
    name = name_of(page)
    reloaded(page).unpublish()
    topic = samples.plain_topic("Secret no more", slug="new-topic")
    replace, seen = os.replace, []

    def watched(source: Path, target: Path) -> None:
        if MARK not in Path(target).parts:
            assert not (out / name).exists()
            seen.append(Path(target).relative_to(out).as_posix())
        replace(source, target)

    monkeypatch.setattr(export_folder.os, "replace", watched)
    export(out)
    assert seen.index("pages/index.json") < seen.index(name_of(topic))
    assert seen[-1] == "changes"
    assert_is_complete(out)


def test_an_expired_page_is_removed_without_a_withdrawal(page: app.PlainPage, out: Path) -> None:
    export(out)
    name = name_of(page)
    past = timezone.now() - datetime.timedelta(seconds=1)
    PublishedDocument.objects.filter(path="/new/").update(expires_at=past)
    export(out)
    assert name not in files_in(out)
    PublishedDocument.objects.filter(path="/new/").update(expires_at=None)
    export(out)
    assert_is_complete(out)


def test_a_slug_passes_to_another_document(out: Path, home: Page) -> None:
    first, second = (samples.plain_topic(title, slug="same") for title in ("First", "Second"))
    export(out)
    assert json.loads(files_in(out)["plain_topics/same"])["title"] == "First"
    first.delete()
    export(out)
    assert json.loads(files_in(out)["plain_topics/same"])["title"] == "Second"
    second.slug = "different"
    second.save()
    export(out)
    assert "plain_topics/same" not in files_in(out)
    assert_is_complete(out)


def test_a_slug_that_is_the_id_of_another_document(out: Path, home: Page) -> None:
    first = samples.plain_topic("First", slug="first")
    samples.plain_topic("Second", slug=str(first.pk))
    export(out)
    assert json.loads(files_in(out)[name_of(first)])["title"] == "First"
    assert_is_complete(out)


def test_a_name_that_no_file_can_have(out: Path, home: Page, capsys: Any) -> None:
    topic = samples.plain_topic("Up", slug="topic")
    PublishedDocument.objects.filter(pk=document_of(topic).pk).update(resource_id="../up")
    export(out)
    told = capsys.readouterr().err
    assert told == "plain_topics/../up: left out, because no file can have this name.\n"
    assert not [name for name in files_in(out) if "up" in name or "topic" in name.split("/")]
    assert not list(out.parent.rglob("up"))


# Interruptions


class KilledError(BaseException):
    pass


@pytest.mark.parametrize("at", range(8))
def test_a_run_that_is_ended_leaves_whole_files(
    page: app.PlainPage, out: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it ends, each file is the old one or the new one, and the next run does the rest."""
    gone = published(app.PlainPage(title="Gone", slug="gone"), Page.objects.get(slug="new"))
    export(out)
    before = files_in(out)
    reloaded(gone).unpublish()
    edited = reloaded(page)
    edited.title = "Edited"
    edited.save_revision().publish()
    samples.plain_topic("New", slug="new")
    replace, count = os.replace, iter(range(100))

    def killed(*paths: Any) -> None:
        if next(count) == at:
            raise KilledError
        replace(*paths)

    with monkeypatch.context() as patch:
        patch.setattr(export_folder.os, "replace", killed)
        with pytest.raises(KilledError):
            export(out)
    left = files_in(out)
    export(out)
    after = files_in(out)
    assert all(body in (before.get(name), after.get(name)) for name, body in left.items())
    assert_is_complete(out)


def test_a_run_that_ends_early_shows_nothing_yet(
    page: app.PlainPage, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(out)
    before = files_in(out)
    reloaded(page).unpublish()

    def killed(*_: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(export_folder.ExportFolder, "apply", killed)
        with pytest.raises(KilledError):
            export(out)
    assert files_in(out) == before
    export(out)
    assert_is_complete(out)


@pytest.mark.parametrize("state", ["", "{", "[]", '{"cursor": "x"}', '{"cursor": 1}'])
def test_a_state_that_cannot_be_read_starts_again(
    page: app.PlainPage, out: Path, state: str
) -> None:
    export(out)
    before = written_at(out)
    (out / MARK / "state.json").write_text(state)
    export(out)
    assert written_at(out) == before
    assert_is_complete(out)


def test_a_pruned_log_starts_again(page: app.PlainPage, out: Path) -> None:
    topic = samples.plain_topic("Plain", slug="plain")
    export(out)
    before = written_at(out)
    topic.delete()
    reloaded(page).save_revision().publish()
    prune(timezone.now() + datetime.timedelta(days=1))
    samples.plain_topic("Plain", slug="other")
    export(out)
    assert_is_complete(out)
    assert written_at(out)["site"] == before["site"]


def test_files_of_others_stay(page: app.PlainPage, out: Path) -> None:
    export(out)
    (out / "robots.txt").write_text("User-agent: *")
    export(out)
    assert (out / "robots.txt").is_file()


# Folders that are not for this


def refused(folder: Path) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("delivery_export", folder)
    return str(caught.value)


def test_a_folder_with_other_files(home: Page, out: Path) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("x")
    assert "Name an empty folder, or one that does not exist." in refused(out)
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_a_file(home: Page, out: Path) -> None:
    out.write_text("x")
    assert "Name a folder." in refused(out)
    assert "Name a folder." in refused(out / "below")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to(home: Page, out: Path) -> None:
    out.mkdir(mode=0o500)
    assert "Let the user who runs this command write there" in refused(out)


def test_a_folder_that_the_system_refuses(
    home: Page, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert "cannot be written to (Permission denied). Let the user" in refused(out)


def test_another_export_of_the_same_folder(home: Page, out: Path) -> None:
    export(out)
    with (out / MARK / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Wait until it ends." in refused(out)
    export(out)


def test_a_mirror_may_go_on_from_an_export(page: app.PlainPage, out: Path) -> None:
    export(out)
    mirror = Mirror()
    mirror.cursor = json.loads(files_in(out)["changes"])["next"]
    reloaded(page).unpublish()
    samples.plain_topic("Plain", slug="plain")
    mirror.follow()
    assert {key[0] for key in mirror.documents} == {"plain_topics"}
