"""The things of a colleague that the walk tries to see and change, each with a secret word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.plugin import DjangoDbBlocker
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Comment,
    Locale,
    Page,
    Site,
    UploadedFile,
    Workflow,
)
from wagtail_localize.models import OverridableSegment, StringSegment, Translation
from wagtail_localize.operations import translate_object

from cms.editors.groups import ensure_groups
from cms.pages.models import HomePage, StandardPage
from cms.snippets.models import Organisation
from tests.factories import (
    HomePageFactory,
    SiteFactory,
    StandardPageFactory,
    factory_for,
    snippet_types,
)
from wagtail_localize_desk.file_texts import ensure_library_row
from wagtail_localize_desk.models import (
    HeldPublication,
    Method,
    State,
    StringChange,
    StringComment,
    Submission,
    SubmittedPage,
    Term,
    TranslatedString,
    UploadedTranslations,
)

#: The accounts of the walk, with their groups.
ACCOUNTS = {
    "nobody": (),
    "translator": ("Penterjemah",),
    "officer": ("Pegawai Komunikasi",),
    "publisher": ("Penerbit",),
    "administrator": ("Pentadbir",),
}
#: A word for each thing that is not public; no other text has it.
SECRETS = {
    "Malay draft": "zumalaydraft",
    "source of a translation": "zusourcedraft",
    "private page": "zuprivatepage",
    "change of a live page": "zulivechange",
    "page in review": "zureviewpage",
    "English draft": "zuenglishdraft",
    "draft entry": "zudraftentry",
    "change of a live entry": "zuentrychange",
    "English entry": "zuenglishentry",
    "comment": "zucomment",
    "image": "zuimage",
    "document": "zudocument",
    "e-mail address": "zucolleague",
}
_CONTENT = set(SECRETS) - {"e-mail address"}
#: In a private collection, where the groups' rights on the root do not reach.
_FILES = {"image", "document"}
#: What each group sees by its rights, wherever that is shown.
MAY_SEE: dict[str, set[str]] = {
    "nobody": set(),
    "translator": {"English draft", "English entry"},
    "officer": _CONTENT - _FILES,
    "publisher": _CONTENT - _FILES,
    "administrator": set(SECRETS),
}


@dataclass
class World:
    """All things, by the names that addresses are filled with."""

    pages: dict[str, Page] = field(default_factory=dict)
    #: By type, then by name.
    snippets: dict[type[Model], dict[str, Any]] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    #: Keys of the translation's parts, and of each thing's revisions, by the names of arguments.
    segments: dict[str, Any] = field(default_factory=dict)
    revisions: dict[Any, dict[str, Any]] = field(default_factory=dict)

    def labels(self) -> dict[tuple[type[Model], Any], str]:
        """The name of each row of a page, snippet or other thing."""
        found: dict[tuple[type[Model], Any], str] = {}
        for name, page in self.pages.items():
            found[Page, page.pk] = found[type(page), page.pk] = name
        for model, things in self.snippets.items():
            found.update({(model, thing.pk): name for name, thing in things.items()})
        found.update({(type(thing), thing.pk): name for name, thing in self.others.items()})
        return found


@contextmanager
def temporary_world(blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world for the tests of a module; undone after them."""
    with blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def make_world() -> World:
    """Everything, made by a colleague who is in each editors' group."""
    world = World()
    malay = Locale.objects.get_or_create(language_code="ms")[0]
    english = Locale.objects.get_or_create(language_code="en")[0]
    home = HomePageFactory(locale=malay)
    english_home = HomePageFactory(locale=english, translation_key=home.translation_key)
    SiteFactory(root_page=home)
    ensure_groups()
    for name, groups in ACCOUNTS.items():
        world.users[name] = User.objects.create_user(name, f"{name}@example.test", "secret")
        world.users[name].groups.set(Group.objects.filter(name__in=groups))
    colleague = User.objects.create_user("colleague", f"{SECRETS['e-mail address']}@example.test")
    colleague.groups.set(Group.objects.filter(name__in=["Pegawai Komunikasi", "Penerbit"]))
    world.pages |= {"Malay home": home, "English home": english_home}
    _make_pages(world, home, colleague)
    _make_snippets(world, malay, english, colleague)
    _make_others(world, home, colleague)
    _make_translations(world, english, colleague)
    return world


