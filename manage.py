#!/usr/bin/env python
"""Django's management commands for PERKESO CMS."""

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
        sys.exit(f"DJANGO_SETTINGS_MODULE names a module that does not exist: {module}.")
    except KeyboardInterrupt:
        sys.exit("Interrupted; run it again to continue.")


if __name__ == "__main__":
    main()
