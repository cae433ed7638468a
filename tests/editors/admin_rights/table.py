"""The table of what each account sees and changes, as a file that people read and review."""

from __future__ import annotations

from pathlib import Path

from tests.editors.admin_rights.world import ACCOUNTS

FILE = Path(__file__).with_name("table.md")
#: By address, then by account.
Table = dict[str, dict[str, str]]


def read() -> Table:
    rows = [line for line in FILE.read_text("utf-8").splitlines() if line.startswith("| `")]
    table: Table = {}
    for row in rows:
        address, *cells = (cell.strip() for cell in row.strip("| ").split(" | "))
        cells += [""] * (len(ACCOUNTS) - len(cells))
        table[address.strip("`")] = dict(zip(ACCOUNTS, cells, strict=True))
    return table


def write(table: Table) -> None:
    head = FILE.read_text("utf-8").partition("| Address |")[0]
    lines = [f"| Address | {' | '.join(ACCOUNTS)} |", "| --- " * (len(ACCOUNTS) + 1) + "|"]
    for address, cells in sorted(table.items()):
        lines.append(f"| `{address}` | {' | '.join(cells[name] for name in ACCOUNTS)} |")
    FILE.write_text(head + "\n".join(lines) + "\n", "utf-8")
