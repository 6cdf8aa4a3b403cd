"""The outbox as clients see it: entries that name a set are expanded to the answers whose caveats changed with it.

A place in it is a position and an answer's id, for one entry may stand for many answers. `read_changes` gives each
answer once, at its latest change; `follow` gives every change as it was committed.
"""

import asyncio
import datetime
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from uuid import UUID

import asyncpg

from server.content.answer import Change, ChangeKind, ChangePage
from server.content.filters import ChangeFilter
from server.content.ids import NodeKind, encode_id
from server.content.pages import decode_cursor, encode_cursor
from server.content.reads.answers import assemble
from server.content.reads.entries import Place, all_entries, latest_entries
from server.db.reads import Reads
from server.errors import BadUserInputError, CursorExpiredError, CursorInvalidError, DatabaseUnavailableError
from server.events.stream import Wakes

LARGEST_PAGE = 1000
_BATCH = 100
_RETRY_SECONDS = 2.0
_LAST_ID = UUID(int=(1 << 128) - 1)
_LIST = "changes"


def cursor_of(place: Place) -> str:
    """The place as a client keeps it."""
    return encode_cursor(_LIST, place.position, str(place.answer_id))


def place_of(since: str | None) -> Place:
    """The place that a cursor names, the beginning without one; raises CursorInvalidError."""
    if since is None:
        return Place()
    try:
        position, identity = decode_cursor("since", since, list_name=_LIST)
        return Place(position=int(position), answer_id=UUID(str(identity)))
    except CursorInvalidError:
        raise
    except ValueError:
        raise CursorInvalidError("`since` is not a cursor of changes: start again without it.") from None


async def read_changes(
    reads: Reads, *, since: str | None, wanted: ChangeFilter, first: int, day: datetime.date
) -> ChangePage:
    """What happened after a cursor, oldest first, each answer once at its latest change; at most 1,000.

    Raises BadUserInputError for `first`, CursorInvalidError and CursorExpiredError for `since`.
    """
    if not 0 <= first <= LARGEST_PAGE:
        raise BadUserInputError(f"`first` is {first}: it takes 0 to {LARGEST_PAGE}.")
    place = place_of(since)
    statement = latest_entries(day, place, wanted=wanted, limit=first + 1)
    rows = await reads.fetch(statement.sql, *statement.values)
    _refuse_expired(rows[0], place)
    nodes = [_change(row, day) for row in rows if row["changed_id"] is not None]
    has_more = len(nodes) > first
    cursor = cursor_of(Place(position=rows[0]["head"], answer_id=_LAST_ID))
    if has_more:
        cursor = nodes[first - 1].cursor if first else cursor_of(place)
    return ChangePage(nodes=tuple(nodes[:first]), cursor=cursor, has_more=has_more)


async def follow(reads: Reads, wakes: Wakes, *, since: str | None, wanted: ChangeFilter) -> AsyncIterator[Change]:
    """Every change as it is committed; with `since` first those missed, each answer once. Ends only when closed.

    A database that is away at the beginning is an error; later on its return is waited for, and nothing is missed.
    """
    if since is None:
        place = await _head(reads)
    else:
        page = await read_changes(reads, since=since, wanted=wanted, first=_BATCH, day=_today())
        for change in page.nodes:
            yield change
        while page.has_more:
            missed = partial(read_changes, reads, since=page.cursor, wanted=wanted, first=_BATCH, day=_today())
            page = await _patiently(missed)
            for change in page.nodes:
                yield change
        place = place_of(page.cursor)
    while True:
        seen = wakes.head
        page = await _patiently(partial(_read_entries, reads, place, wanted=wanted))
        for change in page.nodes:
            yield change
        place = place_of(page.cursor)
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


async def _read_entries(reads: Reads, place: Place, *, wanted: ChangeFilter) -> ChangePage:
    statement = all_entries(_today(), place, wanted=wanted, limit=_BATCH)
    rows = await reads.fetch(statement.sql, *statement.values)
    _refuse_expired(rows[0], place)
    nodes = [_change(row, _today()) for row in rows if row["changed_id"] is not None]
    is_full = len(nodes) == _BATCH
    head = cursor_of(Place(position=rows[0]["head"], answer_id=_LAST_ID))
    return ChangePage(nodes=tuple(nodes), cursor=nodes[-1].cursor if is_full else head, has_more=is_full)


async def _head(reads: Reads) -> Place:
    position = await reads.fetch_value(
        "select greatest((select max(position) from outbox), (select position from outbox_horizon))"
    )
    return Place(position=position, answer_id=_LAST_ID)


def _refuse_expired(row: asyncpg.Record, place: Place) -> None:
    """Refuses a place that entries after it are pruned of, or that this outbox has not reached."""
    if 0 < place.position < row["horizon"] or place.position > row["head"]:
        raise CursorExpiredError


def _change(row: asyncpg.Record, day: datetime.date) -> Change:
    kind = ChangeKind(row["kind"])
    is_there = row["matches"] and row["published"] is not None
    if not is_there:
        kind = ChangeKind.REMOVED
    elif row["status"] == "RETRACTED":
        kind = ChangeKind.RETRACTED
    return Change(
        cursor=cursor_of(Place(position=row["position"], answer_id=row["changed_id"])),
        kind=kind,
        occurred_at=row["occurred_at"],
        answer_id=encode_id(NodeKind.ANSWER, row["changed_id"]),
        answer=assemble(row, day) if is_there else None,
    )


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
