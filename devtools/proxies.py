"""What tests and benchmarks have in common of the nginx and the Varnish that they start."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
VARNISH_UNIT = DEPLOY / "systemd" / "varnish.service.d" / "perkeso-cms.conf"


def temporary_folders(folder: Path) -> str:
    """nginx's directives by which it writes below `folder` instead of where its package says."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in kinds)


def varnish_bounds() -> list[str]:
    """The options of `deploy/` for Varnish's storage and parameters, as arguments."""
    command = VARNISH_UNIT.read_text(encoding="utf-8").rpartition("ExecStart=")[2]
    arguments = pairwise(shlex.split(command.replace("\\\n", " ")))
    return [one for option, value in arguments if option in ("-s", "-p") for one in (option, value)]
