"""Values of the blocks of a standard page, as they are stored."""

from __future__ import annotations

from typing import Any

RATES = [
    ["Gaji bulanan", "Majikan", "Pekerja"],
    ["Melebihi RM30 tetapi tidak melebihi RM50", "RM 0.70", "RM 0.20"],
    ["Melebihi RM50 tetapi tidak melebihi RM70", "RM 1.10", ""],
]


def table(
    rows: list[list[str]] | None = None, caption: str = "Kadar caruman", **values: Any
) -> dict[str, Any]:
    """A table whose cells are called by their first row and column: `r0c0`."""
    cells = [
        [{"id": f"r{y}c{x}", "text": text} for x, text in enumerate(row)]
        for y, row in enumerate(RATES if rows is None else rows)
    ]
    return {
        "caption": caption,
        "first_row_is_header": True,
        "first_column_is_header": False,
        "rows": cells,
    } | values


def faq() -> dict[str, Any]:
    question = {
        "question": "Siapa mencarum?",
        "answer": "<p>Majikan dan pekerja.</p>",
        "anchor": "siapa-mencarum",
    }
    return {
        "heading": "Soalan lazim",
        "anchor": "soalan-lazim",
        "questions": [{"type": "item", "id": "soalan-1", "value": question}],
    }


def download(document: Any) -> dict[str, Any]:
    file = {"document": document.pk, "language": "ms"}
    return {
        "title": "Borang pendaftaran",
        "form_number": "Borang 1",
        "files": [{"type": "item", "id": "fail-1", "value": file}],
    }


def video() -> dict[str, Any]:
    return {
        "title": "Cara mencarum",
        "video": "https://youtu.be/abcdefghijk?si=penjejak",
        "transcript": "<p>Selamat datang.</p>",
    }


def quote() -> dict[str, Any]:
    return {
        "text": "Perlindungan untuk semua.",
        "source": "Nama contoh",
        "role": "Jawatan contoh",
        "url": "https://contoh.test/ucapan",
    }


def stream(**blocks: Any) -> list[dict[str, Any]]:
    """Stored blocks of the given types; each has its type as its id."""
    return [{"type": name, "id": name, "value": value} for name, value in blocks.items()]
