"""Which short stretches of text are headings: by what they are like and by what follows."""

import re
from collections.abc import Sequence

from server.importers.medquad.pieces import Piece, ends_sentence

_LONGEST = 90
_LONGEST_KEY_POINT = 250
_MOST_WORDS = 12
_MOST_PLAIN_WORDS = 8
"""Of a heading that is not written as a title."""
_LONGEST_ITEM = 250
_SHORT_WORDS = 4
"""Letters of a word that has a capital in a title."""
_ANNOUNCING = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "for", "from", "had", "has", "have",
        "if", "in", "include", "included", "includes", "including", "involve", "involves", "is", "like", "may",
        "mean", "means", "might", "not", "of", "on", "or", "should", "such", "than", "that", "the", "these",
        "to", "was", "were", "when", "where", "which", "who", "will", "with",
    }
)  # fmt: skip
_ASKING = r"(?:What(?:['’]s)?|How|Is|Are|Who|Why|When|Where|Which|Can|Could|Do|Does|Will|Should)\b(?:[^.!?]|\.(?! ))"
_QUESTION = re.compile(rf"{_ASKING}{{2,200}}\?(?= [A-Z0-9\"(])")
_ASKED = re.compile(rf"{_ASKING}{{2,110}}\?")
_ADDRESS = re.compile(r"\byour?\b", re.IGNORECASE)
"""What addresses the reader is no heading."""


def is_short(text: str) -> bool:
    """Whether a stretch of text is no sentence, and short enough to be a heading or an item."""
    return len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and not ends_sentence(text) and text[-1] != ","


def announces(text: str) -> bool:
    """Whether a list must follow, for the text ends in the middle of a sentence or with a colon."""
    words = text.split()
    return text.endswith(":") or (not ends_sentence(text) and words[-1].lower() in _ANNOUNCING)


def is_title(text: str) -> bool:
    """Whether most of the longer words of a text begin with a capital, and there is more than one word."""
    words = [word.strip("\"'(),") for word in text.split()]
    longer = [word for word in words if len(word) >= _SHORT_WORDS]
    capital = [word for word in longer if not word[0].islower()]
    return len(words) > 1 and bool(longer) and len(capital) * 3 > len(longer) * 2


def can_head(text: str) -> bool:
    """Whether a stretch of text may be the heading of what follows."""
    if not is_short(text) or text[0].islower() or not text[0].isalnum() or ":" in text or announces(text):
        return False
    is_plain = "," not in text and len(text.split()) <= _MOST_PLAIN_WORDS and not text[0].isdigit()
    return is_title(text) or is_plain


def can_be_item(text: str) -> bool:
    """Whether a stretch of text after the announcement of a list may be an item of it."""
    return len(text) <= _LONGEST_ITEM and not ends_sentence(text)


def tells_points(text: str) -> bool:
    """Whether a text lists its key points."""
    return "Key Points" in text


def is_key_point(line: Sequence[Piece], following: Sequence[Piece]) -> bool:
    """Whether a line alone, right above another one, is the point that the text below explains."""
    if len(line) != 1 or line[0].is_item or following[0].blanks or len(line[0].text) > _LONGEST_KEY_POINT:
        return False
    is_wrapped = following[0].text[0].islower() or line[0].text.endswith(",")
    return not is_wrapped and not line[0].text[0].islower() and not following[0].is_item


def is_question(text: str) -> bool:
    """Whether a stretch of text is one question, and nothing else."""
    return _ASKED.fullmatch(text) is not None


def split_question(text: str) -> tuple[str, str] | None:
    """The question that a stretch of text opens with, and the rest; None where it opens with none."""
    question = _QUESTION.match(text)
    if question is None or _ADDRESS.search(question[0]):
        return None
    return question[0], text[question.end() :].strip()
