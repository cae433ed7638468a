"""What the person at the terminal is told when the server is ready."""

from __future__ import annotations

WILDCARDS = {"0.0.0.0", "::"}  # noqa: S104 - told apart here, not listened on


def root_address(host: str, port: int) -> str:
    """The address at which a browser on this machine finds a server that listens on `host`."""
    if host in WILDCARDS:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def addresses(host: str, port: int) -> str:
    """Where to look first."""
    root = root_address(host, port)
    return (
        f"\nPERKESO CMS is ready (Ctrl-C ends it).\n"
        f"  Admin              {root}/admin/\n"
        f"  API documentation  {root}/api/v1/docs\n"
        f"  Profile as JSON    {root}/api/v1/resolve?path=/ms/profil/\n"
    )


def passwords_table(passwords: dict[str, str]) -> str:
    """User names and passwords, with what must be known about them."""
    width = max(len(name) for name in passwords)
    rows = "".join(f"  {name:<{width}}  {password}\n" for name, password in passwords.items())
    return (
        f"\nDemo accounts. The passwords are shown this once; "
        f"`manage.py demo_accounts` makes new ones.\n{rows}"
    )
