"""Editors' actions on pages: drafts, schedules, private sections, moves, copies and aliases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from cms.pages.models import HomePage, ProfilePage, StandardPage
from tests.publishing.secrets.base import ANY, Editors
from tests.publishing.secrets.words import SECRET, SECRET_TEXT
from tests.publishing.secrets.writing import write

DEEPEST = 5


def is_public(page: Page) -> bool:
    """Whether the text of `page` is public, there or at one of its aliases."""
    here = page.live and not page.get_view_restrictions()
    return here or any(is_public(alias) for alias in page.aliases.all())


class PageRules(Editors):
    # Texts

    def text_for(self, page: Any) -> str:
        """A text to publish on `page`: secret if the page is not public."""
        return self.clean("Halaman", page.locale) if is_public(page) else self.secret(page.locale)

    def publish_with(self, page: Any, text: str) -> None:
        write(page, text)
        page.expire_at = page.go_live_at = None
        page.save_revision().publish()

    def remove_secrets(self, pages: Iterable[Any]) -> None:
        """Remove the secret from the published texts of `pages` before they become public."""
        for page in pages:
            source = page
            while source.alias_of_id:
                source = source.alias_of
            source = Page.objects.get(pk=source.pk).specific
            if source.live:
                self.publish_with(source, self.clean("Halaman", source.locale))

    def make_path_public(self, page: Any) -> None:
        """Replace secret slugs of a page and its ancestors; its descendants' paths contain them."""
        for above in page.get_ancestors(inclusive=True).filter(depth__gt=1, slug__contains=SECRET):
            draft = Page.objects.get(pk=above.pk).specific
            draft.slug = f"jalan-{self.count()}"
            draft.save()

    def give_public_slug(self, page: Any) -> None:
        """Give a page a public slug, below ancestors with public slugs."""
        self.make_path_public(page.get_parent())
        if not isinstance(page, HomePage):
            page.slug = f"awam-{self.count()}"

    def hide(self, pk: int) -> None:
        """Overwrite a page that is not public with the secret."""
        page = Page.objects.get(pk=pk).specific
        if not page.live:
            write(page, SECRET_TEXT)
            page.save()

    def some_page(self, number: int, *, moving: bool = False) -> Any:
        """A page that is not an alias, and with `moving` not a home page either."""
        return self.pick(
            [
                page
                for page in self.pages(alias_of=None)
                if not (moving and isinstance(page, HomePage))
            ],
            number,
        )

    # Drafts and publishing

    @rule(number=ANY, profile=st.booleans())
    def draft_a_page(self, number: int, profile: bool) -> None:
        model = ProfilePage if profile else StandardPage
        parents = [
            page
            for page in self.pages(locale=self.malay, alias_of=None)
            if page.depth < DEEPEST and (isinstance(page, HomePage) or not profile)
        ]
        parent = self.pick(parents, number)
        page = model(slug=f"{SECRET}-{self.count()}", locale=self.malay, live=False)
        write(page, SECRET_TEXT)
        parent.add_child(instance=page)
        page.save_revision()

    @rule(number=ANY)
    def edit_without_publishing(self, number: int) -> None:
        draft = self.some_page(number).get_latest_revision_as_object()
        write(draft, self.secret(draft.locale))
        draft.slug = f"{SECRET}-{self.count()}"
        draft.save_revision()

    @rule(number=ANY)
    def publish(self, number: int) -> None:
        page = self.some_page(number)
        self.give_public_slug(page)
        # Publishing makes the page and its aliases live.
        hidden = bool(page.get_view_restrictions()) and not page.aliases.exists()
        text = self.secret(page.locale) if hidden else self.clean("Halaman", page.locale)
        self.publish_with(page, text)

    @rule(number=ANY)
    def schedule(self, number: int) -> None:
        """Schedule a draft for a day that never comes."""
        draft = self.some_page(number).get_latest_revision_as_object()
        write(draft, self.secret(draft.locale))
        draft.go_live_at = timezone.now() + timedelta(days=1)
        draft.save_revision().publish()

    @rule(number=ANY)
    def publish_scheduled_revision(self, number: int) -> None:
        page = self.some_page(number)
        self.give_public_slug(page)
        write(page, self.clean("Halaman", page.locale))
        page.expire_at = page.go_live_at = None
        page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
        call_command("publish_scheduled", verbosity=0)

    @rule(number=ANY, with_descendants=st.booleans())
    def unpublish(self, number: int, with_descendants: bool) -> None:
        page = self.some_page(number)
        below = [*page.get_descendants().values_list("pk", flat=True)] if with_descendants else []
        page.unpublish()
        for pk in below:
            found = Page.objects.get(pk=pk).specific
            if found.live and not found.alias_of_id:
                found.unpublish()
        for pk in (page.pk, *below):
            self.hide(pk)

    @rule(number=ANY)
    def expire(self, number: int) -> None:
        page = self.some_page(number, moving=True)
        if page is None or not page.live:
            return
        Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
        call_command("publish_scheduled", verbosity=0)
        self.hide(page.pk)

    @rule(number=ANY)
    def delete(self, number: int) -> None:
        page = self.pick([page for page in self.pages() if not isinstance(page, HomePage)], number)
        if page is not None:
            page.delete()

    # Private sections

    @rule(number=ANY, kind=st.sampled_from(["login", "password", "groups"]), rewrite=st.booleans())
    def make_private(self, number: int, kind: str, rewrite: bool) -> None:
        """Restrict a page and its descendants; their published texts may be secret from now on."""
        page = self.pick(self.pages(), number)
        if PageViewRestriction.objects.filter(page=page).exists():
            return
        PageViewRestriction.objects.create(page=page, restriction_type=kind, password=SECRET)
        inside_it = page.get_descendants(inclusive=True).filter(live=True, alias_of=None)
        for found in inside_it if rewrite else ():
            inside = found.specific
            self.publish_with(inside, self.text_for(inside))

    @rule(number=ANY)
    def make_public_again(self, number: int) -> None:
        restriction = self.pick(PageViewRestriction.objects.order_by("pk"), number)
        if restriction is None:
            return
        self.remove_secrets(restriction.page.get_descendants(inclusive=True))
        # Fetched again, because the page's row has changed since.
        PageViewRestriction.objects.get(pk=restriction.pk).delete()

    @rule(number=ANY, other=ANY)
    def move(self, number: int, other: int) -> None:
        """Move a page below another one, into and out of private sections."""
        page = self.some_page(number, moving=True)
        if page is None:
            return
        height = max(page.get_descendants(inclusive=True).values_list("depth", flat=True))
        parents = [
            parent
            for parent in self.pages(locale=page.locale, alias_of=None)
            if not parent.path.startswith(page.path)
            and parent.depth + height - page.depth < DEEPEST
        ]
        parent = self.pick(parents, other)
        if parent is None:
            return
        if not parent.get_view_restrictions():
            self.remove_secrets(page.get_descendants(inclusive=True))
        if page.get_descendants(inclusive=True).filter(live=True).exists():
            self.make_path_public(page)
            self.make_path_public(parent)
        Page.objects.get(pk=page.pk).specific.move(Page.objects.get(pk=parent.pk), "last-child")

    @rule(number=ANY, other=ANY, position=st.sampled_from(["left", "right"]))
    def reorder(self, number: int, other: int, position: str) -> None:
        page = self.some_page(number, moving=True)
        if page is None:
            return
        beside = self.pick(list(page.get_siblings(inclusive=False)), other)
        if beside is not None:
            page.move(beside, pos=position)

    # Paths

    @rule(number=ANY)
    def change_the_slug(self, number: int) -> None:
        page = self.some_page(number, moving=True)
        if page is not None and page.live:
            page.slug = f"pindah-{self.count()}"
            page.save()

    @rule(number=ANY)
    def redirect_to_a_page(self, number: int) -> None:
        """Redirect to any page, also to a secret one."""
        path = f"/dulu-{self.count()}"
        Redirect.objects.create(old_path=path, redirect_page=self.pick(self.pages(), number))
        self.paths.add(f"{path}/")

    # Copies

    @rule(number=ANY, recursive=st.booleans())
    def copy(self, number: int, recursive: bool) -> None:
        page = self.some_page(number, moving=True)
        if page is not None:
            attributes = {"slug": f"{SECRET}-{self.count()}", "title": SECRET}
            page.copy(recursive=recursive, update_attrs=attributes, keep_live=False)

    @rule(number=ANY, other=ANY)
    def make_an_alias(self, number: int, other: int) -> None:
        """Create an alias beside its page or elsewhere, perhaps in a private section."""
        page = self.some_page(number, moving=True)
        if page is None or (page.live and not is_public(page)):
            return
        parents = [
            parent
            for parent in self.pages(locale=page.locale, alias_of=None)
            if parent.depth < DEEPEST and not parent.path.startswith(page.path)
        ]
        parent = self.pick(parents, other)
        if parent is None:
            return
        self.make_path_public(parent)
        CreatePageAliasAction(
            page, parent=Page.objects.get(pk=parent.pk), update_slug=f"alias-{self.count()}"
        ).execute(skip_permission_checks=True)

    @rule(number=ANY)
    def make_an_alias_in_english(self, number: int) -> None:
        """As synchronised locale trees do: Malay text below /en/ that is not a translation."""
        page = self.some_page(number)
        if page.locale == self.malay and not page.has_translation(self.english):
            page.copy_for_translation(self.english, copy_parents=True, alias=True)

    @rule(number=ANY)
    def turn_an_alias_into_a_page(self, number: int) -> None:
        alias = self.pick([page for page in self.pages() if page.alias_of_id], number)
        if alias is not None:
            ConvertAliasPageAction(alias).execute(skip_permission_checks=True)
