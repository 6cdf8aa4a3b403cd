"""Puts the answers that mean what is asked among those that the index finds, by reciprocal ranks.

Cormack, Clarke, Buettcher, Reciprocal Rank Fusion outperforms Condorcet (SIGIR 2009): what stands high in either list
stands high, and neither has to know how the other scores. Only the first of each list are fused; the others of the
index follow. Whether a near answer may be found at all is the index's to say, by the same conditions that hold for its
own: locale, set of translations, filter, what must be there and what must not. So counts and facets are of both.

An answer that matches by words need not be near enough by itself: how near it is beside the others tells all the same
how good it is. A long message is far from every answer, and from the right one still the least.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tantivy import Occur, Query

from server.content.reads.sight import Sight
from server.content.words import language
from server.errors.requests import CursorExpiredError
from server.search import fields
from server.search.filtering import any_of, conditions
from server.search.finding import Asked, Match, Result, looked, matches
from server.search.ranking import Reading
from server.search.semantic.nearness import Nearness, Neighbours
from server.search.semantic.passages import wish
from server.search.snapshots import Snapshot, Volume
from server.search.terms import read_terms

DEPTH = 100
"""So many of each list are fused."""
CONSTANT = 5
"""How little the first places of a list stand out from those behind them; 60, as in the paper, is for longer lists."""
MEANING = 0.5
"""What a place among the near answers is worth, of the same one by words, which find better (RESULTS.md)."""


class Fusion:
    """What means the same, for the search of one audience."""

    def __init__(self, nearness: Nearness, sight: Sight) -> None:
        self._nearness = nearness
        self._sight = sight

    async def fused(
        self, result: Result | None, asked: Asked, *, snapshot: Snapshot, near: str
    ) -> tuple[Result | None, str]:
        """What the index found and what is near, best first, with the name of the neighbours that a cursor bears.

        A page after another is cut from the neighbours that are named; raises CursorExpiredError where they are
        forgotten and are others by now.
        """
        neighbours = self._nearness.recall(near) or await self._find(result, asked)
        if near and neighbours.name != near:
            raise CursorExpiredError("The index has changed since `after` was given: start again without it.")
        self._nearness.remember(neighbours)
        return await asyncio.to_thread(fuse, result, asked, near=neighbours, snapshot=snapshot), neighbours.name

    async def _find(self, result: Result | None, asked: Asked) -> Neighbours:
        """What is near to the query as it was searched by words: put right where that was."""
        query = result.corrected if result and result.corrected else asked.query
        terms = result.reading.terms if result else read_terms(query, asked.locale)
        return await self._nearness.find(wish(query, terms), self._sight, locale=asked.locale, wanted=asked.filter)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Near:
    """The near answers that may be found."""

    places: dict[UUID, int]
    members: Query
    """Them, by their ids."""


def fuse(result: Result | None, asked: Asked, *, near: Neighbours, snapshot: Snapshot) -> Result | None:
    """What the index found and what is near, best first; None where neither is anything."""
    volume = snapshot.volumes.get(language(asked.locale))
    if volume is None or not near.ids:
        return result
    if result is None:
        reading = Reading(read_terms(asked.query, asked.locale), volume)
        found = _admitted(near, _enough(near, reading, asked=asked), listed=[], volume=volume)
        return _of_near(found, reading) if found else None
    listed = [each.id for each in matches(result, first=DEPTH, skip=0)]
    ways = [_enough(near, result.reading, asked=asked), result.condition]
    found = _admitted(near, _any(ways), listed=listed, volume=volume)
    if found is None:
        return result
    condition = _any([result.condition, found.members])
    return replace(
        result,
        query=Query.boolean_query([(Occur.Must, result.query), (Occur.MustNot, found.members)]),
        condition=condition,
        total=_count(condition, volume),
        head=_fused(listed, found.places),
        passed=sum(each not in found.places for each in listed),
    )


def _enough(near: Neighbours, reading: Reading, *, asked: Asked) -> Query:
    """The answers that are near enough by themselves, within what the reader has set."""
    filters = conditions(asked.filter, locale=asked.locale, volume=reading.volume)
    members = _among(near.ids[: near.enough], reading.volume)
    return Query.boolean_query([*reading.demanded(), *[(Occur.Must, each) for each in [*filters, members]]])


def _admitted(near: Neighbours, condition: Query, *, listed: Sequence[UUID], volume: Volume) -> _Near | None:
    """The near answers that meet a condition, as those that are listed do; None where there are none."""
    there = set(listed)
    others = [each for each in near.ids if each not in there]
    asked = Query.boolean_query([(Occur.Must, condition), (Occur.Must, _among(others, volume))])
    hits = volume.searcher.search(asked, len(near.ids), count=False).hits
    there.update([UUID(str(volume.searcher.doc(place).get_first(fields.ID))) for _, place in hits])
    kept = [each for each in near.ids if each in there]
    if not kept:
        return None
    return _Near(
        places={each: place for place, each in enumerate(kept, start=1)},
        members=_among(kept, volume),
    )


def _among(ids: Sequence[UUID], volume: Volume) -> Query:
    return any_of(fields.ID, [each.hex for each in ids], schema=volume.schema)


def _any(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, each) for each in queries])


def _of_near(found: _Near, reading: Reading) -> Result:
    """Near answers alone, where no words match."""
    return Result(
        reading=reading,
        volume=reading.volume,
        query=Query.empty_query(),
        condition=found.members,
        total=len(found.places),
        looked=looked(reading),
        head=_fused([], found.places),
    )


def _fused(listed: Sequence[UUID], near: dict[UUID, int]) -> tuple[Match, ...]:
    """The answers of both lists; of equals the nearer one, then that of the lower id."""
    ranks = {each: place for place, each in enumerate(listed, start=1)}
    scores = {each: _part(ranks.get(each)) + MEANING * _part(near.get(each)) for each in {**ranks, **near}}
    ordered = sorted(scores, key=lambda each: (-scores[each], near.get(each, DEPTH + 1), each))
    return tuple([Match(id=each, score=scores[each]) for each in ordered])


def _part(place: int | None) -> float:
    return 0.0 if place is None else 1 / (CONSTANT + place)


def _count(condition: Query, volume: Volume) -> int:
    count: int = volume.searcher.search(condition, 1).count  # type: ignore[attr-defined]  # the stub leaves it out
    return count
