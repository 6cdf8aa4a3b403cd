"""Puts the answers that mean what is asked among those that the index finds, by reciprocal ranks.

Cormack, Clarke, Buettcher, Reciprocal Rank Fusion outperforms Condorcet (SIGIR 2009): what stands high in either list
stands high, and neither has to know how the other scores. Only the first of each list are fused; the others of the
index follow. Whether a near answer may be found at all is the index's to say, by the same conditions that hold for its
own: locale, set of translations, filter, what must be there and what must not. So counts and facets are of both.
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
CONSTANT = 60
"""As in the paper: how little the first places of a list stand out from those behind them."""


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
        return await asyncio.to_thread(fuse, result, asked, near=neighbours.ids, snapshot=snapshot), neighbours.name

    async def _find(self, result: Result | None, asked: Asked) -> Neighbours:
        terms = result.reading.terms if result else read_terms(asked.query, asked.locale)
        return await self._nearness.find(
            wish(asked.query, terms), self._sight, locale=asked.locale, wanted=asked.filter
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Near:
    """The near answers that may be found, and the conditions by which the index knows them."""

    places: dict[UUID, int]
    condition: Query
    members: Query


def fuse(result: Result | None, asked: Asked, *, near: Sequence[UUID], snapshot: Snapshot) -> Result | None:
    """What the index found and what is near, best first; None where neither is anything."""
    volume = snapshot.volumes.get(language(asked.locale))
    if volume is None or not near:
        return result
    reading = result.reading if result else Reading(read_terms(asked.query, asked.locale), volume)
    found = _admitted(near, reading, asked=asked)
    if found is None:
        return result
    if result is None:
        return _of_near(found, reading)
    listed = matches(result, first=DEPTH, skip=0)
    head = _fused([each.id for each in listed], found.places)
    condition = Query.boolean_query([(Occur.Should, result.condition), (Occur.Should, found.condition)])
    return replace(
        result,
        query=Query.boolean_query([(Occur.Must, result.query), (Occur.MustNot, found.members)]),
        condition=condition,
        total=_count(condition, volume),
        head=head,
        passed=sum(each.id not in found.places for each in listed),
    )


def _admitted(near: Sequence[UUID], reading: Reading, *, asked: Asked) -> _Near | None:
    volume = reading.volume
    members = any_of(fields.ID, [each.hex for each in near], schema=volume.schema)
    has = [*reading.demanded(), *[(Occur.Must, each) for each in _filters(asked, volume)], (Occur.Must, members)]
    condition = Query.boolean_query(has)
    hits = volume.searcher.search(condition, len(near), count=False).hits
    there = {UUID(str(volume.searcher.doc(place).get_first(fields.ID))) for _, place in hits}
    kept = [each for each in near if each in there]
    if not kept:
        return None
    return _Near(
        places={each: place for place, each in enumerate(kept, start=1)},
        condition=condition,
        members=any_of(fields.ID, [each.hex for each in kept], schema=volume.schema),
    )


def _filters(asked: Asked, volume: Volume) -> Sequence[Query]:
    return conditions(asked.filter, locale=asked.locale, volume=volume)


def _of_near(found: _Near, reading: Reading) -> Result:
    """Near answers alone, where no words match."""
    return Result(
        reading=reading,
        volume=reading.volume,
        query=Query.empty_query(),
        condition=found.condition,
        total=len(found.places),
        looked=looked(reading),
        head=_fused([], found.places),
    )


def _fused(listed: Sequence[UUID], near: dict[UUID, int]) -> tuple[Match, ...]:
    """The answers of both lists; of equals the nearer one, then that of the lower id."""
    ranks = {each: place for place, each in enumerate(listed, start=1)}
    scores = {each: _part(ranks.get(each)) + _part(near.get(each)) for each in {**ranks, **near}}
    ordered = sorted(scores, key=lambda each: (-scores[each], near.get(each, DEPTH + 1), each))
    return tuple([Match(id=each, score=scores[each]) for each in ordered])


def _part(place: int | None) -> float:
    return 0.0 if place is None else 1 / (CONSTANT + place)


def _count(condition: Query, volume: Volume) -> int:
    count: int = volume.searcher.search(condition, 1).count  # type: ignore[attr-defined]  # the stub leaves it out
    return count
