"""The outbox as clients see it: entries that name a set are expanded to the answers whose caveats changed with it.

A place in it is a position and an answer's id, for one entry may stand for many answers. `read_changes` gives each
answer once, at its latest change; `follow` gives every change as it was committed.

A confined audience has a feed of its own, in which what leaves its bounds is REMOVED. Who comes to have other bounds
starts again, for a copy made within the former ones may hold what lies beyond these.
"""

import asyncio
import datetime
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import asyncpg

from server.content.answer import Change, ChangeKind, ChangePage
from server.content.cursors import Cursors, cursors_for
from server.content.filters import ChangeFilter
from server.content.ids import NodeKind, encode_id
from server.content.reads.answers import assemble, held_in
from server.content.reads.entries import Followed, Place, Statement, all_entries, latest_entries
from server.content.reads.looking import LAST_ID, NEVER
from server.content.reads.sight import Sight
from server.days import today
from server.errors.machine import DatabaseUnavailableError
from server.errors.requests import BadUserInputError, CursorExpiredError
from server.events.stream import Wakes

LARGEST_PAGE = 1000
_BATCH = 100
_RETRY_SECONDS = 2.0
_LOOKS = 32
"""How often the outbox is looked at for one page of a confined client: at so many times `looking.MOST` answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Looked:
    """What was found from a place on, and up to where the outbox was looked at."""

    nodes: Sequence[Change]
    told: Place | None
    """The place of the last node."""
    until: Place
    has_more: bool


async def read_changes(
    sight: Sight, *, since: str | None, wanted: ChangeFilter, first: int, day: datetime.date
) -> ChangePage:
    """What happened after a cursor, oldest first, each answer once at its latest change; at most 1,000.

    Raises BadUserInputError for `first`, CursorInvalidError and CursorExpiredError for `since`.
    """
    if not 0 <= first <= LARGEST_PAGE:
        raise BadUserInputError(f"`first` is {first}: it takes 0 to {LARGEST_PAGE}.")
    feed = _Feed(sight=sight, wanted=wanted, cursors=await cursors_for(sight))
    start = place = told = feed.cursors.place(since)
    nodes: list[Change] = []
    # a short page would tell a confined client that much happens beyond its bounds
    for _ in range(_LOOKS if sight.bounds else 1):
        looked = await feed.look(place, latest_entries, limit=first + 1 - len(nodes), day=day)
        nodes += looked.nodes
        place, told = looked.until, looked.told or told
        if len(nodes) > first:
            cursor = nodes[first - 1].cursor if first else feed.cursors.cursor(start)
            return ChangePage(nodes=tuple(nodes[:first]), cursor=cursor, has_more=True)
        if not looked.has_more:
            place = feed.cursors.rest(head=place.position, told=told)
            break
    return ChangePage(nodes=tuple(nodes), cursor=feed.cursors.cursor(place), has_more=looked.has_more)


async def follow(sight: Sight, wakes: Wakes, *, since: str | None, wanted: ChangeFilter) -> AsyncIterator[Change]:
    """Every change as it is committed; with `since` first those missed, each answer once. Ends only when closed.

    A database that is away at the beginning is an error; later on its return is waited for, and nothing is missed.
    """
    feed = _Feed(sight=sight, wanted=wanted, cursors=await cursors_for(sight))
    if since is None:
        place = await _head(sight)
    else:
        looked = await feed.look(feed.cursors.place(since), latest_entries, limit=_BATCH, day=today())
        for change in looked.nodes:
            yield change
        while looked.has_more:
            missed = partial(feed.look, looked.until, latest_entries, limit=_BATCH, day=today())
            looked = await _patiently(missed)
            for change in looked.nodes:
                yield change
        place = looked.until
    while True:
        seen = wakes.head
        looked = await _patiently(partial(feed.look, place, all_entries, limit=_BATCH, day=today()))
        for change in looked.nodes:
            yield change
        place = looked.until
        if not looked.has_more:
            await wakes.wait(seen)


async def _patiently(read: Callable[[], Awaitable[_Looked]]) -> _Looked:
    """What it reads, as soon as there is a database to read from."""
    while True:
        try:
            return await read()
        except DatabaseUnavailableError:
            # many followers must not come back in step
            await asyncio.sleep(random.uniform(0.5, 1) * _RETRY_SECONDS)  # noqa: S311 - nothing depends on its secrecy


@dataclass(frozen=True, kw_only=True, slots=True)
class _Feed:
    """What one audience wants to be told."""

    sight: Sight
    wanted: ChangeFilter
    cursors: Cursors

    async def look(
        self, place: Place, entries: Callable[[Followed], Statement], *, limit: int, day: datetime.date
    ) -> _Looked:
        """What a statement finds after a place; raises CursorExpiredError."""
        sight = self.sight
        statement = entries(Followed(day=day, place=place, wanted=self.wanted, limit=limit, shape=sight.shape))
        rows = await sight.fetch(statement.sql, *statement.values)
        _refuse_expired(rows[0], place)
        found = [row for row in rows if row["changed_id"] is not None]
        nodes = [self._change(row, day=day) for row in found]
        told = _place(found[-1]) if found else None
        if told and len(nodes) == limit:
            return _Looked(nodes=nodes, told=told, until=told, has_more=True)
        has_more = rows[0]["until_position"] != NEVER
        until = Place(position=rows[0]["until_position"], answer_id=rows[0]["until_id"])
        head = Place(position=rows[0]["head"], answer_id=LAST_ID)
        return _Looked(nodes=nodes, told=told, until=until if has_more else head, has_more=has_more)

    def _change(self, row: asyncpg.Record, *, day: datetime.date) -> Change:
        kind = ChangeKind(row["kind"])
        is_there = row["matches"] and row["published"] is not None
        if not is_there:
            kind = ChangeKind.REMOVED
        elif row["status"] == "RETRACTED":
            kind = ChangeKind.RETRACTED
        return Change(
            cursor=self.cursors.cursor(_place(row)),
            kind=kind,
            occurred_at=row["occurred_at"],
            answer_id=encode_id(NodeKind.ANSWER, row["changed_id"]),
            answer=assemble(row, held_in(row), day=day, audience=self.sight.audience) if is_there else None,
        )


def _place(row: asyncpg.Record) -> Place:
    return Place(position=row["position"], answer_id=row["changed_id"])


async def _head(sight: Sight) -> Place:
    position = await sight.fetch_value(
        "select greatest((select max(position) from outbox), (select position from outbox_horizon))"
    )
    return Place(position=position, answer_id=LAST_ID)


def _refuse_expired(row: asyncpg.Record, place: Place) -> None:
    """Refuses a place that entries after it are pruned of, or that this outbox has not reached."""
    if 0 < place.position < row["horizon"] or place.position > row["head"]:
        raise CursorExpiredError
