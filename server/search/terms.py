"""What a reader typed, taken apart: words to look for, phrases that must be there, what must not be there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.content.words import folded, language, words

LONGEST_QUERY = 500
"""Characters of a query that are read; the rest is left aside."""

MOST_WORDS = 64
"""Words of a query that are read: each has a bit of its own."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PART = re.compile(r'((?<!\S)-)?"([^"]*)"|((?<!\S)-(?=\w))?([^\s"]+)')

# what readers wrap their question in, beside the words that Postgres leaves out; folded
_COMMON = {
    "en": """about also anyone anything could cannot couldn didn doesn dont explain find get getting give got hadn hasn
        haven help hi hello isn know let like many may maybe mean means might much must need needs other please really
        say should show someone something tell thank thanks understand want wants wasn weren without won would wouldn
        yes""",
    "es": """ademas algun alguna ayuda buscar cual cuales cuando cuanta cuanto decir dime donde es explica explicar
        favor gracias hacer hay mas necesita necesito puede pueden puedo que quien quiero saber sabe ser si significa
        sirve son tambien tengo tiene tienen""",
}
_SETS = {spoken: frozenset(each.split()) for spoken, each in _COMMON.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A word of a query; `start` and `end` are its place there."""

    start: int
    end: int
    text: str
    folded: str
    group: int = 0
    """The phrase that it belongs to, which has to match word by word; 0 where it stands alone."""
    is_excluded: bool = False


def read_terms(query: str, locale: str) -> tuple[Term, ...]:
    """The words of a query in its order: at most `MOST_WORDS` of its first `LONGEST_QUERY` characters.

    `"a phrase"` has to be there, `-word` and `-"a phrase"` must not be; a quote without its fellow says nothing. Words
    that only lead up to a question are left out, unless there are no others.
    """
    spoken = language(locale)
    read = query[:LONGEST_QUERY].translate(_QUOTES)
    found = [
        term
        for number, match in enumerate(_PART.finditer(read), start=1)
        for term in _terms(match, number, spoken=spoken)
    ]
    common = _SETS.get(spoken, frozenset())
    telling = [term for term in found if term.group or term.folded not in common]
    if all(term.is_excluded for term in telling):
        telling = found
    return tuple(telling[:MOST_WORDS])


def _terms(match: re.Match[str], number: int, *, spoken: str) -> Iterator[Term]:
    is_excluded = bool(match[1] or match[3])
    is_group = is_excluded or match[2] is not None
    text, start = (match[4], match.start(4)) if match[2] is None else (match[2], match.start(2))
    for word in words(text):
        yield Term(
            start=start + word.start,
            end=start + word.end,
            text=word.text,
            folded=folded(word.text, spoken),
            group=number if is_group else 0,
            is_excluded=is_excluded,
        )
