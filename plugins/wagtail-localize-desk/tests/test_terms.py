"""Terms: their form, and the command that loads them from a file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from wagtail_localize_desk.term_models import Term, approved_terms

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HEADER = "source_language,target_language,term,translations,forbidden,note\n"


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "terms.csv"


def load(file: Path, text: str, **options: bool) -> str:
    file.write_text(text, encoding="utf-8")
    output = io.StringIO()
    call_command("load_terms", str(file), stdout=output, **options)
    return output.getvalue().strip()


def test_a_file_adds_what_is_missing_and_keeps_what_is_there(file, en, ms):
    first = HEADER + "ms,en,caruman,contribution|contributions,fee,For employers\n"
    assert load(file, first) == "1 terms added, 0 kept as they were."
    second = HEADER + "ms,en,caruman,fee,,\n" + "ms,en,faedah,benefit\n"
    assert load(file, second) == "1 terms added, 1 kept as they were."
    kept, added = Term.objects.order_by("term")
    assert (kept.translations, kept.forbidden, kept.note) == (
        "contribution\ncontributions",
        "fee",
        "For employers",
    )
    # A line may end before its last columns.
    assert (added.translations, added.forbidden, added.note) == ("benefit", "", "")


def test_terms_of_an_installation_are_left_alone(file, en, ms):
    load(file, HEADER + "ms,en,caruman,contribution,,\n")
    assert load(file, HEADER + "ms,en,faedah,benefit,,\n", if_none=True) == ""
    assert Term.objects.get().term == "caruman"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "needs a first line"),
        ("term,translations\ncaruman,contribution\n", "needs a first line"),
        (HEADER + "ms,en,caruman,contribution,,\nms,en,faedah\n", "line 3: .*Write at least one"),
        (HEADER + "ms,ms,caruman,caruman,,\n", "line 2: Choose another language."),
        (HEADER + "ms,en,caruman,fee,fee,\n", "line 2: “fee” cannot be right and wrong."),
        (HEADER + "ms,xx,caruman,fee,,\n", "line 2: Value 'xx' is not a valid choice."),
        (HEADER + "ms\n", "line 2: "),
    ],
)
def test_a_file_with_a_mistake_loads_nothing(file, en, ms, text, reason):
    with pytest.raises(CommandError, match=reason):
        load(file, text)
    assert not Term.objects.exists()


def test_a_file_that_cannot_be_read_is_told(file):
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_terms", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_terms", str(file.with_name("none.csv")))


def test_a_form_tidies_the_lines(en, ms):
    term = Term(
        source_language="ms",
        target_language="en",
        term="  kadar \t caruman ",
        translations=" contribution rate \n\ncontribution  rate\nrate",
        forbidden="\n fee ",
    )
    term.full_clean()
    assert (term.term, str(term)) == ("kadar caruman", "kadar caruman")
    assert (term.translations, term.forbidden) == ("contribution rate\nrate", "fee")


def test_there_is_one_entry_for_a_term(file, en, ms):
    load(file, HEADER + "ms,en,caruman,contribution,,\n")
    again = Term(source_language="ms", target_language="en", term="caruman", translations="fee")
    with pytest.raises(ValidationError, match="There is an entry for this term already"):
        again.full_clean()


def test_a_changed_term_is_used_at_once(
    file, en, ms, django_assert_num_queries, django_capture_on_commit_callbacks
):
    load(file, HEADER + "ms,en,caruman,contribution,,\n")
    assert [term.translations for term in approved_terms("ms", "en")] == [("contribution",)]
    with django_assert_num_queries(0):
        approved_terms("ms", "en")
    term = Term.objects.get()
    term.translations = "payment"
    with django_capture_on_commit_callbacks(execute=True):
        term.save()
    assert [term.translations for term in approved_terms("ms", "en")] == [("payment",)]
    with django_capture_on_commit_callbacks(execute=True):
        term.delete()
    assert approved_terms("ms", "en") == ()
