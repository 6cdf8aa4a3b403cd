"""Anchors: the names by which the sections of an answer are addressed, made of their headings."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from slugify import slugify

OPENING = "opening"
"""The anchor of the part before the first heading; no heading takes it."""

_LONGEST = 80


def anchors(headings: Sequence[str | None]) -> list[str]:
    """An anchor for each heading, unique within the answer; None is a part without a heading.

    The first section of a heading bears its slug, later ones `-2`, `-3` and so on, passing over what is another
    heading's own slug: so an anchor stays while its heading stays and no equal one comes before it.
    """
    slugs = [OPENING if heading is None else slug(heading) for heading in headings]
    taken: set[str] = {OPENING, *slugs}
    seen = set() if None in headings else {OPENING}
    if OPENING in slugs and None in headings:
        return _number(slugs, seen, taken, first_opening=list(headings).index(None))
    return _number(slugs, seen, taken, first_opening=-1)


def _number(slugs: Sequence[str], seen: set[str], taken: set[str], *, first_opening: int) -> list[str]:
    found = []
    for place, bare in enumerate(slugs):
        is_first = place == first_opening if bare == OPENING else bare not in seen
        anchor = bare if is_first else _next(bare, taken)
        seen.add(bare)
        taken.add(anchor)
        found.append(anchor)
    return found


def _next(bare: str, taken: set[str]) -> str:
    number = 2
    while f"{bare}-{number}" in taken:
        number += 1
    return f"{bare}-{number}"


@lru_cache(maxsize=4096)
def slug(heading: str) -> str:
    """The slug of a heading in ASCII; a short hash of one that has no letter or digit to be spelled by."""
    spelled: str = slugify(
        heading, entities=False, decimal=False, hexadecimal=False, max_length=_LONGEST, word_boundary=True
    )
    return spelled or hashlib.sha256(heading.encode()).hexdigest()[:12]
