#!/usr/bin/env python
"""Run Django's management commands for PERKESO CMS."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.development")
    from django.core.management import execute_from_command_line

    from cms.settings.environment import EnvironmentSettingError

    try:
        execute_from_command_line(sys.argv)
    except EnvironmentSettingError as problem:
        sys.exit(str(problem))
    except ModuleNotFoundError as problem:
        module = os.environ["DJANGO_SETTINGS_MODULE"]
        if not f"{module}.".startswith(f"{problem.name}."):
            raise
        sys.exit(f"DJANGO_SETTINGS_MODULE names no settings: {module}.")
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run does the rest.")


if __name__ == "__main__":
    main()
