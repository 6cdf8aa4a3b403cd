"""Entity tags, by which a client tells what it has already: RFC 9110, sections 8.8.3 and 13.1.2."""

import hashlib
import re
from base64 import urlsafe_b64encode

from server.web.codings import Coding

_TAGS = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)|\s*,')


def digest_of(body: bytes) -> str:
    """What distinguishes a body from every other one: 120 bits of its hash."""
    return urlsafe_b64encode(hashlib.blake2b(body, digest_size=15).digest()).decode()


def entity_tag(digest: str, media_type: str, *, coding: Coding) -> str:
    """The strong tag of the body with a digest, as a media type and in a coding: each of them is told apart."""
    named = f"{digest}-{media_type.partition('/')[2]}"
    return f'"{named}"' if coding is Coding.IDENTITY else f'"{named}-{coding}"'


def matches(header: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names a tag, weak or strong, or anything at all; not where it can't be read."""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    return tag in _named(header)


def _named(header: str) -> set[str]:
    named, place = set(), 0
    while place < len(header):
        found = _TAGS.match(header, place)
        if found is None:
            return set()
        if found[1] is not None:
            named.add(found[1])
        place = found.end()
    return named
