"""Asks one commit of the index: which answers match, how well, how many, and on which topics."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tantivy import Occur, Query

from server.content.filters import AnswerFilter
from server.content.words import language
from server.search import fields
from server.search.filtering import conditions
from server.search.ranking import Reading
from server.search.results import Looked
from server.search.snapshots import Snapshot, Volume
from server.search.spacing import respaced
from server.search.spelling import Speller, scarce, unknown
from server.search.terms import read_terms

MOST_FACETS = 20
_COUNTED_FACETS = 60
"""More than are given, so that of topics with equal counts always the same are."""

DEEPEST = 10_000
"""Answers of a result that can be reached by paging."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is looked for."""

    query: str
    locale: str
    filter: AnswerFilter


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """An answer that matches."""

    id: UUID
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What matches, ready to be cut into pages."""

    reading: Reading
    """What was looked for, put right where it had to be."""
    volume: Volume
    query: Query
    """Scores what matches."""
    condition: Query
    """Tells what matches."""
    total: int
    looked: Looked
    corrected: str | None = None
    head: Sequence[Match] = ()
    """The first places, where another list was put among them; what else the query scores follows."""
    passed: int = 0
    """How many of those that the query scores are among the first places."""


def find(asked: Asked, snapshot: Snapshot, *, speller: Speller) -> Result | None:
    """What matches a query, put right where no answer has one of its words; None where nothing does.

    Where nothing matches, words that hardly any answer has are put right too: a library has misspelt words of its own.
    """
    volume = snapshot.volumes.get(language(asked.locale))
    if volume is None:
        return None
    usual = _as_usual(asked, volume, speller=speller)
    found = _spelt(replace(asked, query=usual), volume, speller=speller) if usual != asked.query else None
    if found:
        return replace(found, corrected=found.corrected or usual)
    return _spelt(asked, volume, speller=speller)


def _as_usual(asked: Asked, volume: Volume, *, speller: Speller) -> str:
    """A query with its words parted and spelt as the library does."""
    spaced = respaced(asked.query, read_terms(asked.query, asked.locale), volume=volume) or asked.query
    return speller.vary(spaced, read_terms(spaced, asked.locale), volume=volume) or spaced


def _spelt(asked: Asked, volume: Volume, *, speller: Speller) -> Result | None:
    """What matches a query with its words parted as they are, its letters put right."""
    terms = read_terms(asked.query, asked.locale)
    typed = _result(Reading(terms, volume), asked)
    for wrong in (unknown(terms, volume), [] if typed else scarce(terms, volume)):
        corrected = speller.correct(asked.query, terms, wrong=wrong, volume=volume)
        better = _result(Reading(read_terms(corrected, asked.locale), volume), asked) if corrected else None
        if better is not None:
            return replace(better, corrected=corrected)
    return typed


def _result(reading: Reading, asked: Asked) -> Result | None:
    if not reading.telling:
        return None
    has = [*reading.matching(), *[(Occur.Must, each) for each in _filters(reading, asked)]]
    condition = Query.boolean_query(has)
    total: int = reading.volume.searcher.search(condition, 1).count  # type: ignore[attr-defined]  # the stub lacks it
    if not total:
        return None
    return Result(
        reading=reading,
        volume=reading.volume,
        query=Query.boolean_query([*has, *reading.ranking()]),
        condition=condition,
        total=total,
        looked=looked(reading),
    )


def looked(reading: Reading) -> Looked:
    """What a snippet has to know of what was looked for."""
    return Looked(spoken=reading.volume.spoken, weights={each.stem: each.worth for each in reading.telling})


def _filters(reading: Reading, asked: Asked) -> list[Query]:
    return conditions(asked.filter, locale=asked.locale, volume=reading.volume)


def matches(result: Result, *, first: int, skip: int) -> list[Match]:
    """The answers of a result from a place on, best first; of equals in the order of the index."""
    most = min(first, DEEPEST - skip)
    if most <= 0:
        return []
    head = list(result.head[skip : skip + most])
    return head + _scored(result, most - len(head), skip=max(0, skip - len(result.head)))


def _scored(result: Result, most: int, *, skip: int) -> list[Match]:
    """What the query scores, from a place behind the first ones on; it scores by its place where there are such."""
    if not most:
        return []
    searcher = result.volume.searcher
    hits = searcher.search(result.query, most, count=False, offset=result.passed + skip).hits
    found = [Match(id=UUID(str(searcher.doc(place).get_first(fields.ID))), score=float(score)) for score, place in hits]
    if not result.head:
        return found
    last = result.head[-1].score
    return [replace(each, score=last / (1 + skip + place)) for place, each in enumerate(found, start=1)]


def facets(result: Result) -> Sequence[tuple[UUID, int]]:
    """The topics of all answers of a result, with how many are on each, the most frequent first."""
    wanted = {"topics": {"terms": {"field": fields.FACET, "size": _COUNTED_FACETS}}}
    buckets = result.volume.searcher.aggregate(result.condition, wanted)["topics"]["buckets"]
    return [(UUID(bucket["key"]), bucket["doc_count"]) for bucket in buckets]
