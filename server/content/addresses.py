"""Web addresses: which ones a reader may be sent to."""

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST_URL = 2048

_UNFIT = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"\\\ud800-\udfff\ufdd0-\ufdef\ufff0-\uffff]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def is_web_url(url: str) -> bool:
    """Whether an address is an absolute http(s) URL of a host that can exist, without a name and password in it.

    Hosts are in ASCII (an international name in its `xn--` form); the rest may hold any letter.
    """
    if len(url) > LONGEST_URL or _UNFIT.search(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_plain = parts.scheme in {"http", "https"} and url[:8].lower().startswith(("http://", "https://"))
    return is_plain and "@" not in parts.netloc and port != 0 and _is_host(parts.hostname or "")


def _is_host(host: str) -> bool:
    if ":" in host:
        return _is_address(host)
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
