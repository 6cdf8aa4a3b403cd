"""Text made comparable: what a reader would call the same."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The text with case, accents and runs of white space folded, as lists are ordered by."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join([char for char in decomposed if not unicodedata.combining(char)])
    return " ".join(plain.split())


def match_key(text: str) -> str:
    """The words alone, folded: equal for two questions, names or titles that differ in punctuation only."""
    return _NOT_WORD.sub(" ", fold(text)).strip()
