"""What the clock changes: reviews that are overdue since midnight (UTC), counts, and entries of the outbox too old."""

import asyncio
import datetime
from collections.abc import Callable

import structlog
from sqlalchemy import text

from server.content.writes.counting import recount
from server.content.writes.transaction import writing
from server.db.engine import Engine
from server.errors.root import CaveatError
from server.events.outbox import SetKind

LOOK_SECONDS = 60.0
"""How often the clock is looked at, which may be set; and how soon a failure is tried again."""

log = structlog.get_logger()


async def announce_overdue(engine: Engine, today: datetime.date) -> int | None:
    """Commits an entry for each day whose reviews became overdue since the last turn; gives how many there were.

    None where that is done already. Where they were announced for days to come, by a clock that was ahead, yesterday's
    are announced again.
    """
    yesterday = today - datetime.timedelta(days=1)
    async with engine.transaction() as session:
        until = await session.execute(text("select reviews_until from outbox_horizon"))
        if until.scalar_one() == yesterday:
            return None
    async with writing(engine) as write:
        days = await write.session.execute(
            text(
                """select distinct a.next_review_on from answer a, outbox_horizon h
                   where a.next_review_on <= :yesterday and a.next_review_on >
                       case when h.reviews_until > :yesterday then cast(:yesterday as date) - 1 else h.reviews_until end
                   order by 1"""
            ),
            {"yesterday": yesterday},
        )
        overdue = list(days.scalars())
        for day in overdue:
            write.outbox.add_set(SetKind.REVIEW, day=day)
        await write.session.execute(
            text("update outbox_horizon set reviews_until = :yesterday, day_position = :position"),
            {"yesterday": yesterday, "position": write.outbox.position},
        )
    return len(overdue)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


async def turn_days(
    engine: Engine, *, clock: Callable[[], datetime.datetime] = _now, look_seconds: float = LOOK_SECONDS
) -> None:
    """Announces overdue reviews now and once it is another day, until it is cancelled; a failure is tried again.

    Of the processes that serve, the one that is first to turn a day also counts all answers anew.
    """
    turned: datetime.date | None = None
    is_first = False
    while True:
        now = clock()
        try:
            if now.date() != turned:
                is_first = await announce_overdue(engine, now.date()) is not None or is_first
                turned = now.date()
            if is_first:
                await recount(engine)
                is_first = False
        except CaveatError as error:
            log.warning("turn of the day failed", code=error.code)
        except Exception:  # the edge of a worker: whatever it was, it is tried again
            log.exception("turn of the day failed")
        midnight = datetime.datetime.combine(now.date() + datetime.timedelta(days=1), datetime.time(), datetime.UTC)
        await asyncio.sleep(min((midnight - now).total_seconds(), look_seconds))


async def prune(engine: Engine, *, before: datetime.datetime) -> int:
    """Deletes the entries that are older and gives how many; cursors from before them are refused from then on."""
    async with writing(engine) as write:
        pruned = await write.session.execute(
            text("with gone as (delete from outbox where occurred_at < :before returning position) select * from gone"),
            {"before": before},
        )
        positions = list(pruned.scalars())
        if positions:
            await write.session.execute(
                text("update outbox_horizon set position = greatest(position, :last)"), {"last": max(positions)}
            )
            await write.session.execute(
                text("delete from former_topic where position <= :last"), {"last": max(positions)}
            )
    return len(positions)
