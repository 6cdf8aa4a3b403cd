"""How well search does on questions that somebody has judged, in the measures that the field compares by.

A judged file has a JSON object on each line: `query`; `relevant`, which gives answers, named by slug or external id,
their grade from 1 (touches it) to 3 (answers it); and `locale` where it is not English. What is not named has the
grade 0.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from server.content.filters import AnswerFilter
from server.content.library import Library
from server.errors.content import UnreadableError
from server.search.query import DEFAULT_LOCALE, Search
from server.search.results import SearchRequest

DEPTH = 10


class Judged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question with the answers that somebody has found good for it."""

    query: Annotated[str, msgspec.Meta(min_length=1)]
    relevant: Annotated[dict[str, Annotated[int, msgspec.Meta(ge=1, le=3)]], msgspec.Meta(min_length=1)]
    locale: str = DEFAULT_LOCALE


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """Means over all questions of a file, each from 0 to 1."""

    questions: int
    success_at_1: float
    """How many questions have a relevant answer first."""
    success_at_5: float
    """The same among the first five."""
    mean_reciprocal_rank: float
    """One over the place of the first relevant answer among ten; 0 where none is."""
    ndcg_at_10: float
    """Discounted gain (2^grade - 1) of the first ten, by that of the best order."""


def read_judged(data: str) -> list[Judged]:
    """The questions of a judged file; raises UnreadableError with the line."""
    found = []
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line.encode("utf-8", "surrogatepass"), type=Judged))
            except msgspec.DecodeError as error:
                raise UnreadableError(f"is no judged question: {error}.", number) from None
    if not found:
        raise UnreadableError("the file holds no judged question.")
    return found


async def evaluate(judged: Sequence[Judged], *, search: Search, library: Library) -> Scores:
    """Asks every question and scores what is found."""
    return scores([(await _grades(each, search=search, library=library), each) for each in judged])


async def _grades(judged: Judged, *, search: Search, library: Library) -> list[int]:
    request = SearchRequest(query=judged.query, locale=judged.locale, filter=AnswerFilter(), first=DEPTH)
    page = await search.search(request, library=library)
    names = [(hit.answer.external_id or "", hit.answer.slug) for hit in page.hits]
    return [max([judged.relevant.get(name, 0) for name in each]) for each in names]


def scores(graded: Iterable[tuple[Sequence[int], Judged]]) -> Scores:
    """The scores of what was found: for each question the grades of its answers, best match first."""
    results = list(graded)
    firsts = [next((place for place, grade in enumerate(grades, start=1) if grade), 0) for grades, _ in results]
    return Scores(
        questions=len(results),
        success_at_1=_mean([float(first == 1) for first in firsts]),
        success_at_5=_mean([float(1 <= first <= 5) for first in firsts]),
        mean_reciprocal_rank=_mean([1 / first if first else 0.0 for first in firsts]),
        ndcg_at_10=_mean([_gain(grades) / _best_gain(judged) for grades, judged in results]),
    )


def _best_gain(judged: Judged) -> float:
    return _gain(sorted(judged.relevant.values(), reverse=True))


def _gain(grades: Sequence[int]) -> float:
    return sum([((1 << grade) - 1) / math.log2(place + 1) for place, grade in enumerate(grades[:DEPTH], start=1)])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
