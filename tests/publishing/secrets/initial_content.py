"""The public content before the machine starts: something of every kind."""

from __future__ import annotations

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, Site
from wagtail_localize.models import Translation

from tests.factories import HomePageFactory
from tests.publishing.secrets.base import SNIPPETS
from tests.publishing.secrets.page_rules import PageRules
from tests.publishing.secrets.snippet_rules import SnippetRules
from tests.publishing.secrets.translation_rules import TranslationRules
from tests.publishing.secrets.words import MALAY, SECRET
from wagtail_delivery.models import PublishedDocument


class InitialEditors(PageRules, SnippetRules, TranslationRules):
    """The machine's rules, called once each outside of the machine."""


def publish_initial_content() -> None:
    """A site, a library, one snippet of each kind, four pages, aliases and translations."""
    editors = InitialEditors()
    home = HomePageFactory(title=f"Utama {MALAY}", locale=editors.malay)
    Site.objects.all().delete()
    Site.objects.create(
        hostname="localhost", port=80, is_default_site=True, root_page=home, site_name="PERKESO"
    )
    library = Collection.get_first_root_node().add_child(name=SECRET)
    get_image_model().objects.create(
        title=f"Gambar {MALAY}", file=get_test_image_file(size=(4, 4)), collection=library
    )
    get_document_model().objects.create(
        title=f"Fail {MALAY}",
        file=ContentFile(MALAY.encode(), name="fail.txt"),
        collection=library,
    )
    for model in SNIPPETS:
        editors.draft_a_snippet(model)
    for number in range(len(SNIPPETS)):
        editors.publish_a_snippet(number)
    editors.draft_a_page(0, profile=True)
    editors.draft_a_page(1, profile=False)
    # Twice, so each one refers to all the others.
    for number in range(6):
        editors.publish(number)
    editors.draft_a_page(2, profile=False)
    for number in (0, 2):
        editors.make_an_alias(number, 0)
    editors.make_an_alias_in_english(2)
    for number in (0, 1, 3):
        editors.submit_for_translation(number)
    for number in range(Translation.objects.count()):
        editors.translate(number, secret=False, share=1)
        editors.publish_a_translation(number)
    assert Page.objects.exclude(alias_of=None).count() == 3
    assert {"ms", "en"} == {*PublishedDocument.objects.values_list("locale", flat=True)}
