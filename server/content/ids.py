"""Ids as clients see them: globally unique, opaque, and stable across revisions.

An id is base64url of a byte that names the type, the sixteen bytes of a UUID and, for what lives inside an answer, a
key.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from uuid import UUID


class NodeKind(StrEnum):
    """The types that `node` takes back."""

    ANSWER = "a"
    SECTION = "s"
    QUESTION = "q"
    DISCLAIMER = "d"
    SOURCE = "r"
    TOPIC = "t"


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeId:
    """A decoded id; `key` is the anchor of a section or the key of a follow-up question, else empty."""

    kind: NodeKind
    uuid: UUID
    key: str = ""


MOST_ENCODED = 16_384
"""Ids that are remembered: those of what is read again and again."""

_KEYED = (NodeKind.SECTION, NodeKind.QUESTION)


@lru_cache(maxsize=MOST_ENCODED)
def encode_id(kind: NodeKind, uuid: UUID, *, key: str = "") -> str:
    """The global id of an object."""
    raw = kind.value.encode() + uuid.bytes + key.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_id(text: str) -> NodeId | None:
    """What a global id names; None for anything that `encode_id` did not write."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        node = NodeId(kind=NodeKind(raw[:1].decode()), uuid=UUID(bytes=raw[1:17]), key=raw[17:].decode())
    except (binascii.Error, UnicodeError, ValueError):
        return None
    if bool(node.key) != (node.kind in _KEYED) or encode_id.__wrapped__(node.kind, node.uuid, key=node.key) != text:
        return None
    return node


def content_id(*parts: str) -> str:
    """An id that changes whenever any of the parts does: 22 characters of their SHA-256."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
