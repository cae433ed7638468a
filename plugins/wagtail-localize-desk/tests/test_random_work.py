"""Editors, translators and code at work in random order: no saved string is ever lost.

After each step, whatever was done: every string that somebody saved is in the history; nothing in
the source's language counts as translated, or is public in another language unless somebody chose
so; a translation whose source has changed is stale; one whose source is gone is offline; and no
string is approved by somebody who wrote it.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from tests.newsroom.content import (
    body,
    published_article,
    republish,
    submit,
    translate_string,
)
from tests.newsroom.models import Article
from wagtail_localize_desk.access import RefusedError
from wagtail_localize_desk.extending import (
    HeldPublicationError,
    UntranslatedTextError,
    keeping_translations,
    publishing_together,
    publishing_untranslated,
    release,
    release_if_ready,
    translation_status,
    withdraw,
)
from wagtail_localize_desk.models import (
    HeldPublication,
    Method,
    State,
    StringChange,
    TranslatedString,
)
from wagtail_localize_desk.review import (
    WRITING,
    approve,
    open_rows,
    rows_of,
    send_back,
)
from wagtail_localize_desk.review_steps import approve_translation, ready_for_review

#: DESK_EXAMPLES=500 searches longer. A failure prints how to reproduce it.
EXAMPLES = int(os.environ.get("DESK_EXAMPLES") or (60 if os.environ.get("NIGHTLY") == "1" else 4))
ANY = st.integers(min_value=0, max_value=1000)
#: Marks all Malay words; no translator writes it.
MALAY = "ku"


class Newsroom(RuleBasedStateMachine):
    """One Malay article with English and Tamil translations, of which any may be missing."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.count = 0
        #: The publication that waits for its translations, and what readers have meanwhile.
        self.held: HeldPublication | None = None
        self.waiting: dict[str, dict[str, str]] = {}
        self.saved: set[str] = set()
        #: The numbers of the Malay words that somebody chose to be public, by language.
        self.chosen: dict[str, set[str]] = defaultdict(set)
        #: The languages that somebody keeps or makes public although the source is not.
        self.kept: set[str] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        super().teardown()

    @initialize()
    def publish_an_article(self) -> None:
        self.people = [User.objects.create_superuser(f"person-{who}") for who in range(3)]
        self.malay = Locale.objects.get(language_code="ms")
        self.others = [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "ta")]
        root = Page.get_first_root_node()
        home = root.add_child(instance=Page(title="Utama", slug="home-ms", locale=self.malay))
        article = published_article(home, title=self.words(), slug="a", **self.texts(2))
        self.key = article.translation_key
        # Most of what can go wrong begins with a translation that is public.
        submit(article, self.others[0])
        self.translate(0, 1, "save")
        self.save_a_translation(0, how="publish")

    # Content

    def words(self, mark: str = MALAY) -> str:
        self.count += 1
        return f"{mark} {self.count} " + " ".join(
            f"{mark}{self.count}{letter}" for letter in "abcd"
        )

    def texts(self, paragraphs: int) -> dict[str, str]:
        text = "".join(f"<p>{self.words()}</p>" for _ in range(paragraphs))
        return {
            "intro": f"<p>{self.words()}</p>",
            "body": body(heading=self.words(), text=text, point=self.words()),
        }

    @property
    def source(self) -> Article:
        return Article.objects.get(translation_key=self.key, locale=self.malay)

    def targets(self) -> list[Article]:
        found = Article.objects.filter(translation_key=self.key, alias_of=None)
        return list(found.exclude(locale=self.malay).order_by("pk"))

    def translations(self, **filters: Any) -> list[Translation]:
        return list(Translation.objects.filter(source__object_id=self.key, **filters))

    # Editors of the source

    @rule(number=ANY, kind=st.sampled_from(["intro", "heading", "swap", "add", "anew", "stop"]))
    def publish_a_changed_source(self, number: int, kind: str) -> None:
        source = self.source
        data = json.loads(json.dumps(source.body.get_prep_value()))
        if kind == "intro":
            republish(source, intro=f"<p>{self.words()}</p>")
            return
        value = data[0]["value"]
        if kind == "heading":
            value["heading"] = self.words()
        elif kind == "swap":
            point = value["points"][0]["value"]
            value["heading"], point["text"] = point["text"], value["heading"]
        elif kind == "add":
            value["body"] += f"<p>{self.words()}</p>"
        elif kind == "anew":
            data[0]["id"] = f"block-{self.count}-{number}"
        else:
            value["body"] = value["body"].replace("</p>", ".</p>", 1)
        republish(source, body=json.dumps(data))

    @precondition(lambda machine: machine.translations(enabled=True))
    @rule(number=ANY)
    def hold_a_changed_source(self, number: int) -> None:
        """Publish together: readers have what they had until all translations are approved."""
        before = self.public_texts()
        draft = self.source
        draft.intro = f"<p>{self.words()}</p>"
        if number % 3 == 0:
            draft.body = body(heading=self.words(), point=self.words())
        with publishing_together() as asked:
            draft.save_revision().publish()
        self.held = asked.held[0]
        self.waiting = before

    @precondition(lambda machine: machine.held_now())
    @rule(how=st.sampled_from(["release", "withdraw", "ready"]))
    def end_the_waiting(self, how: str) -> None:
        held = self.held_now()
        if how == "withdraw":
            withdraw(held, self.people[0])
            assert self.public_texts() == {**self.public_texts(), **self.still_waiting()}
        elif how == "release":
            release(held, self.people[0], "At once")
            assert Article.objects.get(pk=self.source.pk).live_revision_id == held.revision_id
        elif release_if_ready(held, self.people[0]):
            for translation in self.translations(enabled=True):
                target = Article.objects.filter(
                    translation_key=self.key, locale=translation.target_locale, live=True
                ).first()
                if target is not None:
                    assert translation_status(target).status in ("complete", "partial")

    @precondition(lambda machine: machine.held_now() and machine.translations(enabled=True))
    @rule(number=ANY, how=st.sampled_from(["strings", "choose", "revision", "schedule"]))
    def publish_a_translation_that_waits(self, number: int, how: str) -> None:
        """None of the ways to publish lets a translation out before its source."""
        translation = self.pick(self.translations(enabled=True), number)
        segment = StringSegment.objects.filter(
            source=translation.source, context__path="intro"
        ).first()
        if segment is not None:
            words = self.words("en")
            translate_string(segment, translation.target_locale, words)
            self.saved.add(words)
        before = self.public_texts()
        with suppress(HeldPublicationError, UntranslatedTextError), transaction.atomic():
            if how == "strings":
                translation.save_target(publish=True)
            elif how == "choose":
                with publishing_untranslated():
                    translation.save_target(publish=True)
            else:
                translation.save_target(publish=False)
                target = translation.get_target_instance()
                if how == "schedule":
                    target.go_live_at = timezone.now() + timedelta(days=1)
                with publishing_untranslated():
                    target.save_revision().publish(user=self.people[0])
        assert self.public_texts() == before
        assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()

    def held_now(self) -> HeldPublication | None:
        return HeldPublication.objects.filter(object_key=self.key).first()

    def public_texts(self) -> dict[str, dict[str, str]]:
        """What readers have of the source and of its translations in use, by language."""
        codes = {"ms"} | {
            translation.target_locale.language_code
            for translation in self.translations(enabled=True)
        }
        return {
            page.locale.language_code: texts_of(page)
            for page in Article.objects.filter(translation_key=self.key, live=True, alias_of=None)
            if page.locale.language_code in codes
        }

    def still_waiting(self) -> dict[str, dict[str, str]]:
        """What readers had when the waiting began, where they have anything still."""
        now = self.public_texts()
        self.waiting = {code: texts for code, texts in self.waiting.items() if code in now}
        return self.waiting

    @rule()
    def save_a_draft_of_the_source(self) -> None:
        before = list(TranslatedString.objects.order_by("pk").values())
        source = self.source
        source.title = self.words()
        source.save_revision()
        assert list(TranslatedString.objects.order_by("pk").values()) == before

    @rule(number=ANY)
    def submit_for_translation(self, number: int) -> None:
        submit(self.source, self.others[number % 2])

    # Translators

    @precondition(lambda machine: machine.translations())
    @rule(number=ANY, share=st.sampled_from([1, 2, 3]), how=st.sampled_from(["save", "bulk", "po"]))
    def translate(self, number: int, share: int, how: str) -> None:
        translation = self.pick(self.translations(), number)
        segments = list(StringSegment.objects.filter(source=translation.source).order_by("order"))
        po = translation.export_po()
        for segment in segments[::share]:
            if segment.context.path == "slug":
                continue
            words = self.words("en")
            if how == "save":
                translate_string(segment, translation.target_locale, words)
            elif how == "bulk":
                rows = segment.string.translations.filter(
                    context=segment.context, locale=translation.target_locale
                )
                if not rows.update(data=words):
                    StringTranslation.objects.bulk_create(
                        [
                            StringTranslation(
                                translation_of=segment.string,
                                context=segment.context,
                                locale=translation.target_locale,
                                data=words,
                            )
                        ]
                    )
            else:
                entry = next(
                    each
                    for each in po
                    if (each.msgctxt, each.msgid) == (segment.context.path, segment.string.data)
                    and not each.obsolete
                )
                entry.msgstr = words
            self.saved.add(words)
        if how == "po":
            translation.import_po(po)

    @precondition(lambda machine: machine.translations())
    @rule(number=ANY)
    def save_a_blank_string(self, number: int) -> None:
        translation = self.pick(self.translations(), number)
        segment = StringSegment.objects.filter(
            source=translation.source, context__path="intro"
        ).first()
        if segment is not None:
            translate_string(segment, translation.target_locale, "  ")

    @precondition(lambda machine: StringTranslation.objects.exists())
    @rule(number=ANY)
    def remove_a_string(self, number: int) -> None:
        self.pick(list(StringTranslation.objects.order_by("pk")), number).delete()

    @precondition(lambda machine: machine.translations())
    @rule(
        number=ANY,
        how=st.sampled_from(["draft", "publish", "publish", "choose"]),
        is_unfinished=st.booleans(),
    )
    def save_a_translation(self, number: int, how: str, is_unfinished: bool = False) -> None:
        translation = self.pick(self.translations(), number)
        if is_unfinished:
            # Most words that a source gets have an old translation, so few are untranslated.
            done = StringTranslation.objects.filter(locale=translation.target_locale)
            if (string := done.exclude(context__path="slug").order_by("pk").first()) is not None:
                string.delete()
        self.publish(
            translation.target_locale,
            lambda: translation.save_target(publish=how != "draft"),
            is_chosen=how == "choose",
        )

    def publish(self, locale: Locale, act: Callable[[], Any], *, is_chosen: bool) -> bool:
        """Whether the act was allowed; a choice makes all Malay words public that are left."""
        code = locale.language_code
        try:
            if is_chosen:
                with publishing_untranslated():
                    act()
            else:
                with transaction.atomic():
                    act()
        except UntranslatedTextError:
            assert not is_chosen
            return False
        except HeldPublicationError:
            assert self.held_now()
            return False
        target = Article.objects.filter(translation_key=self.key, locale=locale).first()
        if target is not None and target.live:
            if is_chosen:
                self.chosen[code] |= malay_in(target)
            if not self.source.live:
                self.kept.add(code)
        return True

    @precondition(lambda machine: machine.translations())
    @rule(number=ANY)
    def stop_or_restart(self, number: int) -> None:
        translation = self.pick(self.translations(), number)
        translation.enabled = not translation.enabled
        translation.save(update_fields=["enabled"])

    @precondition(lambda machine: machine.translations())
    @rule(number=ANY, who=st.integers(0, 2), is_new=st.booleans())
    def write_as_somebody(self, number: int, who: int, is_new: bool) -> None:
        """New words, or the words of before confirmed."""
        translation = self.pick(self.translations(), number)
        rows = rows_of(translation).filter(path__in=["title", "intro"])
        if not rows:
            return
        row = self.pick(list(rows), number)
        segment = StringSegment.objects.filter(
            source=translation.source, context__path=row.path, string__data=row.source_words
        ).first()
        if segment is None:
            return
        words = self.words("en") if is_new or not row.words else row.words
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={
                "data": words,
                "has_error": False,
                "last_translated_by": self.people[who],
            },
        )
        self.saved.add(words)

    # Reviewers

    @precondition(lambda machine: machine.translations(enabled=True))
    @rule(number=ANY, who=st.integers(0, 2), how=st.sampled_from(["strings", "one", "all", "back"]))
    def review(self, number: int, who: int, how: str) -> None:
        translation = self.pick(self.translations(enabled=True), number)
        rows, user = list(rows_of(translation)), self.people[who]
        with suppress(RefusedError):
            if how == "strings":
                approve(rows, user)
            elif how == "all":
                approve_translation(translation, user)
            elif rows and how == "one":
                approve([self.pick(rows, number)], user)
            elif rows:
                send_back(self.pick(rows, number), user, "Once more.")

    @precondition(lambda machine: machine.translations(enabled=True))
    @rule(number=ANY, who=st.integers(0, 2))
    def send_to_review(self, number: int, who: int) -> None:
        translation = self.pick(self.translations(enabled=True), number)
        with suppress(RefusedError):
            ready_for_review(translation, self.people[who])
            assert not open_rows(translation)

    # The ordinary editor

    @precondition(lambda machine: machine.translations(enabled=False))
    @rule(
        number=ANY,
        field=st.sampled_from(["title", "intro", "heading"]),
        is_chosen=st.booleans(),
    )
    def edit_a_stopped_translation(self, number: int, field: str, is_chosen: bool) -> None:
        target = self.pick(self.translations(enabled=False), number).get_target_instance()
        words = self.words("en")
        if field == "heading":
            if not target.body:
                return
            data = json.loads(json.dumps(target.body.get_prep_value()))
            data[0]["value"]["heading"] = words
            target.body = json.dumps(data)
        else:
            setattr(target, field, f"<p>{words}</p>" if field == "intro" else words)
        draft = target.save_revision()
        if self.publish(target.locale, draft.publish, is_chosen=is_chosen):
            self.saved.add(words)

    @precondition(lambda machine: machine.targets())
    @rule(number=ANY)
    def delete_a_translation(self, number: int) -> None:
        self.pick(self.targets(), number).delete()

    @precondition(lambda machine: machine.live_targets())
    @rule(number=ANY)
    def unpublish_a_translation(self, number: int) -> None:
        self.pick(self.live_targets(), number).unpublish()

    # The source goes and comes back

    @rule(keep=st.booleans())
    def unpublish_the_source(self, keep: bool) -> None:
        if keep:
            with keeping_translations():
                self.source.unpublish()
            self.kept |= {target.locale.language_code for target in self.live_targets()}
        else:
            self.source.unpublish()

    @precondition(lambda machine: not machine.source.live)
    @rule()
    def publish_the_source_again(self) -> None:
        before = {target.pk for target in self.live_targets()}
        self.source.get_latest_revision().publish()
        assert {target.pk for target in self.live_targets()} == before

    @rule(is_deleted_by_parent=st.booleans())
    def delete_and_restore_the_source(self, is_deleted_by_parent: bool) -> None:
        source = self.source
        home = source.get_parent()
        followed = [
            translation.target_locale.language_code
            for translation in self.translations(enabled=True)
        ]
        if is_deleted_by_parent:
            above = home.add_child(
                instance=Page(title=self.words(), slug=f"above-{self.count}", locale=self.malay)
            )
            source.move(above, pos="last-child")
            Page.objects.get(pk=above.pk).delete()
        else:
            source.delete()
        home.refresh_from_db()
        gone = {target.locale.language_code for target in self.live_targets()}
        assert not gone & {*followed} - self.kept
        article = Article(
            title=source.title,
            slug=f"again-{self.count}",
            intro=source.intro,
            body=json.dumps(source.body.get_prep_value()),
            translation_key=self.key,
            locale=self.malay,
            live=False,
        )
        home.add_child(instance=article)
        article.save_revision().publish()
        submit(article, self.others[0])

    # What holds

    @invariant()
    def no_malay_is_public_that_nobody_chose(self) -> None:
        for target in self.live_targets():
            code = target.locale.language_code
            assert malay_in(target) <= self.chosen[code], (code, target.pk)

    @invariant()
    def nothing_goes_public_alone_that_waits(self) -> None:
        held = self.held_now()
        if held is not None and held == self.held:
            now = self.public_texts()
            for code, texts in self.still_waiting().items():
                assert now[code] == texts, code

    @invariant()
    def a_choice_ends_when_its_page_goes_offline(self) -> None:
        live = {target.locale.language_code for target in self.live_targets()}
        for code in {*self.chosen} - live:
            del self.chosen[code]
        self.kept &= live

    @invariant()
    def a_translation_is_not_public_without_its_source(self) -> None:
        if self.source.live:
            return
        for translation in self.translations(enabled=True):
            code = translation.target_locale.language_code
            live = {target.locale.language_code for target in self.live_targets()}
            assert code not in live - self.kept, code

    @invariant()
    def no_saved_string_is_lost(self) -> None:
        kept = set(StringChange.objects.values_list("words_after", flat=True))
        assert self.saved <= kept, self.saved - kept

    @invariant()
    def nobody_approved_their_own_words(self) -> None:
        for row in TranslatedString.objects.filter(state=State.APPROVED):
            approval = row.changes.filter(method=Method.REVIEW, state_after=State.APPROVED).last()
            assert approval is not None
            assert (row.words, row.is_current) == (approval.words_after, True)
            writers = row.changes.filter(words_after=row.words, method__in=WRITING)
            assert approval.author_id not in writers.values_list("author", flat=True)

    @invariant()
    def no_source_text_counts_as_translated(self) -> None:
        done = TranslatedString.objects.exclude(state=State.UNTRANSLATED)
        assert not done.filter(words__startswith=MALAY).exists()
        assert not done.filter(words="").exists()
        for target in self.live_targets():
            untranslated = translation_status(target).untranslated
            for path, text in texts_of(target).items():
                if MALAY in text:
                    assert path in untranslated, (path, text)

    @invariant()
    def translated_text_is_not_told_as_malay(self) -> None:
        for target in self.live_targets():
            texts = texts_of(target)
            for path in translation_status(target).untranslated:
                assert MALAY in texts.get(path, MALAY), (path, texts[path])

    @invariant()
    def stale_is_told(self) -> None:
        for translation in self.translations(enabled=True):
            for row in TranslatedString.objects.filter(
                object_key=self.key,
                target_language=translation.target_locale.language_code,
                number__isnull=False,
            ).exclude(words=""):
                if row.made_from != row.source_words:
                    assert row.state == State.NEEDS_REVIEW, row

    @invariant()
    def the_desk_has_the_strings_of_the_source(self) -> None:
        for translation in self.translations():
            segments = StringSegment.objects.filter(source=translation.source)
            assert set(segments.values_list("context__path", "string__data")) == set(
                TranslatedString.objects.filter(
                    object_key=self.key,
                    target_language=translation.target_locale.language_code,
                    number__isnull=False,
                ).values_list("path", "source_words")
            )

    def live_targets(self) -> list[Article]:
        return [target for target in self.targets() if target.live]

    def pick(self, found: list[Any], number: int) -> Any:
        return found[number % len(found)]


def malay_in(page: Article) -> set[str]:
    """The numbers of the Malay words on a page."""
    return set(re.findall(rf"\b{MALAY} (\d+)", " ".join(texts_of(page).values())))


def texts_of(page: Article) -> dict[str, str]:
    """The texts that a reader sees, by content path."""
    found = {"title": page.title, "intro": page.intro}
    for block in page.body:
        found[f"body.{block.id}.heading"] = block.value["heading"]
        found[f"body.{block.id}.body"] = block.value["body"].source
        for point in block.value["points"].bound_blocks:
            found[f"body.{block.id}.points.{point.id}.text"] = point.value["text"]
    return found


def test_nothing_is_lost_and_stale_is_told(home: Page) -> None:
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
