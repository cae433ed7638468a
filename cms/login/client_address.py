"""The address of the client that sent a request."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

#: One customer of an IPv6 provider has at least this many addresses to choose from.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str | None:
    """The client's address; for IPv6 the first address of its network. None if it is unknown.

    Each of `settings.TRUSTED_PROXIES` proxies appends to `X-Forwarded-For` the address that it was
    called from. Entries further left come from the client and may say anything.
    """
    address = _parse(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = _parse(entries[-settings.TRUSTED_PROXIES :][0]) or address
    if address is None:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            network = ip_network((address, IPV6_PREFIX), strict=False)
            return str(network.network_address)
        address = address.ipv4_mapped
    return str(address)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None
