"""Officers and publishers of the source: drafts, publishing at once or together, going offline."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from wagtail.models import Page

from tests.publishing.languages.base import ANY, Newsroom, named_url


class OfficerRules(Newsroom):
    @rule(number=ANY, place=ANY, then=st.sampled_from(["draft", "publish", "publish"]))
    def change_a_source(self, number: int, place: int, then: str) -> None:
        self.change(self.pick(self.sources(), number), place, then)

    def change(self, thing: Any, place: int, then: str) -> None:
        """An officer changes one Malay text in the ordinary editor, and a publisher publishes."""
        form = self.form_of("pegawai", thing)
        if form is None or not self.rewrite(form, place, self.words("ms")):
            return
        self.post("pegawai", form.action or self.edit_address(thing), form.values)
        if then != "draft":
            self.publish_a_draft(thing, then)

    def publish_a_draft(self, thing: Any, how: str) -> None:
        form = self.form_of("penerbit", thing)
        if form is None:
            return
        form.values["action-publish"] = "together" if how == "together" else "action-publish"
        address = form.action or self.edit_address(thing)
        self.post("penerbit", address, form.values)
        if how == "together":
            self.note_held(thing)
        self.end_of_waiting(str(thing.translation_key))

    @rule(number=ANY)
    def change_a_source_by_code(self, number: int) -> None:
        """A command or an import publishes without a user."""
        thing = self.pick(self.sources(), number)
        name = "title" if hasattr(thing, "title") else "text" if hasattr(thing, "text") else "name"
        setattr(thing, name, self.words("ms"))
        with self.request():
            thing.save_revision().publish()
        self.end_of_waiting(str(thing.translation_key))

    @rule(number=ANY)
    def publish_a_source_again(self, number: int) -> None:
        thing = self.pick([each for each in self.sources() if not each.live], number)
        if thing is not None:
            before = self.live_places(thing)
            self.publish_a_draft(thing, "publish")
            assert self.live_places(thing) - {"ms"} == before - {"ms"}

    @rule(number=ANY, keep=st.booleans())
    def take_offline(self, number: int, keep: bool) -> None:
        """A publisher unpublishes a source or a translation; with `keep`, its translations stay."""
        live = [each for each in self.things(live=True) if each.translation_key != self.home_key]
        thing = self.pick(live, number)
        if thing is None:
            return
        data = {"keep_translations": "on"} if keep else {}
        self.post("penerbit", unpublish_url(thing), data)
        self.end_of_waiting(str(thing.translation_key))
        if not type(thing).objects.get(pk=thing.pk).live and not keep:
            for code in self.followers_of(thing)[1:]:
                assert code not in self.live_places(thing), (thing, code)

    @rule(number=ANY, keep=st.booleans(), is_submitted=st.booleans())
    def delete_a_source_and_make_it_again(
        self, number: int, keep: bool, is_submitted: bool
    ) -> None:
        """Its strings are offered again, and no translation of it comes back by itself."""
        leaves = [each for each in self.sources() if isinstance(each, Page) and each.is_leaf()]
        thing = self.pick([each for each in leaves if each.depth > 2], number)
        if thing is None:
            return
        parent, key, model = thing.get_parent(), thing.translation_key, type(thing)
        fields = {
            each.name: getattr(thing, each.name)
            for each in model._meta.local_concrete_fields
            if not each.is_relation
        }
        data = {"keep_translations": "on"} if keep else {}
        self.post("pentadbir", named_url("wagtailadmin_pages:delete", thing.pk), data)
        self.end_of_waiting(str(key))
        if model.objects.filter(pk=thing.pk).exists():
            return
        before = self.live_places(thing)
        self.number += 1
        with self.request():
            parent.refresh_from_db()
            new = model(
                title=thing.title, slug=f"lagi-{self.number}", locale=thing.locale, **fields
            )
            new.translation_key, new.live = key, False
            parent.add_child(instance=new)
            new.save_revision().publish()
        assert self.live_places(thing) - {"ms"} == before - {"ms"}
        if is_submitted:
            self.submit("pentadbir", new, "en")

    @property
    def home_key(self) -> Any:
        return Page.objects.get(depth=2, locale=self.locales["ms"]).translation_key


def unpublish_url(thing: Any) -> str:
    if isinstance(thing, Page):
        return named_url("wagtailadmin_pages:unpublish", thing.pk)
    return named_url(type(thing).snippet_viewset.get_url_name("unpublish"), thing.pk)
