"""Web addresses: which ones a reader may be sent to."""

import ipaddress
import re
from functools import lru_cache

LONGEST_URL = 2048

_URL = re.compile(
    r"https?://(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<host>[a-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_UNFIT = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"\\\ud800-\udfff\ufdd0-\ufdef\ufff0-\uffff]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def is_web_url(url: str) -> bool:
    """Whether an address is an absolute http(s) URL of a host that can exist, without a name and password in it.

    Hosts are in ASCII (an international name in its `xn--` form); the rest may hold any letter.
    """
    return len(url) <= LONGEST_URL and _is_web_url(url)


@lru_cache(maxsize=1024)
def _is_web_url(url: str) -> bool:
    found = None if _UNFIT.search(url) else _URL.fullmatch(url)
    if found is None or int(found["port"] or 80) not in range(1, 65536):
        return False
    return _is_address(found["six"]) if found["six"] else _is_host(found["host"].lower())


def _is_host(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        return _is_address(host)
    return len(host) <= 253 and all(_is_label(label) for label in labels)


def _is_label(label: str) -> bool:
    if label.startswith("xn--"):
        try:
            return bool(label.encode().decode("idna"))
        except UnicodeError:
            return False
    return _LABEL.fullmatch(label) is not None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
