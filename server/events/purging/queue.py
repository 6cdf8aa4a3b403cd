"""The names that caches outside are still to forget, kept in the database until they have.

A name is purged several times: a response that was on its way when the change was committed may reach a cache after the
first purge, and nothing else would take it away.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.db.engine import Engine
from server.db.reads import Reads
from server.events.news import Told, read_told

DELAYS = (2.0, 12.0)
"""Seconds between one purge and the next: a process may be so far behind the news, a response so long under way."""

MOST_AT_ONCE = 30
"""Names in one call: so many every cache takes."""

_LOCK = 0x0CA7ECD

Name: TypeAlias = Callable[[Told], Sequence[str]]
"""What that which changed is called in caches."""

Look: TypeAlias = Callable[[AsyncSession], Awaitable[Mapping[str, str]]]
"""Digests, by name, of what changes without an entry of the outbox."""

Send: TypeAlias = Callable[[Sequence[str]], Awaitable[None]]
"""Has caches forget names; raises where they may not have."""


class PurgeQueue:
    """What is to be purged, as one process sees it."""

    def __init__(self, engine: Engine, reads: Reads, *, name: Name, look: Look) -> None:
        self._engine = engine
        self._reads = reads
        self._name = name
        self._look = look

    async def gather(self) -> None:
        """Queues what changed since the last time; nothing while another process is at it."""
        async with self._engine.transaction() as session:
            if not await _is_ours(session):
                return
            position = (await session.execute(text("select position from purge_position"))).scalar_one()
            told, head = await read_told(self._reads, position)
            await _add(session, self._name(told) if told != Told() else ())
            await session.execute(text("update purge_position set position = :head"), {"head": head})
            await _add(session, await self._changed(session))

    async def work(self, send: Send) -> int:
        """Has names that are due forgotten and gives how many; 0 too while another process is at it.

        They stay queued where `send` fails, which it tells by what it raises.
        """
        async with self._engine.transaction() as session:
            if not await _is_ours(session):
                return 0
            names = await _due(session)
            if names:
                await send(names)
                await _note_sent(session, names)
            return len(names)

    async def next_due(self) -> float | None:
        """Seconds until something is due; None where nothing waits."""
        async with self._engine.transaction() as session:
            seconds = await session.execute(
                text("select extract(epoch from min(due_at) - clock_timestamp())::float8 from purge")
            )
            found: float | None = seconds.scalar_one()
            return None if found is None else max(found, 0.0)

    async def _changed(self, session: AsyncSession) -> list[str]:
        """The names of what is not as it was; notes how it is."""
        known = {row.name: row.digest for row in await session.execute(text("select name, digest from purge_digest"))}
        found = await self._look(session)
        changed = sorted(name for name, digest in found.items() if known.get(name) != digest)
        if changed:
            await session.execute(
                text(
                    """insert into purge_digest (name, digest)
                       select * from unnest(cast(:names as text[]), cast(:digests as text[]))
                       on conflict (name) do update set digest = excluded.digest"""
                ),
                {"names": changed, "digests": [found[name] for name in changed]},
            )
        return changed


async def _is_ours(session: AsyncSession) -> bool:
    """Whether nobody else is at it until the end of this transaction."""
    taken = await session.execute(text("select pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
    return bool(taken.scalar_one())


async def _add(session: AsyncSession, names: Iterable[str]) -> None:
    queued = sorted(set(names))
    if queued:
        await session.execute(
            text(
                """insert into purge (name, due_at, sent) select name, clock_timestamp(), 0
                   from unnest(cast(:names as text[])) as name
                   on conflict (name) do update set due_at = excluded.due_at, sent = 0"""
            ),
            {"names": queued},
        )


async def _due(session: AsyncSession) -> list[str]:
    """What is due, and what would be later than anything is put off: the clock was set back since."""
    found = await session.execute(
        text(
            """select name from purge
               where due_at not between clock_timestamp() and clock_timestamp() + make_interval(secs => :longest)
               order by sent, due_at, name limit :most"""
        ),
        {"longest": max(DELAYS), "most": MOST_AT_ONCE},
    )
    return list(found.scalars())


async def _note_sent(session: AsyncSession, names: Sequence[str]) -> None:
    await session.execute(
        text("delete from purge where name = any(:names) and sent >= :last"),
        {"names": list(names), "last": len(DELAYS)},
    )
    await session.execute(
        text(
            """update purge set sent = sent + 1,
                   due_at = clock_timestamp() + make_interval(secs => (cast(:delays as float8[]))[sent + 1])
               where name = any(:names)"""
        ),
        {"names": list(names), "delays": list(DELAYS)},
    )
