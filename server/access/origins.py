"""Origins of web pages: `https://app.example.org`, and `https://*.example.org` for whatever lies below a domain."""

import re
from collections.abc import Iterable
from functools import lru_cache

from server.errors.content import RefusedError

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])"
_PATTERN = re.compile(rf"(https?|capacitor|ionic)://(\*\.)?({_HOST})(:[0-9]{{1,5}})?", re.ASCII)
_LOCAL = {"localhost", "127.0.0.1", "[::1]"}
_STANDARD_PORTS = {"https": ":443", "http": ":80"}


def check_origin(pattern: str) -> str:
    """The pattern as it is kept; raises RefusedError for one that is no origin, or would let in too much."""
    text = pattern.strip().lower()
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise RefusedError(
            f"`{pattern}` is no origin: write scheme and host, and the port if it has one, as in "
            "`https://app.example.org` or `https://*.example.org`."
        )
    scheme, star, host, port = found.groups()
    if star and "." not in host:
        raise RefusedError(f"`{pattern}` would let in a whole top-level domain: name a domain below it.")
    if scheme != "https" and (star or host not in _LOCAL):  # a developer's page, or an app's web view
        raise RefusedError(f"`{pattern}` is not encrypted: name it with https.")
    return f"{scheme}://{star or ''}{host}{'' if port in (None, _STANDARD_PORTS.get(scheme)) else port}"


def is_allowed(origin: str, patterns: Iterable[str]) -> bool:
    """Whether an origin, as a browser sends it, is one of those that the patterns name."""
    return any(origin == pattern or ("*" in pattern and _below(pattern).fullmatch(origin)) for pattern in patterns)


@lru_cache(maxsize=1024)
def _below(pattern: str) -> re.Pattern[str]:
    scheme, _, domain = pattern.partition("*.")
    return re.compile(rf"{re.escape(scheme)}(?:{_LABEL}\.)+{re.escape(domain)}", re.ASCII)
