from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from cms.operations import set_up
from cms.operations.announcement import addresses, passwords_table
from cms.operations.server import Server, reserve
from cms.settings import environment


class Command(BaseCommand):
    help = "Serve the CMS on HOST and PORT."
    # They run when the database is known to answer.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--set-up",
            action="store_true",
            help="First bring everything up to date, as the command set_up does.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host = environment.HOST.text()
        port = environment.PORT.number(least=1, most=65535)
        workers = environment.WORKERS.number(least=1, most=64)
        threads = environment.THREADS.number(least=1, most=256)
        access_log = environment.ACCESS_LOG.flag()
        # Connections wait in the queue until the work below is done.
        listener = reserve(host, port)

        def say(text: str) -> None:
            self.stdout.write(text)
            # Told when it happens; and what is kept back would be told again by each fork.
            self.stdout.flush()

        if options["set_up"]:
            passwords = set_up.set_up(say, content=settings.CONTENT_AT_SET_UP)
            if passwords:
                say(passwords_table(passwords))
        else:
            set_up.data_folder(settings.DATA_DIR)
            set_up.connect()
            set_up.check()

        # A connection must not be shared by the processes that are forked now.
        connections.close_all()
        Server(
            listener,
            workers=workers,
            threads=threads,
            access_log=access_log,
            scheduler_lock=settings.DATA_DIR / "scheduler.lock" if settings.SCHEDULER else None,
            when_ready=lambda: say(addresses(host, port)),
        ).run()
