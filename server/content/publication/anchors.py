"""Anchors: the names by which the sections of an answer are addressed, made of their headings."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import count

from slugify import slugify

OPENING = "opening"
"""The anchor of the part before the first heading; no heading takes it."""

_LONGEST = 80


def anchors(headings: Sequence[str | None]) -> list[str]:
    """An anchor for each heading, unique within the answer; None is a part without a heading.

    The first section of a heading bears its slug, later ones `-2`, `-3` and so on, passing over what is another
    heading's own slug: so an anchor stays while its heading stays and no equal one comes before it.
    """
    slugs = [OPENING if heading is None else _slug(heading) for heading in headings]
    own = {OPENING, *slugs}
    ordinals = {slug: count(2) for slug in own}
    given: dict[str, None] = {}
    for heading, slug in zip(headings, slugs, strict=True):
        may_bear_it = slug not in given and (slug != OPENING or heading is None)
        given[slug if may_bear_it else _numbered(slug, ordinals[slug], own=own)] = None
    return list(given)


def _numbered(slug: str, ordinals: "count[int]", *, own: set[str]) -> str:
    """The slug with its next ordinal, unless that is what another heading is called."""
    return next(anchor for ordinal in ordinals if (anchor := f"{slug}-{ordinal}") not in own)


@lru_cache(maxsize=4096)
def _slug(heading: str) -> str:
    """The slug of a heading in ASCII; a short hash of one that has no letter or digit to be spelled by."""
    spelled: str = slugify(
        heading, entities=False, decimal=False, hexadecimal=False, max_length=_LONGEST, word_boundary=True
    )
    return spelled or hashlib.sha256(heading.encode()).hexdigest()[:12]
