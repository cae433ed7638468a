"""The tables: the desk's figures, those of wagtail-localize alone, and their ratios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: What the desk may need of stock's keystrokes and clicks together, and of its page loads.
GOAL = 0.5
COUNTED = {"acts": ("keys", "clicks"), "loads": ("loads",)}
SHOWN = (("keys",), ("clicks",), *COUNTED.values(), ("letters",))


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

    Keystrokes and clicks count together: the same step is a key on one side and a click on the
    other. Stock's translator opens each string with a click and saves it with a key, and the desk's
    needs the key alone. Half of stock's keys alone would be less than one for each string.
    """
    lines = [
        "| effort: desk / stock | keystrokes | clicks | both | page loads | letters | goal |",
        "|---|---|---|---|---|---|---|",
    ]
    missed = []
    for name, mine, theirs in _side_by_side(desk, stock):
        totals = {kinds: (_total(mine, kinds), _total(theirs, kinds)) for kinds in SHOWN}
        over = [
            what for what, kinds in COUNTED.items() if totals[kinds][0] > GOAL * totals[kinds][1]
        ]
        cells = " | ".join(_cell(*pair) for pair in totals.values())
        lines.append(f"| {name} | {cells} | {'missed: ' + ', '.join(over) if over else 'met'} |")
        missed += [
            f"- {name}: {kind}: desk: {_parts(mine, kind)}; stock: {_parts(theirs, kind)}"
            for what in over
            for kind in COUNTED[what]
        ]
    lines += ["", f"The goal, at most {GOAL:.0%} of stock, is {'missed in:' if missed else 'met.'}"]
    return lines + missed, not missed


def _total(side: dict[str, dict[str, int]], kinds: Sequence[str]) -> int:
    return sum(sum(side.get(kind, {}).values()) for kind in kinds)


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
