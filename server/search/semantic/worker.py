"""The worker that keeps the vectors in step with the outbox: in every process, but at work in one over all machines.

It looks at every answer once, then follows the outbox from where that was when it began. A few answers at a time are
read, embedded in a thread and kept in one transaction together with how far that is; a vector is made anew only where
the text is another. So it may be killed at any moment: nothing is half done, and hardly anything is done twice.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from enum import Enum
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.reads import indexing
from server.content.reads.indexing import Group, Indexed
from server.content.reads.sight import Sight
from server.content.vectors import keeping
from server.content.vectors.keeping import BeingWrittenError, Kept, Vector
from server.db.engine import Engine
from server.errors.machine import DatabaseUnavailableError
from server.events.stream import Wakes
from server.search.semantic.folder import Model, Parts
from server.search.semantic.passages import digest, passage

log = structlog.get_logger()

BATCH = 64
"""Answers, or entries, of one transaction."""
TOGETHER = 8
"""Texts that a thread embeds at once: so long, at most, a process that ends has to wait for it."""
RETRY_SECONDS = 1.0
"""Between two attempts to have the turn, or to reach the database."""


class Turn(Enum):
    """What became of one turn."""

    TAKEN = "taken"
    """Another process is at it."""
    MORE = "more"
    """There is more to be done."""
    DONE = "done"
    """The vectors are as the outbox has them."""


class VectorWorker:
    """Keeps the vectors of one model in step; `run` ends only when it is cancelled."""

    def __init__(self, model: Model, sight: Sight, *, engine: Engine, wakes: Wakes) -> None:
        self._model = model
        self._sight = sight
        self._engine = engine
        self._wakes = wakes

    async def run(self) -> None:
        """Makes vectors whenever no other process does, for as long as it takes them to follow the outbox."""
        is_open = False
        while True:
            try:
                if not is_open:
                    await self.open()
                    is_open = True
                seen = self._wakes.head
                if await self._work() is Turn.DONE:
                    await self._wakes.wait(seen)
                    continue
            except DatabaseUnavailableError:
                pass
            except Exception:  # the edge of a worker: whatever it was, it must go on
                log.exception("vector worker failed")
                is_open = False
            await asyncio.sleep(RETRY_SECONDS)

    async def open(self, *, unused_days: int = keeping.UNUSED_DAYS) -> None:
        """Begins with a model that is new, and drops the vectors of those that nobody uses any more."""
        async with self._engine.transaction() as session:
            if await keeping.is_ours(session):
                await keeping.drop_unused(session, await self._kept(session), days=unused_days)

    async def catch_up(self, *, rebuilds: bool = False, note: Callable[[int], None] = lambda _: None) -> None:
        """Brings the vectors up to the outbox once, or waits for the process that does; tells how many it looked at.

        `rebuilds` makes all of them anew, and drops those of all other models.
        """
        await self.open(unused_days=0 if rebuilds else keeping.UNUSED_DAYS)
        is_due = rebuilds
        while True:
            turn, count = await self.turn(rebuilds=is_due)
            note(count)
            if turn is Turn.DONE:
                return
            if turn is Turn.TAKEN:
                await asyncio.sleep(RETRY_SECONDS / 10)
            else:
                is_due = False

    async def _work(self) -> Turn:
        started, looked_at = time.monotonic(), 0
        while True:
            turn, count = await self.turn()
            looked_at += count
            if turn is not Turn.MORE:
                break
        if looked_at >= BATCH:
            log.info("vectors made", answers=looked_at, seconds=round(time.monotonic() - started, 3))
        return turn

    async def turn(self, *, rebuilds: bool = False) -> tuple[Turn, int]:
        """Takes in the next few answers, unless somebody else is at it, or at one of them; tells how many they were."""
        try:
            return await self._turn(rebuilds=rebuilds)
        except BeingWrittenError:
            return Turn.TAKEN, 0

    async def _turn(self, *, rebuilds: bool) -> tuple[Turn, int]:
        async with self._engine.transaction() as session:
            if not await keeping.is_ours(session):
                return Turn.TAKEN, 0
            kept = await self._kept(session)
            if rebuilds:
                await keeping.forget_all(session, kept)
                await keeping.begin_again(session, kept, head=await self._head())
                return Turn.MORE, 0
            if kept.built_until is not None:
                return await self._build(session, kept, after=kept.built_until)
            return await self._follow(session, kept)

    async def _kept(self, session: AsyncSession) -> Kept:
        kept = await keeping.find_kept(session, self._model.digest)
        if kept is not None:
            return kept
        return await keeping.register(
            session, self._model.digest, dimension=self._model.dimension, head=await self._head()
        )

    async def _head(self) -> int:
        return (await indexing.read_entries(self._sight, 0, most=0)).head

    async def _build(self, session: AsyncSession, kept: Kept, *, after: UUID) -> tuple[Turn, int]:
        page = await indexing.read_page(self._sight, indexing.EVERY, after=after, most=BATCH)
        await self._take_in(session, kept, page=page)
        await keeping.advance(
            session, kept, position=kept.position, built_until=page[-1].id if len(page) == BATCH else None
        )
        return Turn.MORE, len(page)

    async def _follow(self, session: AsyncSession, kept: Kept) -> tuple[Turn, int]:
        """Takes in the next entries; all answers where these can't be had: the outbox is another, or begins later."""
        found = await indexing.read_entries(self._sight, kept.position, most=BATCH)
        if not found.horizon <= kept.position <= found.head:
            await keeping.begin_again(session, kept, head=found.head)
            return Turn.MORE, 0
        if not found.entries:
            return Turn.DONE, 0
        changed = tuple({entry.answer_id for entry in found.entries if entry.answer_id is not None})
        page = await indexing.read_page(self._sight, of_answers(changed), most=BATCH) if changed else []
        await keeping.drop(session, kept, answer_ids=sorted(set(changed) - {answer.id for answer in page}))
        await self._take_in(session, kept, page=page)
        await keeping.advance(session, kept, position=found.entries[-1].position, built_until=None)
        return Turn.MORE, len(page)

    async def _take_in(self, session: AsyncSession, kept: Kept, *, page: Sequence[Indexed]) -> None:
        texts = {answer.id: passage(answer) for answer in page}
        known = await keeping.digests(session, kept, answer_ids=list(texts))
        due = {identity: text for identity, text in texts.items() if known.get(identity) != digest(text)}
        if due:
            await keeping.store(session, kept, vectors=await self._embed(due))

    async def _embed(self, texts: dict[UUID, Parts]) -> list[Vector]:
        """Vectors of texts, a few at a time, those of like length together."""
        ordered = sorted(texts.items(), key=lambda each: sum(map(len, each[1])))
        found: list[Vector] = []
        for start in range(0, len(ordered), TOGETHER):
            part = ordered[start : start + TOGETHER]
            made = await asyncio.to_thread(self._model.embed, [text for _, text in part])
            found += [
                Vector(answer_id=identity, digest=digest(text), embedding=embedding)
                for (identity, text), embedding in zip(part, made, strict=True)
            ]
        return found


def of_answers(ids: tuple[UUID, ...]) -> Group:
    """These answers."""
    return Group(condition="a.id = any($3::uuid[])", ids=ids)
