"""Text made comparable: what a reader would call the same."""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[\W_]+")


class _Folded(dict[int, str | None]):
    """What each character of a decomposed text becomes; those of ASCII are kept, for most text is of them."""

    def __missing__(self, point: int) -> str | None:
        """Marks that stand beside a letter, as vowels do in Hindi, are neither punctuation nor symbols."""
        char = chr(point)
        if unicodedata.combining(char):
            return None
        return " " if unicodedata.category(char)[0] in "PS" else char


_FOLDED = _Folded()
_FOLDED.update({point: _FOLDED[point] for point in range(128)})


def fold(text: str) -> str:
    """The text with case and accents folded, punctuation and symbols spaces, as lists are ordered by.

    A reader looks for `¿Cómo…?` at C. The keys of answers are kept: whoever changes what this gives migrates them.
    """
    return " ".join(unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDED).split())


def match_key(text: str) -> str:
    """The words alone, folded: equal for two questions, names or titles that differ in punctuation only."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """`match_key` of a topic or a source, which many drafts name: not of what a reader typed, for it is kept."""
    return match_key(name)
