"""The notices that a page bears, and what they say of how it was made."""

import re
from collections.abc import Sequence

from server.content.draft import Notice
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement, ProductionMethod
from server.importers.page.wording import (
    ABOUT_ITSELF,
    BY_MACHINE,
    DENIAL,
    EDITED,
    EDUCATIONAL,
    ERRING,
    GOES_ON,
    HEADING,
    ITSELF,
    LABEL,
    NOT_BY_MACHINE,
    PARTING,
    PURPOSE,
    REVIEWED,
    UNREVIEWED,
    WITH_MACHINE,
)

_LONGEST_HEADING = 100
_MOST_WORDS = 6
_LONGEST_PARTING = 300
_SHORT = 60
_SEEN = 3000
"""A notice shows itself in its first characters."""
_SENTENCE = re.compile(r"(?<=[.!?。])\s*")


def is_notice(text: str) -> bool:
    """Whether a passage is a notice beyond doubt: it says what the page is for, what it is not, or that AI wrote it."""
    seen = text[:_SEEN]
    if LABEL.match(seen) or ERRING.match(seen):
        return True
    if PURPOSE.search(seen) or ABOUT_ITSELF.search(seen) or (len(seen) <= _SHORT and DENIAL.search(seen)):
        return True
    is_told = DENIAL.search(seen) or BY_MACHINE.search(seen) or WITH_MACHINE.search(seen)
    return is_told is not None and ITSELF.search(seen) is not None


def is_parting(text: str) -> bool:
    """Whether a passage tells the reader, as pages end, to turn to a professional always; a label may open it."""
    if len(text) > _LONGEST_PARTING:
        return False
    label, colon, rest = text.partition(":")
    return PARTING.search(rest.lstrip() if colon and is_notice_heading(label) else text) is not None


def goes_on(text: str) -> bool:
    """Whether a passage can be the next paragraph of a notice."""
    return is_notice(text) or GOES_ON.search(text[:_SEEN]) is not None


def is_notice_heading(text: str) -> bool:
    """Whether a line heads a notice."""
    is_sentence = text.endswith((".", "!")) and len(text.split()) > _MOST_WORDS
    return len(text) <= _LONGEST_HEADING and not is_sentence and HEADING.fullmatch(text) is not None


def notice(heading: str | None, paragraphs: Sequence[str], *, placement: DisclaimerPlacement) -> Notice:
    """The notice in the page's own words, of the most specific kind that they say."""
    text = "\n\n".join(paragraphs)
    return Notice(kind=_kind(f"{heading or ''}\n{text}"), placement=placement, heading=heading, text=text)


def _kind(words: str) -> DisclaimerKind:
    if method_of(words) is ProductionMethod.AI_GENERATED:
        return DisclaimerKind.AI_GENERATED
    return DisclaimerKind.EDUCATIONAL if EDUCATIONAL.search(words) else DisclaimerKind.INFORMATIONAL


def method_of(words: str) -> ProductionMethod | None:
    """How a notice says that the page was made; None where it does not say."""
    if NOT_BY_MACHINE.search(words):
        return ProductionMethod.HUMAN_WRITTEN
    if WITH_MACHINE.search(words):
        return ProductionMethod.AI_ASSISTED
    if BY_MACHINE.search(words) is None:
        return None
    return ProductionMethod.AI_ASSISTED if _says(EDITED, words) else ProductionMethod.AI_GENERATED


def says_reviewed(words: str) -> bool:
    """Whether a notice says that people reviewed the page."""
    return _says(REVIEWED, words)


def _says(care: re.Pattern[str], words: str) -> bool:
    """Tells whether a sentence says that people took this care, and not that they did not."""
    return any(care.search(each) and not UNREVIEWED.search(each) for each in _SENTENCE.split(words))
