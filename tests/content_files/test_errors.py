"""Every error in a file is reported with its line and the reason, and nothing is written."""

from __future__ import annotations

from textwrap import dedent

import pytest
from django.core.management import CommandError
from wagtail.models import Page, Revision

from cms.snippets.models import Act

pytestmark = pytest.mark.django_db

ROLES, ACTS, PROFILE = "ms/roles.yaml", "ms/acts.yaml", "ms/profile_pages.yaml"


def reported_errors(load) -> list[str]:
    """The reported errors; checks that nothing was written."""
    pages = Page.objects.count()
    with pytest.raises(CommandError) as error:
        load()
    assert not Revision.objects.exists()
    assert not Act.objects.exists()
    assert Page.objects.count() == pages
    first, *lines = str(error.value).splitlines()
    assert first == "Nothing was loaded. Fix these mistakes first:"
    return lines


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (ACTS, "title: Akta Empat 1969", "title: 'Akta", "Not YAML"),
        (ACTS, "year: 1970", "year: 1970: 1", "mapping values are not allowed"),
        (ACTS, "number: 4", "number: 4\n  number: 5", "Duplicate key 'number'"),
        (ACTS, "akta-5:", "akta-4:", "Duplicate key 'akta-4'"),
        (ACTS, "number: 4", "number: &a 4", "Anchors"),
        (ACTS, "number: 4", "number: !!int 4", "tags"),
        (ACTS, "number: 4", "nummer: 4", "no field 'nummer'; it has abbreviation, "),
        (ACTS, "number: 4", "number: four", "must be an integer"),
        (ACTS, "number: 4", "number: 0", "greater than or equal to 1"),
        (ACTS, "number: 4", "number:", "value is missing"),
        (ACTS, "number: 4", "number: [4]", "single value"),
        (ACTS, "number: 4", "number: {a: b}", "single value"),
        (ACTS, "assent_date: 1969-04-02", "assent_date: 2 April 1969", "YYYY-MM-DD"),
        (ACTS, "assent_date: 1969-04-02", "assent_date: 1969-02-30", "invalid date"),
        (ACTS, "assent_date: 1969-04-02", "status: alive", "not a valid choice"),
        (ACTS, "assent_date: 1969-04-02", "slug: a b", "slug"),
        (ACTS, "assent_date: 1969-04-02", "working_translation: yes", "true or false"),
        (ACTS, "title: Akta Lima 1970", "title:", "value is missing"),
        (ACTS, "title: Akta Lima 1970", f"title: {'x' * 256}", "255"),
        (ACTS, "title: Akta Lima 1970", 'title: "\\0"', "control character"),
        (ROLES, "act: akta-5", "act: akta-9", "No entry acts/akta-9"),
        (ROLES, "act: akta-5", "act: roles/satu", "the file must be one of acts"),
        (ROLES, "act: akta-5", "act:", "name of another entry is missing"),
        (PROFILE, "parent: home_pages/utama", "parent: acts/akta-4", "one of home_pages"),
        (
            PROFILE,
            "parent: home_pages/utama",
            "parent: profile_pages/profil",
            "is not allowed below",
        ),
        (PROFILE, "type: text", "type: texts", "one of acts, contact"),
        (
            PROFILE,
            "heading: Latar",
            "header: Latar",
            "'header' here; the fields are anchor, ",
        ),
        (PROFILE, "date: 1985-07-01", "date: July", "Enter a date as"),
        (PROFILE, "date: 1985-07-01", "precision: hour", "not one of the available choices"),
        (PROFILE, "- satu", "- dua", "No entry roles/dua"),
        (PROFILE, "organisation: pejabat", "organisation: lain", "No entry organisations/lain"),
        (PROFILE, "satu: Perenggan satu & lain.", 'satu: "a\\n\\nb"', "key of its own"),
        (PROFILE, "heading: Masa", "heading: Masa\n      anchor: a b", "slug"),
        ("en/roles.yaml", "text: To", "texts: To", "no text at texts of 'satu'"),
        ("en/roles.yaml", "text: To administer two Acts;", "text:", "translation is missing"),
        ("en/roles.yaml", "satu:", "dua:", "No source entry roles/dua"),
        ("en/roles.yaml", "working_translation: true", "sort_order: 3", "no text at sort_order"),
        ("en/roles.yaml", "working_translation: true", "working_translation: 1", "true or false"),
        ("en/profile_pages.yaml", "dua: Paragraph two.", "tiga: x", "body → tiga"),
        ("en/organisations.yaml", "label: General", "number: 1", "phones → utama → number"),
    ],
)
def test_an_error_is_reported_with_its_line(load, folder, file, old, new, reason):
    line = folder.replace(file, old, new)
    lines = reported_errors(load)
    found = [item for item in lines if reason in item]
    assert found, lines
    # An added or duplicate key is reported at its own line.
    at = line + new.count("\n")
    assert any(item.startswith(f"content/{file}:{at}: ") for item in found), found


