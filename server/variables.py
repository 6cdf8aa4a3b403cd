"""Reads what the variables of the environment hold; every fault names its variable."""

import ipaddress
from enum import StrEnum
from typing import TypeAlias, TypeVar

from server.errors.machine import SetupError

SHORTEST_TOKEN = 16
_UNFIT = '{}<>"\\^`| \t\r\n'
"""What no address holds: https://www.rfc-editor.org/rfc/rfc3986#appendix-A."""
REDIS_SCHEMES = ("redis", "rediss", "valkey", "valkeys", "unix")

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


def entries(text: str) -> tuple[str, ...]:
    """What a list with commas between its entries holds."""
    return tuple(filter(None, (each.strip() for each in text.split(","))))


def networks(name: str, text: str) -> tuple[Network, ...]:
    """The networks that a list names; raises SetupError."""
    try:
        return tuple(ipaddress.ip_network(each, strict=False) for each in entries(text))
    except ValueError as error:
        raise SetupError(f"{name}: {error}. Name addresses or networks, as in `10.0.0.7, 192.168.0.0/16`.") from None


def redis_url(name: str, text: str | None) -> str | None:
    """The URL of a Redis, or None; raises SetupError for another scheme."""
    if text and text.partition("://")[0] not in REDIS_SCHEMES:
        raise SetupError(f"{name} has another scheme: it begins with `{'://`, `'.join(REDIS_SCHEMES)}://`.")
    return text or None


def http_url(name: str, text: str | None) -> str | None:
    """A URL that is called by HTTP, or None; raises SetupError for another."""
    if text and text.partition("://")[0] not in ("http", "https"):
        raise SetupError(f"{name} has another scheme: it begins with `http://` or `https://`.")
    return text or None


def choice(kind: type[ChoiceT], name: str, *, text: str) -> ChoiceT:
    """The member that a text names; raises SetupError."""
    try:
        return kind(text)
    except ValueError:
        choices = "`, `".join(kind)
        raise SetupError(f"{name} is `{text}`: set it to one of `{choices}`.") from None


def token(name: str, text: str | None) -> str | None:
    """A token that is long enough, or None; raises SetupError."""
    if text and len(text) < SHORTEST_TOKEN:
        raise SetupError(f"{name} is too short: set it to {SHORTEST_TOKEN} characters or more, chosen by chance.")
    return text or None


def whole_number(name: str, text: str, *, highest: int) -> int:
    """A whole number from 0 on; raises SetupError."""
    if not text.isdecimal() or int(text) > highest:
        raise SetupError(f"{name} is `{text}`: set it to a whole number from 0 to {highest}.")
    return int(text)


def answer_address(name: str, text: str | None) -> str | None:
    """A web address with the places in it that are filled in."""
    if not text:
        return None
    filled = text.replace("{slug}", "").replace("{locale}", "")
    if not text.startswith(("https://", "http://")) or "{slug}" not in text or set(filled) & set(_UNFIT):
        raise SetupError(f"{name} is no address of an answer: set it as in `https://example.org/answers/{{slug}}`.")
    return text
