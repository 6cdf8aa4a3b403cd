"""Names of documents and of callers that are none: ids, hashes, keys."""

import hashlib

from tests.journeys.hostile.sending import Hostile, sent

TEXT = "{ __typename }"
ZEROS = "0" * 64
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
NOT_FOUND, MISMATCH, UNSUPPORTED = "DOCUMENT_NOT_FOUND", "DOCUMENT_HASH_MISMATCH", "PERSISTED_QUERY_NOT_SUPPORTED"


def named(document_id: object, code: str = NOT_FOUND, **parameters: object) -> Hostile:
    """A POST of a document's id."""
    return sent({"documentId": document_id, **parameters}, code=code)


def hashed(persisted: object, code: str = UNSUPPORTED, **parameters: object) -> Hostile:
    """A POST in Apollo's protocol of persisted queries."""
    return sent({"extensions": {"persistedQuery": persisted}, **parameters}, code=code)


def of_version(number: object, hash_: object = ZEROS) -> dict[str, object]:
    """What Apollo's protocol says of a query."""
    return {"version": number, "sha256Hash": hash_}


DOCUMENTS = {
    "an id that is none": named("sha256:00"),
    "a hash of nothing": named(f"sha256:{ZEROS}"),
    "an empty id": named(""),
    "an id that is a NUL": named("\0"),
    "an id of SQL": named("' or true; --"),
    "an id of 500,000 characters": named("a" * 500_000),
    "a lone surrogate in an id": named("\ud800", "BAD_REQUEST"),
    "an id that is a number": named(1, "BAD_REQUEST"),
    "an id that is an object": named({"sha256": ZEROS}, "BAD_REQUEST"),
    "no id and no query": named(None, "BAD_REQUEST"),
    "an id of another text": named(f"sha256:{ZEROS}", MISMATCH, query=TEXT),
    "an id and the hash of another": named(
        "other", "BAD_REQUEST", extensions={"persistedQuery": of_version(1)}, query=TEXT
    ),
    "an id with its text, which nobody registered": sent({"documentId": HASH, "query": TEXT}, 200, None),
    "a persisted query that is not": hashed(of_version(1)),
    "a persisted query of version 2": hashed(of_version(2)),
    "a persisted query of version 1.0": hashed(of_version("1.0")),
    "a persisted query without a hash": hashed({"version": 1}, "BAD_REQUEST"),
    "a persisted query with a hash of a number": hashed(of_version(1, 0), "BAD_REQUEST"),
    "a persisted query with half a hash": hashed(of_version(1, "0" * 32)),
    "a persisted query that is a list": hashed([ZEROS], "BAD_REQUEST"),
    "a persisted query that is empty": hashed({}, "BAD_REQUEST"),
    "a persisted query that is null": hashed(None, "BAD_REQUEST"),
    "a persisted query of another text": hashed(of_version(1), MISMATCH, query=TEXT),
    "a persisted query with its text": sent(
        {"extensions": {"persistedQuery": of_version(1, HASH)}, "query": TEXT}, 200, None
    ),
}


def keyed(authorization: str) -> Hostile:
    """A POST with what stands for a key."""
    return sent({"query": TEXT}, 401, "KEY_INVALID", authorization=authorization)


KEYS = {
    "a key of zeros": keyed(f"Bearer caveat_sk_{'0' * 12}_{'0' * 36}"),
    "a key of another form": keyed(f"Bearer caveat_ak_{'0' * 12}_{'0' * 36}"),
    "a key that is too short": keyed(f"Bearer caveat_sk_{'0' * 12}_{'0' * 35}"),
    "a key of SQL": keyed("Bearer ' or true; --"),
    "a key of Latin-1": keyed(f"Bearer caveat_sk_{'é' * 12}_{'0' * 36}"),
    "a key of 8,000 characters": keyed(f"Bearer {'a' * 8_000}"),
    "no key behind the scheme": keyed("Bearer"),
    "a password": keyed("Basic dXNlcjpwYXNzd29yZA=="),
    "a token of a JWT": keyed("Bearer eyJhbGciOiJub25lIn0.e30."),
    "two keys in one": keyed(f"Bearer caveat_sk_{'0' * 12}_{'0' * 36}, Bearer caveat_sk_{'1' * 12}_{'0' * 36}"),
}
"""Fewer than are looked at in a minute."""

FAMILIES = {"names of documents": DOCUMENTS, "keys": KEYS}