@pytest.mark.parametrize(
    ("file", "old", "reason"),
    [
        (ACTS, "  title: Akta Empat 1969\n", "The field 'title' is missing."),
        (ROLES, "      act: akta-5\n", ""),
        (PROFILE, "      heading: Masa\n", "'heading' is missing."),
        (PROFILE, "          text: Berubah.\n", "'text' is missing."),
        (PROFILE, "  slug: profil\n", "The field 'slug' is missing."),
        (PROFILE, "  parent: home_pages/utama\n", "is not allowed below the root."),
        ("en/roles.yaml", "  text: To administer two Acts;\n", "translation of text is missing"),
        ("en/profile_pages.yaml", "      heading: Time\n", "sections → masa → heading is missing"),
        ("en/profile_pages.yaml", "        dua: Paragraph two.\n", "body → dua is missing"),
    ],
)
def test_missing_values_are_reported_at_their_entry(load, folder, file, old, reason):
    folder.replace(file, old, "")
    lines = reported_errors(load)
    assert any(item.startswith(f"content/{file}:") and reason in item for item in lines), lines


def test_all_errors_are_reported_at_once_in_order(load, folder):
    folder.replace(ACTS, "number: 4", "number: four")
    folder.replace(ACTS, "year: 1970", "year: x")
    folder.replace(ROLES, "act: akta-5", "act: akta-9")
    folder.replace("en/roles.yaml", "text: To", "texts: To")
    lines = reported_errors(load)
    assert [line.split(":")[0] for line in lines] == [
        "content/en/roles.yaml",
        "content/en/roles.yaml",
        "content/ms/acts.yaml",
        "content/ms/acts.yaml",
        "content/ms/roles.yaml",
    ]


def test_a_missing_translated_entry_or_file_is_reported(load, folder):
    folder.replace("en/acts.yaml", "akta-5:\n  title: Act Five 1970\n", "")
    (folder.path / "en" / "roles.yaml").unlink()
    lines = reported_errors(load)
    assert "content/en/acts.yaml:1: The en translation of acts/akta-5 is missing." in lines
    assert any(line.endswith("The en translation of roles/satu is missing.") for line in lines)


def test_a_file_without_a_content_type_is_reported(load, folder):
    folder.write("ms/act.yaml", "a: b")
    (line,) = reported_errors(load)
    assert line.startswith("content/ms/act.yaml:1: No content type has this file")
    assert "acts" in line


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"akta-4:\n  title: \xff\n", 2, "not encoded in UTF-8"),
        (b"akta-4:\n  title: a\x00b\n", 2, "is not allowed"),
        (b"- akta-4\n", 1, "entries under keys"),
        (b"akta-4: text\n", 1, "Fields are missing"),
        (b"? [a]\n: b\n", 1, "A key must be a word"),
        (b"a: *b\n", 1, "Anchors"),
        (b"a: 1\n---\nb: 2\n", 2, "single document"),
        (b"\ta: 1\n", 1, "Not YAML"),
    ],
)
def test_invalid_files_are_reported(load, folder, content, line, reason):
    (folder.path / ACTS).write_bytes(content)
    lines = reported_errors(load)
    assert any(
        item.startswith(f"content/ms/acts.yaml:{line}: ") and reason in item for item in lines
    ), lines


def test_an_empty_file_has_no_entries(load, folder):
    folder.write("ms/conventions.yaml", "# nothing yet\n")
    folder.write("en/conventions.yaml", "")
    assert "12 created" in load()


def test_validation_errors_of_models_are_reported_with_the_line_of_the_field(load, folder):
    line = folder.replace(ACTS, "number: 5\n  year: 1970", "year: 1969\n  number: 4")
    (found,) = reported_errors(load)
    assert found.startswith(f"content/ms/acts.yaml:{line + 1}: ")
    assert "already" in found


def test_validation_errors_of_streams_are_reported(load, folder):
    folder.replace(PROFILE, "heading: Masa", "heading: Masa\n      anchor: latar")
    (found,) = reported_errors(load)
    assert found.startswith("content/ms/profile_pages.yaml:")


def test_validation_errors_of_translations_are_reported(load, folder):
    folder.replace("en/organisations.yaml", "short_name: OF", f"short_name: {'x' * 51}")
    (found,) = reported_errors(load)
    assert "50" in found


def test_circular_references_are_reported():
    from cms.content_files.entry_types import entry_types
    from cms.content_files.ordering import in_order
    from cms.content_files.plan import EntryReference, SourceEntry
    from cms.content_files.problems import ContentError, FileLocation

    location = FileLocation("x.yaml", 1)
    entries = {}
    for key, other in (("a", "b"), ("b", "a")):
        entry = SourceEntry(
            entry_types()["roles"],
            key,
            location,
            values={"act": EntryReference(f"roles/{other}", location)},
        )
        entries[entry.name] = entry
    with pytest.raises(ContentError, match="roles/a → roles/b → roles/a"):
        in_order(entries)


def test_a_folder_without_the_source_language_is_reported(load, folder):
    import shutil

    shutil.rmtree(folder.path / "ms")
    with pytest.raises(CommandError, match="no folder 'ms'"):
        load()


def test_a_table_is_refused_with_its_line(load, folder):
    page = """\
    kadar:
      parent: home_pages/utama
      slug: kadar
      title: Kadar
      body:
        jadual:
          type: table
          caption: Kadar caruman
          rows: a b
    """
    folder.write("ms/standard_pages.yaml", dedent(page))
    found = [line for line in reported_errors(load) if "TableRowsBlock" in line]
    assert found == [
        "content/ms/standard_pages.yaml:9: Content files do not support TableRowsBlock."
    ]
