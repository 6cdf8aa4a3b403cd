"""Writing receipts: batches, each of which counts once, however often it has to be written."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.receipts.lines import Lines, in_order
from server.db.engine import Engine

WRITER_DAYS = 7
"""How long after its last batch a writer is remembered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Lines of one process, numbered: what is not known to be written is written again under its number."""

    writer: UUID
    number: int
    lines: Lines


async def write(engine: Engine, batch: Batch) -> bool:
    """Adds a batch to what is written; False where that was done already. Raises DatabaseUnavailableError."""
    async with engine.transaction() as session:
        if not await _is_new(session, batch):
            return False
        if batch.lines.served:
            await _write_served(session, batch.lines)
        if batch.lines.asked:
            await _write_asked(session, batch.lines)
    return True


async def prune(engine: Engine, *, before: datetime.date) -> int:
    """Deletes the receipts of earlier days and gives how many; raises DatabaseUnavailableError."""
    deleted = 0
    async with engine.transaction() as session:
        for table in ("receipt", "field_use"):
            gone = await session.execute(
                text(f"with gone as (delete from {table} where day < :before returning 1) select count(*) from gone"),
                {"before": before},
            )
            deleted += gone.scalar_one()
        await session.execute(
            text("delete from receipt_writer where written_at < clock_timestamp() - make_interval(days => :days)"),
            {"days": WRITER_DAYS},
        )
    return deleted


async def _is_new(session: AsyncSession, batch: Batch) -> bool:
    """Whether a batch was not written before: the writer's row says so, and holds off whoever writes it beside."""
    advanced = await session.execute(
        text(
            """insert into receipt_writer as w (id, batch, written_at) values (:id, :batch, clock_timestamp())
               on conflict (id) do update set batch = excluded.batch, written_at = excluded.written_at
               where w.batch < excluded.batch returning 1"""
        ),
        {"id": batch.writer, "batch": batch.number},
    )
    return advanced.first() is not None


async def _write_served(session: AsyncSession, lines: Lines) -> None:
    rows = [(*key, count) for key, count in in_order(lines.served)]
    await session.execute(
        text(
            """insert into receipt as r (day, client_id, document, answer_id, revision, count)
               select * from unnest(cast(:c0 as date[]), cast(:c1 as uuid[]), cast(:c2 as text[]),
                   cast(:c3 as uuid[]), cast(:c4 as int[]), cast(:c5 as bigint[]))
               on conflict (day, client_id, document, answer_id, revision)
               do update set count = r.count + excluded.count"""
        ),
        _columns(rows),
    )


async def _write_asked(session: AsyncSession, lines: Lines) -> None:
    rows = [(*key, count) for key, count in in_order(lines.asked)]
    await session.execute(
        text(
            """insert into field_use as f (day, client_id, field, count)
               select * from unnest(cast(:c0 as date[]), cast(:c1 as uuid[]), cast(:c2 as text[]),
                   cast(:c3 as bigint[]))
               on conflict (day, client_id, field) do update set count = f.count + excluded.count"""
        ),
        _columns(rows),
    )


def _columns(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {f"c{place}": list(column) for place, column in enumerate(zip(*rows, strict=True))}
