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
from functools import partial
from uuid import UUID

import asyncpg

from server.content.answer import Change, ChangeKind, ChangePage
from server.content.filters import ChangeFilter
from server.content.ids import NodeKind, encode_id
from server.content.pages import cursor_list, decode_cursor, encode_cursor
from server.content.reads.answers import assemble, held_in
from server.content.reads.entries import Followed, Place, all_entries, latest_entries
from server.content.reads.looking import LAST_ID, NEVER
from server.content.reads.sight import Sight
from server.errors.machine import DatabaseUnavailableError
from server.errors.requests import BadUserInputError, CursorExpiredError, CursorInvalidError
from server.events.stream import Wakes

LARGEST_PAGE = 1000
_BATCH = 100
_RETRY_SECONDS = 2.0
_LIST = "changes"


def cursor_of(place: Place, *, bounds: str) -> str:
    """The place as a client keeps it."""
    return encode_cursor(_LIST + bounds, place.position, str(place.answer_id))


def place_of(since: str | None, *, bounds: str) -> Place:
    """The place that a cursor names, the beginning without one.

    Raises CursorInvalidError, and CursorExpiredError for one that was given within other bounds.
    """
    if since is None:
        return Place()
    name = cursor_list(since)
    if name != _LIST + bounds and name.startswith(_LIST):
        raise CursorExpiredError
    try:
        position, identity = decode_cursor("since", since, list_name=_LIST + bounds)
        return Place(position=int(position), answer_id=UUID(str(identity)))
    except CursorInvalidError:
        raise
    except ValueError:
        raise CursorInvalidError("`since` is not a cursor of changes: start again without it.") from None


async def read_changes(
    sight: Sight, *, since: str | None, wanted: ChangeFilter, first: int, day: datetime.date
) -> ChangePage:
    """What happened after a cursor, oldest first, each answer once at its latest change; at most 1,000.

    Raises BadUserInputError for `first`, CursorInvalidError and CursorExpiredError for `since`.
    """
    if not 0 <= first <= LARGEST_PAGE:
        raise BadUserInputError(f"`first` is {first}: it takes 0 to {LARGEST_PAGE}.")
    place = place_of(since, bounds=sight.bounds)
    statement = latest_entries(Followed(day=day, place=place, wanted=wanted, limit=first + 1, shape=sight.shape))
    rows = await sight.fetch(statement.sql, *statement.values)
    _refuse_expired(rows[0], place)
    nodes = [_change(row, sight, day=day) for row in rows if row["changed_id"] is not None]
    if len(nodes) > first:
        cursor = nodes[first - 1].cursor if first else cursor_of(place, bounds=sight.bounds)
        return ChangePage(nodes=tuple(nodes[:first]), cursor=cursor, has_more=True)
    return _looked_through(rows[0], nodes, bounds=sight.bounds)


async def follow(sight: Sight, wakes: Wakes, *, since: str | None, wanted: ChangeFilter) -> AsyncIterator[Change]:
    """Every change as it is committed; with `since` first those missed, each answer once. Ends only when closed.

    A database that is away at the beginning is an error; later on its return is waited for, and nothing is missed.
    """
    if since is None:
        place = await _head(sight)
    else:
        page = await read_changes(sight, since=since, wanted=wanted, first=_BATCH, day=_today())
        for change in page.nodes:
            yield change
        while page.has_more:
            missed = partial(read_changes, sight, since=page.cursor, wanted=wanted, first=_BATCH, day=_today())
            page = await _patiently(missed)
            for change in page.nodes:
                yield change
        place = place_of(page.cursor, bounds=sight.bounds)
    while True:
        seen = wakes.head
        page = await _patiently(partial(_read_entries, sight, place, wanted=wanted))
        for change in page.nodes:
            yield change
        place = place_of(page.cursor, bounds=sight.bounds)
        if not page.has_more:
            await wakes.wait(seen)


async def _patiently(read: Callable[[], Awaitable[ChangePage]]) -> ChangePage:
    """What it reads, as soon as there is a database to read from."""
    while True:
        try:
            return await read()
        except DatabaseUnavailableError:
            # many followers must not come back in step
            await asyncio.sleep(random.uniform(0.5, 1) * _RETRY_SECONDS)  # noqa: S311 - nothing depends on its secrecy


async def _read_entries(sight: Sight, place: Place, *, wanted: ChangeFilter) -> ChangePage:
    today = _today()
    statement = all_entries(Followed(day=today, place=place, wanted=wanted, limit=_BATCH, shape=sight.shape))
    rows = await sight.fetch(statement.sql, *statement.values)
    _refuse_expired(rows[0], place)
    nodes = [_change(row, sight, day=today) for row in rows if row["changed_id"] is not None]
    if len(nodes) == _BATCH:
        return ChangePage(nodes=tuple(nodes), cursor=nodes[-1].cursor, has_more=True)
    return _looked_through(rows[0], nodes, bounds=sight.bounds)


def _looked_through(row: asyncpg.Record, nodes: Sequence[Change], *, bounds: str) -> ChangePage:
    """The page of all that was found, up to where the outbox was looked at: its head, or earlier."""
    has_more = row["until_position"] != NEVER
    until = Place(position=row["until_position"], answer_id=row["until_id"])
    place = until if has_more else Place(position=row["head"], answer_id=LAST_ID)
    return ChangePage(nodes=tuple(nodes), cursor=cursor_of(place, bounds=bounds), has_more=has_more)


async def _head(sight: Sight) -> Place:
    position = await sight.fetch_value(
        "select greatest((select max(position) from outbox), (select position from outbox_horizon))"
    )
    return Place(position=position, answer_id=LAST_ID)


def _refuse_expired(row: asyncpg.Record, place: Place) -> None:
    """Refuses a place that entries after it are pruned of, or that this outbox has not reached."""
    if 0 < place.position < row["horizon"] or place.position > row["head"]:
        raise CursorExpiredError


def _change(row: asyncpg.Record, sight: Sight, *, day: datetime.date) -> Change:
    kind = ChangeKind(row["kind"])
    is_there = row["matches"] and row["published"] is not None
    if not is_there:
        kind = ChangeKind.REMOVED
    elif row["status"] == "RETRACTED":
        kind = ChangeKind.RETRACTED
    return Change(
        cursor=cursor_of(Place(position=row["position"], answer_id=row["changed_id"]), bounds=sight.bounds),
        kind=kind,
        occurred_at=row["occurred_at"],
        answer_id=encode_id(NodeKind.ANSWER, row["changed_id"]),
        answer=assemble(row, held_in(row), day=day, audience=sight.audience) if is_there else None,
    )


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
