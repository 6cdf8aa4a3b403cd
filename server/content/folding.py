"""Text made comparable: what a reader would call the same."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The text with case and accents folded, punctuation and symbols spaces, as lists are ordered by.

    A reader looks for `¿Cómo…?` at C. The keys of answers are kept: whoever changes what this gives migrates them.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join([_spaced(char) for char in decomposed if not unicodedata.combining(char)])
    return " ".join(plain.split())


def _spaced(char: str) -> str:
    """Marks that stand beside a letter, as vowels do in Hindi, are neither punctuation nor symbols."""
    return " " if unicodedata.category(char)[0] in "PS" else char


def match_key(text: str) -> str:
    """The words alone, folded: equal for two questions, names or titles that differ in punctuation only."""
    return _NOT_WORD.sub(" ", fold(text)).strip()
