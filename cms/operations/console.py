"""Messages printed at the terminal when the server is ready."""

from __future__ import annotations

from cms.operations.demo_accounts import PURPOSES

WILDCARDS = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on


def local_url(host: str, port: int) -> str:
    """The URL at which a browser on this machine reaches a server that listens on `host`."""
    if host in WILDCARDS:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def ready_message(host: str, port: int) -> str:
    """The URLs worth opening first."""
    root = local_url(host, port)
    return (
        f"\nPERKESO CMS is ready (press Ctrl-C to stop).\n"
        f"  Admin              {root}/admin/\n"
        f"  API documentation  {root}/api/v1/docs\n"
        f"  Profile as JSON    {root}/api/v1/resolve?path=/ms/profil/\n"
    )


def demo_accounts_message(passwords: dict[str, str]) -> str:
    """A table of the accounts with their new passwords and purposes, and how to get others."""
    rows = [("Account", "Password", "For")]
    rows += [(name, password, PURPOSES[name]) for name, password in passwords.items()]
    names, shown = (max(len(row[column]) for row in rows) for column in (0, 1))
    table = "".join(
        f"  {name:<{names}}  {password:<{shown}}  {purpose}\n" for name, password, purpose in rows
    )
    return (
        f"\nDemo accounts, one for each group. These passwords are shown only once; "
        f"run `manage.py demo_accounts` to replace them.\n\n{table}"
    )
