"""What a project's code reads for a document is a dependency, however it was loaded."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from tests import samples
from tests.stored import differences, members_of
from tests.testapp import models as app
from wagtail_delivery.content.loaded_instances import loaded_instances

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home: Page) -> app.TeaserPage:
    return samples.teaser_page(home)


@pytest.fixture
def chosen(page: app.TeaserPage) -> app.PlainPage:
    return app.PlainPage.objects.get(slug="chosen")


@pytest.fixture
def topic(page: app.TeaserPage) -> app.FullTopic:
    return app.FullTopic.objects.get(title="Topic")


def shown(page: app.TeaserPage) -> list[object]:
    members = members_of(page)
    teaser, picture = (block["value"] for block in members["body"])
    return [teaser, picture.split(" ")[0], members["lead"], members["first_picture"]]


def test_what_blocks_properties_and_serializers_chose_is_shown(page: app.TeaserPage) -> None:
    assert shown(page) == [
        ["Chosen", "Topic", "Chosen"],
        "Picture",
        "Chosen",
        "Picture",
    ]


def test_a_renamed_choice_is_shown_with_its_new_name(
    page: app.TeaserPage, chosen: app.PlainPage, topic: app.FullTopic
) -> None:
    chosen.title = "Other"
    chosen.save_revision().publish()
    topic.title = "Subject"
    topic.save_revision().publish()
    image = page.body[1].value["image"]
    image.title = "Photo"
    image.save()
    assert shown(page) == [["Other", "Subject", "Other"], "Photo", "Other", "Photo"]
    assert differences() == []


def test_an_unpublished_choice_is_no_longer_shown(
    page: app.TeaserPage, chosen: app.PlainPage, topic: app.FullTopic
) -> None:
    topic.unpublish()
    assert shown(page)[0] == ["Chosen", "Chosen"]
    chosen.unpublish()
    assert shown(page) == [[], "Picture", "", "Picture"]
    assert differences() == []


def test_a_deleted_choice_is_no_longer_shown(
    page: app.TeaserPage, chosen: app.PlainPage, topic: app.FullTopic
) -> None:
    page.body[1].value["image"].delete()
    topic.delete()
    chosen.delete()
    members = members_of(page)
    assert [block["value"] for block in members["body"]] == [[], ""]
    assert (members["lead"], members["first_picture"]) == ("", "")
    assert differences() == []


def test_loaded_instances_are_found_without_a_query(page: app.TeaserPage) -> None:
    assert list(loaded_instances(page)) == [page]
    image = page.body[1].value["image"]
    assert image in list(loaded_instances(page))
    page = app.TeaserPage.objects.select_related("locale").get(pk=page.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = list(loaded_instances([{"a": (page,)}, page.get_children()]))
    assert found == [page, page.locale]
    assert len(queries) == 0
