from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from cms.operations import set_up
from cms.operations.console import demo_accounts_message, ready_message
from cms.operations.server import Server, bind_listener
from cms.settings import environment


class Command(BaseCommand):
    help = "Serve the CMS on HOST and PORT."
    # They run below, once the database is known to answer.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--set-up",
            action="store_true",
            help="Bring everything up to date first, as the set_up command does.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host = environment.HOST.text()
        port = environment.PORT.number(least=1, most=65535)
        workers = environment.WORKERS.number(least=1, most=64)
        threads = environment.THREADS.number(least=1, most=256)
        access_log = environment.ACCESS_LOG.flag()
        # Connections queue here until the server is ready.
        listener = bind_listener(host, port)

        def report(text: str) -> None:
            self.stdout.write(text)
            # Show it at once; each forked process would print buffered text again.
            self.stdout.flush()

        if options["set_up"]:
            passwords = set_up.set_up(report, content=settings.CONTENT_AT_SET_UP)
            if passwords:
                report(demo_accounts_message(passwords))
        else:
            set_up.ensure_data_folder(settings.DATA_DIR)
            set_up.check_database()
            set_up.run_system_checks()

        # The forked server processes must not share a connection.
        connections.close_all()
        Server(
            listener,
            workers=workers,
            threads=threads,
            access_log=access_log,
            scheduler_lock=settings.DATA_DIR / "scheduler.lock" if settings.SCHEDULER else None,
            when_ready=lambda: report(ready_message(host, port)),
        ).run()
