"""One side's process: sets up the desk's test project, with the desk or without; answers JSON."""

from __future__ import annotations

import contextlib
import json
import runpy
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

DESK = "wagtail_localize_desk"
#: The desk needs it to be off.
NEEDED_BY_DESK = "WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE"


def main(arguments: Sequence[str]) -> int:
    """Measure the side `arguments[0]`: so many changes, and so many strings each time."""
    side, changes, *sizes = arguments
    with set_up(with_desk=side == "desk"):
        from benchmarks.translation.content import prepare
        from benchmarks.translation.queries import count_queries

        user = prepare()
        found: dict[str, Any] = {}
        # First, as what waits for a translator is a short list then.
        if int(changes):
            from benchmarks.translation.effort import count_effort

            found["effort"] = count_effort(int(changes), user, with_desk=side == "desk")
        numbers = [int(size) for size in sizes]
        found["queries"] = count_queries(numbers, user, with_desk=side == "desk")
    print(json.dumps(found))
    return 0


@contextlib.contextmanager
def set_up(*, with_desk: bool) -> Iterator[None]:
    """Set Django up in the test project, with a new database until the end."""
    values = runpy.run_path("tests/settings.py")
    configured = {name: value for name, value in values.items() if name.isupper()}
    configured["ALLOWED_HOSTS"] = ["127.0.0.1", "testserver"]
    # wagtail-localize's calls are refused without its cookie.
    configured["MIDDLEWARE"] = [*values["MIDDLEWARE"], "django.middleware.csrf.CsrfViewMiddleware"]
    if not with_desk:
        configured["INSTALLED_APPS"] = [app for app in values["INSTALLED_APPS"] if app != DESK]
        del configured[NEEDED_BY_DESK]
    with tempfile.TemporaryDirectory(prefix="translation-bench-") as folder:
        configured["MEDIA_ROOT"] = folder
        database = configured["DATABASES"]["default"]
        name = "with_desk" if with_desk else "stock"
        database["TEST"] = {"NAME": f"bench_translation_{name}"}
        if database["ENGINE"].endswith("sqlite3"):
            # In a file, as the server's threads have connections of their own.
            database |= {"NAME": str(Path(folder) / "none"), "OPTIONS": {"timeout": 60}}
            database["TEST"] = {"NAME": str(Path(folder) / name)}
        import django
        from django.conf import settings

        settings.configure(**configured)
        django.setup()
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(str(database.get("NAME")), verbosity=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
