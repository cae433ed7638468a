"""The tables: the desk's figures, those of wagtail-localize alone, and their ratios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: What the desk may need of stock's keystrokes, clicks and page loads.
GOAL = 0.5
COUNTED = ("keys", "clicks", "loads")


def queries(desk: Sequence[Any], stock: Sequence[Any]) -> list[str]:
    """The table of queries."""
    lines = ["| queries | desk | stock | ratio |", "|---|---|---|---|"]
    return lines + [
        f"| {name} | {mine} | {theirs} | {mine / theirs:.2f} |"
        for name, mine, theirs in _side_by_side(desk, stock)
    ]


def effort(desk: Sequence[Any], stock: Sequence[Any]) -> tuple[list[str], bool]:
    """The table of effort and what it says of the goal; whether that is met everywhere.

    Where it is missed, the parts of the work say where the effort goes.
    """
    lines = [
        "| effort: desk / stock | keystrokes | clicks | both | page loads | letters | goal |",
        "|---|---|---|---|---|---|---|",
    ]
    missed = []
    for name, mine, theirs in _side_by_side(desk, stock):
        totals = {
            what: [sum(side.get(what, {}).values()) for side in (mine, theirs)]
            for what in (*COUNTED, "letters")
        }
        over = [what for what in COUNTED if totals[what][0] > GOAL * totals[what][1]]
        both = [key + click for key, click in zip(totals["keys"], totals["clicks"], strict=True)]
        shown = [totals["keys"], totals["clicks"], both, totals["loads"], totals["letters"]]
        cells = " | ".join(_cell(*pair) for pair in shown)
        lines.append(f"| {name} | {cells} | {'missed: ' + ', '.join(over) if over else 'met'} |")
        missed += [
            f"- {name}: {what}: desk: {_parts(mine, what)}; stock: {_parts(theirs, what)}"
            for what in over
        ]
    lines += ["", f"The goal, at most {GOAL:.0%} of stock, is {'missed in:' if missed else 'met.'}"]
    return lines + missed, not missed


def _parts(side: dict[str, dict[str, int]], what: str) -> str:
    """Where the effort goes."""
    parts = side.get(what, {})
    return ", ".join(f"{part} {number}" for part, number in parts.items()) or "none"


def _cell(mine: int, theirs: int) -> str:
    ratio = f" ({mine / theirs:.2f})" if theirs else ""
    return f"{mine} / {theirs}{ratio}"


def _side_by_side(desk: Sequence[Any], stock: Sequence[Any]) -> list[tuple[str, Any, Any]]:
    found = []
    for (name, mine), (other, theirs) in zip(desk, stock, strict=True):
        if name != other:
            message = f"One side measured {name!r}, the other {other!r}."
            raise ValueError(message)
        found.append((name, mine, theirs))
    return found
