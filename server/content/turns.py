"""What the clock changes: reviews that are overdue since midnight (UTC), and entries of the outbox too old to keep."""

import asyncio
import datetime

import structlog
from sqlalchemy import text

from server.content.writes.transaction import writing
from server.db.engine import Engine
from server.errors.root import CaveatError
from server.events.outbox import SetKind

_RETRY_SECONDS = 60.0
log = structlog.get_logger()


async def announce_overdue(engine: Engine, today: datetime.date) -> int:
    """Commits an entry for each day whose reviews became overdue since the last turn; gives how many there were."""
    yesterday = today - datetime.timedelta(days=1)
    async with engine.transaction() as session:
        until = await session.execute(text("select reviews_until from outbox_horizon"))
        if until.scalar_one() >= yesterday:
            return 0
    async with writing(engine) as write:
        days = await write.session.execute(
            text(
                """select distinct a.next_review_on from answer a, outbox_horizon h
                   where a.next_review_on > h.reviews_until and a.next_review_on <= :yesterday order by 1"""
            ),
            {"yesterday": yesterday},
        )
        overdue = list(days.scalars())
        for day in overdue:
            write.outbox.add_set(SetKind.REVIEW, day=day)
        await write.session.execute(
            text("update outbox_horizon set reviews_until = greatest(reviews_until, :yesterday)"),
            {"yesterday": yesterday},
        )
    return len(overdue)


async def turn_days(engine: Engine) -> None:
    """Announces overdue reviews now and after every midnight, until it is cancelled; a failure is tried again."""
    while True:
        now = datetime.datetime.now(datetime.UTC)
        try:
            await announce_overdue(engine, now.date())
            midnight = datetime.datetime.combine(now.date() + datetime.timedelta(days=1), datetime.time(), datetime.UTC)
            await asyncio.sleep((midnight - now).total_seconds())
        except CaveatError as error:
            log.warning("turn of the day failed", code=error.code)
            await asyncio.sleep(_RETRY_SECONDS)
        except Exception:  # the edge of a worker: whatever it was, the next day comes
            log.exception("turn of the day failed")
            await asyncio.sleep(_RETRY_SECONDS)


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
