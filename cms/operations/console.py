"""Messages printed at the terminal when the server is ready."""

from __future__ import annotations

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
    """User names with their new passwords, and how to get others."""
    width = max(len(name) for name in passwords)
    rows = "".join(f"  {name:<{width}}  {password}\n" for name, password in passwords.items())
    return (
        f"\nDemo accounts. These passwords are shown only once; "
        f"run `manage.py demo_accounts` to replace them.\n{rows}"
    )
