"""The findings of a translation's strings, as rows of the desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wagtail_localize.models import TranslationContext, TranslationSource

from wagtail_localize_desk.models import TranslatedString
from wagtail_localize_desk.quality.limits import length_limit
from wagtail_localize_desk.quality.pairs import Finding, Pair
from wagtail_localize_desk.quality.running import blocking, findings
from wagtail_localize_desk.term_models import AcceptedFinding, approved_terms


@dataclass(frozen=True)
class ReportedFinding:
    """A finding in a string."""

    finding: Finding
    is_blocking: bool
    #: Why somebody accepted it; empty if nobody has.
    accepted_because: str = ""

    @property
    def blocks_approval(self) -> bool:
        return self.is_blocking and not self.accepted_because


#: The limits of texts, by translation key and content path.
Limits = Mapping[tuple[Any, str], int | None]


#: The findings of strings, by primary key.
Findings = Mapping[int, Sequence[ReportedFinding]]


def pairs_of(rows: Iterable[TranslatedString], limits: Limits | None = None) -> dict[int, Pair]:
    """What the checks need of each row, by primary key.

    Asks once for the terms of each pair of languages, and for `limits`, if they are not known, in
    two queries.
    """
    chosen = list(rows)
    known = _limits_of(chosen) if limits is None else limits
    terms = {
        languages: approved_terms(*languages)
        for languages in {(row.source_language, row.target_language) for row in chosen}
    }
    return {
        row.pk: Pair(
            source=row.source_words,
            words=row.words,
            source_language=row.source_language,
            target_language=row.target_language,
            max_length=known.get((row.object_key, row.path)),
            terms=terms[row.source_language, row.target_language],
        )
        for row in chosen
    }


def _limits_of(rows: Iterable[TranslatedString]) -> Limits:
    keys = {row.object_key for row in rows}
    models = {
        source.object_id: source.specific_content_type.model_class()
        for source in TranslationSource.objects.filter(object_id__in=keys).select_related(
            "specific_content_type"
        )
    }
    paths = TranslationContext.objects.filter(object_id__in=keys).values_list(
        "object_id", "path", "field_path"
    )
    return {
        (key, path): length_limit(models[key], field_path)
        for key, path, field_path in paths
        if field_path and models.get(key) is not None
    }


def reported(
    pairs: Mapping[int, Pair], with_accepted: Collection[int] | None = None
) -> dict[int, list[ReportedFinding]]:
    """The findings of each pair by primary key; one query, if there are any.

    `with_accepted` are the strings of which somebody accepted a finding, where that is known. A
    string without words has no findings.
    """
    found = {pk: list(findings(pair)) if pair.words else [] for pk, pair in pairs.items()}
    asked = [
        pk
        for pk, of_row in found.items()
        if of_row and (with_accepted is None or pk in with_accepted)
    ]
    rows = AcceptedFinding.objects.filter(string__in=asked).order_by("pk") if asked else ()
    accepted = {
        (each.string_id, each.check_name, each.source_words, each.words): each.reason
        for each in rows
    }
    names = blocking()
    return {
        pk: [
            ReportedFinding(
                finding,
                finding.check in names,
                accepted.get((pk, finding.check, pairs[pk].source, pairs[pk].words), ""),
            )
            for finding in of_row
        ]
        for pk, of_row in found.items()
    }


def findings_of(row: TranslatedString) -> list[ReportedFinding]:
    """What the checks find in one string."""
    return reported(pairs_of([row]))[row.pk]


def accept_finding(row: TranslatedString, check: str, reason: str, user: Any) -> AcceptedFinding:
    """Record that a person accepts what `check` finds in the row's words, and why.

    Raises `ValueError` without a reason.
    """
    if not reason.strip():
        raise ValueError("Write a reason.")
    return AcceptedFinding.objects.create(
        string=row,
        check_name=check,
        source_words=row.source_words,
        words=row.words,
        reason=reason.strip(),
        author=user,
    )


def blocking_findings(rows: Iterable[TranslatedString]) -> Findings:
    """The findings that block the approval of rows, by primary key."""
    return blocking_of(reported(pairs_of(rows)))


def blocking_of(found: Findings) -> Findings:
    """Those findings that block the approval of a string."""
    blocked = {
        pk: [each for each in of_row if each.blocks_approval] for pk, of_row in found.items()
    }
    return {pk: of_row for pk, of_row in blocked.items() if of_row}