def _page(world: World, home: HomePage, name: str, user: User, text: str = "", **kw: Any) -> Any:
    live = kw.pop("live", False)
    page = StandardPageFactory(
        parent=home, locale=home.locale, title=text or name, live=False, owner=user, **kw
    )
    page.body = [("text", {"heading": text or name, "anchor": "a", "body": f"<p>{text}</p>"})]
    page.save()
    revision = page.save_revision(user=user)
    if live:
        revision.publish()
    world.pages[name] = StandardPage.objects.get(pk=page.pk)
    return world.pages[name]


def _make_pages(world: World, home: HomePage, user: User) -> None:
    _page(world, home, "Malay draft", user, SECRETS["Malay draft"])
    private = _page(world, home, "private page", user, SECRETS["private page"], live=True)
    private.view_restrictions.create(restriction_type="login")
    live = _page(world, home, "live page", user, live=True)
    live.title = SECRETS["change of a live page"]
    Comment.objects.create(
        page=live, user=user, text=SECRETS["comment"], contentpath="title", position=""
    )
    live.save_revision(user=user)
    review = _page(world, home, "page in review", user, SECRETS["page in review"])
    review.get_workflow().start(review, user)


def _make_snippets(world: World, malay: Locale, english: Locale, user: User) -> None:
    for model in snippet_types():
        make = factory_for(model)
        things = world.snippets[model] = {}
        name = "name" if model is Organisation else "text" if hasattr(model, "text") else "title"
        live = make(locale=malay)
        live.save_revision(user=user).publish()
        setattr(live, name, SECRETS["change of a live entry"])
        live.save_revision(user=user)
        things["live entry"] = live
        for label, locale in (("draft entry", malay), ("English entry", english)):
            if model is Organisation and locale == malay:
                continue  # There is one in each language.
            entry = make(locale=locale, live=False, **{name: SECRETS[label]})
            entry.save_revision(user=user)
            things[label] = entry
        entry = things.get("draft entry", live)
        if (workflow := entry.get_workflow()) is not None:
            workflow.start(entry, user)


def _failed_log_in(user: User) -> AccessAttempt:
    """A failed log-in that stays recent: whoever logs out deletes those that no longer count."""
    attempt = AccessAttempt.objects.create(
        username=user.username, ip_address="192.0.2.1", failures_since_start=1
    )
    attempt.attempt_time = timezone.now() + timedelta(days=1)
    attempt.save()
    return attempt


def _make_others(world: World, home: HomePage, user: User) -> None:
    root = Collection.get_first_root_node()
    collection = root.add_child(instance=Collection(name="Sulit"))
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    picture = SimpleUploadedFile("gambar.png", get_test_image_file().file.getvalue())
    paper = SimpleUploadedFile("laporan.pdf", b"%PDF-1.4")
    workflow = Workflow.objects.get()
    world.others |= {
        "collection": collection,
        "image": get_image_model().objects.create(
            title=SECRETS["image"], file=picture, collection=collection, uploaded_by_user=user
        ),
        "document": get_document_model().objects.create(
            title=SECRETS["document"], file=paper, collection=collection, uploaded_by_user=user
        ),
        "uploaded file": UploadedFile.objects.create(
            file=SimpleUploadedFile("baharu.png", get_test_image_file().file.getvalue()),
            uploaded_by_user=user,
            for_content_type=ContentType.objects.get_for_model(get_image_model()),
        ),
        "redirect": Redirect.objects.create(old_path="/lama", redirect_page=home),
        "colleague": user,
        "group": Group.objects.create(name="Lain"),
        "site": Site.objects.get(),
        "locale": Locale.objects.create(language_code="ta"),
        "workflow": workflow,
        "task": workflow.tasks.get(),
        "comment": Comment.objects.get(),
        "editing session": EditingSession.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(Page),
            object_id=world.pages["live page"].pk,
            last_seen_at=timezone.now(),
        ),
        "second factor": TOTPDevice.objects.create(user=user, name="app"),
        "failed log-in": _failed_log_in(user),
        "term": Term.objects.create(
            source_language="ms", target_language="en", term="Istilah", translations="Term"
        ),
    }


