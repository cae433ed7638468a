"""Editors' actions on snippets of every kind, and on the library's pictures and files."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction

from cms.snippets.models import Act, Organisation, Regulation, Scheme
from tests.publishing.secrets.base import ANY, SNIPPETS, Editors
from tests.publishing.secrets.words import MALAY, SECRET, SECRET_TEXT
from tests.publishing.secrets.writing import write


class SnippetRules(Editors):
    @rule(model=st.sampled_from(SNIPPETS))
    def draft_a_snippet(self, model: Any) -> None:
        if model is Organisation and Organisation.objects.exists():
            return
        if model in (Regulation, Scheme) and not Act.objects.filter(locale=self.malay).exists():
            return
        number = self.count()
        snippet = model(slug=f"{SECRET}-{number}", locale=self.malay, live=False)
        for name, value in {"number": number, "year": 2000, "sort_order": number}.items():
            if hasattr(snippet, name):
                setattr(snippet, name, value)
        for name in ("title", "text", "name"):
            if hasattr(snippet, name):
                setattr(snippet, name, SECRET_TEXT)
        if model in (Regulation, Scheme):
            snippet.act = Act.objects.filter(locale=self.malay).first()
        # Its children can only be saved once it has a key.
        snippet.save()
        write(snippet, SECRET_TEXT)
        snippet.save()
        snippet.save_revision()

    @rule(number=ANY)
    def publish_a_snippet(self, number: int) -> None:
        snippet = self.pick(self.snippets(), number)
        if snippet is None:
            return
        write(snippet, self.clean("Petikan", snippet.locale))
        if SECRET in snippet.slug:
            snippet.slug = f"petikan-{self.count()}"
        snippet.go_live_at = snippet.expire_at = None
        snippet.save_revision().publish()

    @rule(number=ANY, scheduled=st.booleans())
    def edit_a_snippet_without_publishing(self, number: int, scheduled: bool) -> None:
        snippet = self.pick(self.snippets(), number)
        if snippet is None:
            return
        draft = snippet.get_latest_revision_as_object() if snippet.latest_revision else snippet
        for field in draft._meta.concrete_fields:
            if field.name in ("title", "text", "name", "summary", "remarks", "motto", "body"):
                setattr(draft, field.name, self.secret(draft.locale))
        if scheduled:
            draft.go_live_at = timezone.now() + timedelta(days=1)
            draft.save_revision().publish()
        else:
            draft.save_revision()

    @rule(number=ANY, expired=st.booleans())
    def unpublish_a_snippet(self, number: int, expired: bool) -> None:
        snippet = self.pick(self.snippets(live=True), number)
        if snippet is None:
            return
        if expired:
            past = timezone.now() - timedelta(minutes=1)
            type(snippet).objects.filter(pk=snippet.pk).update(expire_at=past)
            call_command("publish_scheduled", verbosity=0)
        else:
            snippet.unpublish()
        snippet = type(snippet).objects.get(pk=snippet.pk)
        assert not snippet.live
        write(snippet, SECRET_TEXT)
        snippet.save()

    @rule(number=ANY)
    def delete_a_snippet(self, number: int) -> None:
        snippet = self.pick(self.snippets(), number)
        if snippet is not None:
            with contextlib.suppress(ProtectedError):
                snippet.delete()

    # The library

    @rule(kind=st.sampled_from(["login", "password", "groups"]))
    def make_the_library_private(self, kind: str) -> None:
        if CollectionViewRestriction.objects.exists():
            return
        collection = get_image_model().objects.get().collection
        CollectionViewRestriction.objects.create(
            collection=collection, restriction_type=kind, password=SECRET
        )
        self.name_the_library(SECRET_TEXT)

    @rule()
    def make_the_library_public(self) -> None:
        for restriction in CollectionViewRestriction.objects.all():
            self.name_the_library(f"Pustaka {self.count()} {MALAY}")
            restriction.delete()

    def name_the_library(self, text: str) -> None:
        picture = get_image_model().objects.get()
        picture.title = picture.description = text
        picture.save()
        file = get_document_model().objects.get()
        file.title = text
        file.file = ContentFile(text.encode(), name="fail.txt")
        file.save()
