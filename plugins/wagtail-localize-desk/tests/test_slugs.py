"""Translated slugs keep their letters, whatever their script."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.forms import SlugField
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    publish_translation,
    published_article,
    submit,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.models import Article
from wagtail_localize_desk.slugs import slug_of

TAMIL = "சுயவிவரம்"
CHINESE = "缴费"


@pytest.fixture
def ta(home) -> Locale:
    return Locale.objects.get_or_create(language_code="ta")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [TAMIL, CHINESE, "हिन्दी", "ni-hao_2"])
def test_a_translated_slug_is_kept(home, ta, slug):
    article = published_article(home)
    submit(article, ta)
    translate(article, ta, slug=slug)
    target = publish_translation(article, ta)
    assert target.slug == slug
    assert target.url_path.endswith(f"/{slug}/")
    # The ordinary editor accepts it, too.
    Article.objects.get(pk=target.pk).full_clean()
    assert SlugField(allow_unicode=True).clean(slug) == slug


@pytest.mark.django_db
def test_a_slug_in_use_is_an_error_and_not_replaced(article, en, english_home):
    published_article(english_home, slug="news")
    translate(article, en, slug="news")
    with pytest.raises(ValidationError):
        translation_of(article, en).save_target(publish=True)
    error = StringTranslation.objects.get(context__path="slug", locale=en)
    assert (error.has_error, error.data) == (True, "news")
    assert not target_of(article, en).live
    translation_of(article, en).save_target(publish=False)


@pytest.mark.django_db
def test_a_slug_without_letters_is_an_error(article, en):
    translate(article, en, slug="!!!")
    with pytest.raises(ValidationError):
        translation_of(article, en).save_target(publish=True)
    assert not target_of(article, en).live


@pytest.mark.django_db
def test_the_sources_slug_gets_a_number_where_it_is_in_use(home, english_home, en):
    published_article(english_home, slug="berita")
    article = published_article(home)
    submit(article, en)
    translate(article, en, "slug")
    assert publish_translation(article, en).slug == "berita-1"


@pytest.mark.parametrize(
    ("words", "slug"),
    [("Bayaran Caruman", "bayaran-caruman"), (f"{TAMIL} 2!", f"{TAMIL}-2"), ("?", "")],
)
def test_words_become_a_slug(words, slug):
    assert slug_of(words) == slug


def test_a_project_may_want_ascii_only(settings):
    settings.WAGTAIL_ALLOW_UNICODE_SLUGS = False
    assert slug_of("Café") == "cafe"


@pytest.mark.parametrize("slug", ["a b", "a/b", "a.b", "\u0bc1", ""])
def test_other_characters_are_refused(slug):
    with pytest.raises(ValidationError):
        validate_unicode_slug(slug)
