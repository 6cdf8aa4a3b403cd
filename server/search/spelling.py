"""Misspelt words put right by the words of what is published in the language.

The vocabulary is read from the passages when it is needed, so that a word that was withdrawn, or that stands beyond the
bounds of who asks, is never proposed.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import asyncpg

from server.content.reads.bounds import STRADDLES
from server.content.reads.sight import Sight
from server.content.words import folded, language
from server.search.matching import SPEAKS
from server.search.terms import LONGEST_QUERY, Term

MOST_WORDS = 8
"""Misspelt words of a query that are looked up."""

MOST_ANSWERS = 10_000
"""Answers whose questions, titles and topics are read for their words."""

MOST_SECTIONS = 2_000
"""Sections that are read for their words besides."""

MOST_CANDIDATES = 4_000
"""Words that are compared with the misspelt ones: the most frequent."""

_LONGEST = 32

_OF_LANGUAGE = f"""from passage p join answer a on a.id = p.answer_id
    where a.status = 'PUBLISHED' and {SPEAKS.format(locale="$1::text")}"""

# the words of the language that begin with a letter that a misspelt word begins with, or end as one does
_VOCABULARY = f"""
select word, count(*) as uses
from ((select p.text {_OF_LANGUAGE} and p.position < 0 and {{whole}} limit {MOST_ANSWERS})
      union all (select p.text {_OF_LANGUAGE} and p.position >= 0 limit {MOST_SECTIONS})) t,
    unnest(string_to_array(t.text, ' ')) word
where length(word) between $2::int and $3::int
    and (left(word, 1) = any($4::text[]) or right(word, 3) = any($5::text[]))
group by word order by 2 desc, 1 limit {MOST_CANDIDATES}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A word of the vocabulary."""

    text: str
    folded: str
    uses: int
    """How often it was read."""


async def correct(
    sight: Sight, query: str, *, terms: Sequence[Term], unknown: AbstractSet[str], locale: str
) -> str | None:
    """The query with its unknown words put right, as far as it is searched; None where none can be."""
    wrong = [term for term in terms if term.folded in unknown and errors_in(term.folded) and not term.is_excluded]
    wrong = wrong[:MOST_WORDS]
    if not wrong:
        return None
    spoken = language(locale)
    rows = await _vocabulary(sight, {term.folded for term in wrong}, locale=locale)
    candidates = [Candidate(text=row["word"], folded=folded(row["word"], spoken), uses=row["uses"]) for row in rows]
    corrected = query[:LONGEST_QUERY]
    for term in reversed(wrong):
        nearest = nearest_word(term.folded, candidates)
        if nearest is not None:
            corrected = corrected[: term.start] + nearest + corrected[term.end :]
    return corrected if corrected != query[:LONGEST_QUERY] else None


async def _vocabulary(sight: Sight, wrong: Collection[str], *, locale: str) -> list[asyncpg.Record]:
    sizes = [len(word) for word in wrong]
    letters = {letter for word in wrong for letter in word[:2]}
    endings = {word[-3:] for word in wrong}
    whole = f"not {STRADDLES}" if sight.shape.topics else "true"  # an opening names all topics of its answer
    return await sight.fetch(
        _VOCABULARY.format(whole=whole),
        locale,
        min(sizes) - 2,
        max(sizes) + 2,
        sorted(_accented(letters)),
        sorted(endings),
    )


def _accented(letters: Iterable[str]) -> set[str]:
    plain = set(letters)
    return plain | {letter for letter in _ACCENTED if unicodedata.normalize("NFD", letter)[0] in plain}


_ACCENTED = [
    chr(code)
    for code in range(0xDF, 0x250)
    if chr(code).islower() and unicodedata.normalize("NFD", chr(code)) != chr(code)
]


def errors_in(word: str) -> int:
    """How many letters may be wrong in a word of this length: none, one or two."""
    if not any(letter.isalpha() for letter in word) or len(word) > _LONGEST:
        return 0
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2


def nearest_word(word: str, candidates: Iterable[Candidate]) -> str | None:
    """The candidate that takes fewest changes, of these the most frequent one; None where none is near."""
    best: tuple[int, int, int, str] | None = None
    allowed = errors_in(word)
    for candidate in candidates:
        distance = changes(word, candidate.folded, most=allowed)
        if distance <= allowed:
            rank = (distance, int(candidate.folded[:1] != word[:1]), -candidate.uses, candidate.text)
            best = rank if best is None else min(best, rank)
    return best[3] if best else None


def changes(one: str, other: str, *, most: int) -> int:
    """How many letters to put in, take out, replace or swap with their neighbour; over `most` some number over it."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [place]
        for column, wanted in enumerate(other, start=1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != wanted))
            is_swap = place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == wanted
            row.append(min(cost, earlier[column - 2] + 1) if is_swap else cost)
        if min(row) > most:
            return most + 1
    return row[-1]
