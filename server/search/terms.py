"""What a reader typed, taken apart: words to look for, phrases that must be there, what must not be there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.content.words import LONGEST_WORD, folded, language, words
from server.search.analysis import term

LONGEST_QUERY = 2_000
"""Characters of a query that are read; the rest is left aside."""

MOST_WORDS = 300
"""Words of a query that are read."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PART = re.compile(r'((?<!\S)[-+])?"([^"]*)"|((?<!\S)[-+](?=\w))?([^\s"]+)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A word of a query; `start` and `end` are its place there."""

    start: int
    end: int
    text: str
    folded: str
    stem: str
    """What the index has of it; empty for a word that is too long to be found."""
    group: int = 0
    """The phrase that it belongs to, which has to match word by word; 0 where it stands alone."""
    is_excluded: bool = False


def read_terms(query: str, locale: str) -> tuple[Term, ...]:
    """The words of a query in its order: at most `MOST_WORDS` of its first `LONGEST_QUERY` characters.

    `"a phrase"` and `+word` have to be there, `-word` and `-"a phrase"` must not be; a quote without its fellow says
    nothing, two hyphens are a dash, and a word that goes on beyond those characters is left aside.
    """
    spoken = language(locale)
    read = query[:LONGEST_QUERY].translate(_QUOTES)
    found = [
        each
        for number, match in enumerate(_PART.finditer(read), start=1)
        for each in _terms(match, number, spoken=spoken)
    ]
    if found and _goes_on(query, found[-1]):
        found.pop()
    return tuple(found[:MOST_WORDS])


def _goes_on(query: str, last: Term) -> bool:
    """Whether a word is the beginning of one that is cut at the end of what is read."""
    if last.end < LONGEST_QUERY:
        return False
    whole = next(words(query[last.start : last.end + LONGEST_WORD]))
    return len(last.text) < len(whole.text) <= LONGEST_WORD


def _terms(match: re.Match[str], number: int, *, spoken: str) -> Iterator[Term]:
    sign = match[1] or match[3]
    text, start = (match[4], match.start(4)) if match[2] is None else (match[2], match.start(2))
    for word in words(text):
        yield Term(
            start=start + word.start,
            end=start + word.end,
            text=word.text,
            folded=folded(word.text, spoken),
            stem=term(word.text, spoken),
            group=number if sign or match[2] is not None else 0,
            is_excluded=sign == "-",
        )
