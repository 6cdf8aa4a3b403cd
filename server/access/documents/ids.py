"""Ids of documents: hashes, or whatever name the tool that made the manifest gave them.

https://github.com/graphql/graphql-over-http/blob/main/spec/Appendix%20A%20--%20Persisted%20Documents.md
"""

import hashlib
import re

PREFIX = "sha256:"
LONGEST_ID = 200
SHOWN = 12

_ID = re.compile(rf"[!-~]{{1,{LONGEST_ID}}}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII | re.IGNORECASE)


def plain_id(text: str) -> str:
    """The id as it is kept and compared: without `sha256:`, a digest in lower case."""
    plain = text.removeprefix(PREFIX)
    return plain.lower() if _DIGEST.fullmatch(plain) else plain


def is_id(plain: str) -> bool:
    """Whether a request can name a document so: printable ASCII without spaces, not too long."""
    return _ID.fullmatch(plain) is not None


def label_of(plain: str, *, name: str | None) -> str:
    """What people know a document by: its name, where it has one, and the beginning of its id."""
    shown = plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"
    return f"{name} ({shown})" if name else shown


def claims_digest(text: str) -> bool:
    """Whether an id says that it is the SHA-256 of the document's text."""
    return text.startswith(PREFIX) or _DIGEST.fullmatch(text) is not None


def digest_of(text: str) -> str:
    """The SHA-256 of a document's text, as its id."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
