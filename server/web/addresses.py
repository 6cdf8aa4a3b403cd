"""The address that a request comes from: that of its connection, or what the proxies say that somebody named.

Every proxy adds the address that it was called from at the end of `X-Forwarded-For`, so the last one there that is no
proxy's is true, and whatever stands before it was sent by the caller. `Forwarded` (RFC 7239) is not read: a proxy that
writes one of the two hands on the other as it came. IPv6 counts by /64, which is what one household or server is given.
"""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.types import Scope

from server.variables import Network

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 80
"""Characters of an address with its zone and port."""

ADDRESS = "address"
"""The key in a connection's scope of the address that it comes from."""


class Addresses:
    """Finds the address behind a connection."""

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        self._proxies = tuple(proxies)

    def note(self, scope: Scope) -> None:
        """Writes down where a connection comes from, for `address_of` to read."""
        client = scope.get("client")
        if not client:
            scope[ADDRESS] = ""
        elif self._proxies:
            scope[ADDRESS] = self._find(str(client[0]), scope)
        else:
            scope[ADDRESS] = _peer(str(client[0]))

    def _find(self, peer: str, scope: Scope) -> str:
        address = _parsed(peer)
        if address is None or not self._is_proxy(address):
            return peer if address is None else _counted(address)
        for text in reversed(_forwarded(scope)):
            said = _parsed(text)
            if said is None:
                break  # whatever comes before it is no better
            address = said
            if not self._is_proxy(said):
                break
        return _counted(address)

    def _is_proxy(self, address: Address) -> bool:
        return any(address in network for network in self._proxies)


@lru_cache(maxsize=4096)
def _peer(text: str) -> str:
    """The address of whoever is connected, where that one is no proxy."""
    address = _parsed(text)
    return text if address is None else _counted(address)


def address_of(scope: Scope) -> str:
    """The address that a connection comes from: what is counted by address is counted by this one."""
    return str(scope.get(ADDRESS, ""))


def _forwarded(scope: Scope) -> list[str]:
    return [each for line in Headers(scope=scope).getlist("x-forwarded-for") for each in line.split(",")]


def _parsed(text: str) -> Address | None:
    """The address that a text is, with or without a port; one of IPv4 in the clothes of IPv6 is one of IPv4."""
    return _read(text.strip().strip('"')) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _read(text: str) -> Address | None:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _counted(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