def _make_translations(world: World, english: Locale, user: User) -> None:
    """The live page has an English draft, and a Malay draft has one too."""
    page = world.pages["live page"]
    translate_object(StandardPage.objects.get(pk=page.pk), [english])
    target = StandardPage.objects.get(translation_key=page.translation_key, locale=english)
    StandardPage.objects.filter(pk=target.pk).update(
        title=SECRETS["English draft"], draft_title=SECRETS["English draft"], owner=user
    )
    world.pages["English draft"] = StandardPage.objects.get(pk=target.pk)
    _make_unseen_source(world, english)
    _make_file_texts(world, english)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    world.others["uploaded translations"] = UploadedTranslations.objects.create(
        user=user,
        translation=translation.uuid,
        file_name="a.po",
        content=str(translation.export_po()).encode(),
    )
    override = OverridableSegment.objects.filter(source=translation.source).first()
    world.others["translation"] = translation
    world.segments = {
        "translation_source_id": translation.source_id,
        "string_segment_id": StringSegment.objects.filter(source=translation.source).first().pk,
        "overridable_segment_id": override.pk if override else 1,
        **_string_with_history(translation),
        "held_id": _held(world.pages["private page"], user).pk,
        "submission_id": _submission(world.pages["private page"], user).pk,
    }


def _make_file_texts(world: World, english: Locale) -> None:
    """The texts of a picture that the public sees, and their English draft."""
    image = get_image_model().objects.create(title="Bangunan", file=get_test_image_file())
    source = ensure_library_row(image)
    translate_object(source, [english])
    world.others["texts of a file"] = source
    world.others["English texts of a file"] = source.get_translation(english)


def _held(page: Page, user: User) -> HeldPublication:
    """A version of a page that waits to be published together with its translations."""
    return HeldPublication.objects.create(
        object_key=page.translation_key,
        source_language=page.locale.language_code,
        revision=page.get_latest_revision(),
        user=user,
    )


def _submission(page: Page, user: User) -> Submission:
    """What somebody has submitted, and is left to a worker."""
    submission = Submission.objects.create(
        user=user, page_pk=page.pk, languages=["en"], total=1, listed_at=timezone.now()
    )
    submission.pages.create(page_pk=page.pk, state=SubmittedPage.State.FAILED)
    return submission


def _string_with_history(translation: Translation) -> dict[str, Any]:
    """A string of the translation that somebody has translated and commented on."""
    string = TranslatedString.objects.filter(object_key=translation.source.object_id).first()
    change = StringChange.objects.create(
        string=string,
        path=string.path,
        state_before=State.UNTRANSLATED,
        state_after=State.TRANSLATED,
        words_after="Words",
        source_words=string.source_words,
        made_from=string.source_words,
        method=Method.HAND,
    )
    comment = StringComment.objects.create(string=string, text="Why?")
    return {"string_id": string.pk, "change_id": change.pk, "comment_id": comment.pk}


def _make_unseen_source(world: World, english: Locale) -> None:
    """A draft whose title has become a secret since it was submitted."""
    source = _page(world, world.pages["Malay home"], "source of a translation", _colleague())
    translate_object(StandardPage.objects.get(pk=source.pk), [english])
    secret = SECRETS["source of a translation"]
    StandardPage.objects.filter(pk=source.pk).update(title=secret, draft_title=secret)
    world.pages["source of a translation"] = StandardPage.objects.get(pk=source.pk)
    world.pages["its translation"] = StandardPage.objects.get(
        translation_key=source.translation_key, locale=english
    )
    StandardPage.objects.filter(locale=english, depth__gt=2).update(owner=_colleague())


def _colleague() -> User:
    return User.objects.get(username="colleague")
