"""What is embedded: of an answer its question and how it opens, of a query what it asks for."""

import hashlib
from collections.abc import Sequence

from server.content.reads.indexing import Indexed
from server.search.semantic.folder import Parts
from server.search.terms import LONGEST_QUERY, Term

OPENING = 300
"""Characters of the text that are embedded."""


def passage(answer: Indexed) -> Parts:
    """The question by itself, and once more with the title, where it is another, and the beginning of the text.

    What is asked resembles the question of its answer more than the text: the question alone counts for half.
    """
    parts = [answer.question, *([answer.title] if answer.title != answer.question else [])]
    room = OPENING
    for section in answer.sections:
        if room <= 0:
            break
        text = section.text[:room]
        parts.append(text)
        room -= len(text)
    return answer.question, "\n".join([part for part in parts if part])


def digest(parts: Parts) -> bytes:
    """Tells whether a vector was made of this very text."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def wish(query: str, terms: Sequence[Term]) -> str:
    """What a query asks for: all that was typed but what must not be there; empty where it asks for nothing."""
    if not any(not each.is_excluded for each in terms):
        return ""
    if not any(each.group for each in terms):
        return query[:LONGEST_QUERY].encode("utf-8", "replace").decode()
    return " ".join([each.text for each in terms if not each.is_excluded])
