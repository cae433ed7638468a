"""The PostgreSQL template databases of a run."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

import psycopg2
from psycopg2 import sql


def drop_templates(url: str, folder: Path) -> None:
    """Drop the databases named in the files of `folder`."""
    names = [path.read_text(encoding="utf-8") for path in folder.glob("*.postgresql")]
    if not names:
        return
    address = urllib.parse.urlunsplit(urllib.parse.urlsplit(url)._replace(path="/postgres"))
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    connection.close()
