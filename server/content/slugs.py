"""Slugs: the readable, stable name that a question gets where its author gave it none."""

import hashlib

from slugify import slugify

_LONGEST = 120
_HASH_LENGTH = 8


def slug_of(question: str) -> str:
    """The slug of a question: lower-case ASCII words joined by hyphens, at most 120 characters, never empty.

    A slug that would be longer is cut at a word and ends with a hash of the question, so that two questions with the
    same opening differ; a question without a letter or digit has the hash alone.
    """
    slug: str = slugify(question, entities=False, decimal=False, hexadecimal=False)
    if not slug:
        return _hash(question)
    if len(slug) <= _LONGEST:
        return slug
    return f"{_cut(slug, _LONGEST - _HASH_LENGTH - 1)}-{_hash(question)}"


def _cut(slug: str, length: int) -> str:
    if slug[length] == "-":
        return slug[:length]
    return slug[:length].rpartition("-")[0] or slug[:length]


def _hash(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:_HASH_LENGTH]
