"""The turn of one process to write the index: it opens or builds it, and follows the outbox.

It builds the index where there is none that fits, follows the outbox from the position that the index bears, and
builds it anew when it is lost, when the outbox no longer goes back far enough, when the database was set back, and
when content was erased, of which nothing may stay in any file.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import UUID

import structlog

from server.content.reads import indexing
from server.content.reads.indexing import Entry, Group
from server.content.reads.sight import Sight
from server.events.outbox import SetKind
from server.search.places import Lock, Place
from server.search.soundness import no_panic
from server.search.writing import State, Writer

log = structlog.get_logger()

BATCH = 500
"""Entries that are read at once."""
COMMIT_SECONDS = 1.0
"""How long entries may stay uncommitted while more of them come."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Turn:
    """The turn of one process to write."""

    def __init__(self, sight: Sight, place: Place, *, lock: Lock) -> None:
        self._sight = sight
        self._place = place
        self._lock = lock
        self._build: Path | None = None
        self._writer: Writer | None = None
        self._built: dict[str, float] | None = None

    @property
    def is_in_place(self) -> bool:
        """Whether what is written is what is read, and by this process alone."""
        return self._lock.is_held and self._build is not None and self._place.current == self._build

    async def open(self, *, rebuilds: bool = False) -> None:
        """Goes on with the index that is there, or builds it."""
        self._build = None if rebuilds else self._place.current
        if self._build is not None:
            try:
                self._writer = await unbroken(Writer, self._build)
            except (OSError, ValueError):
                self._writer = None
        if self._writer is None or not await self._fits(self._writer.state):
            await self._rebuild()
        await asyncio.to_thread(self._place.sweep)

    async def _fits(self, state: State) -> bool:
        if state.has_erased:
            return False
        page = await indexing.read_entries(self._sight, state.position, most=0)
        if not page.horizon <= state.position <= page.head:
            return False
        moment = await indexing.written_at(self._sight, state.position)
        return moment is None or state.written_at is None or moment.isoformat() == state.written_at

    async def _rebuild(self) -> None:
        """Builds the index anew; of a build that fails nothing is left."""
        await unbroken(self._close)
        try:
            await self._make()
        except BaseException:
            await unbroken(self._close)
            await unbroken(self._place.sweep)
            raise

    async def _make(self) -> None:
        """Makes a build of the answers as they are; what changes meanwhile is followed afterwards."""
        started = time.monotonic()
        head = (await indexing.read_entries(self._sight, 0, most=0)).head
        moment = await indexing.written_at(self._sight, head)
        build = await unbroken(self._place.new_build)
        self._writer = writer = await unbroken(Writer, build, State(position=head))
        count = await self._add(writer, indexing.EVERY)
        await unbroken(writer.commit, State(position=head, written_at=moment.isoformat() if moment else None))
        await unbroken(self._place.point, build)
        self._build = build
        self._built = {"answers": count, "seconds": round(time.monotonic() - started, 3)}

    async def _add(self, writer: Writer, group: Group) -> int:
        count, last = 0, None
        while page := await indexing.read_page(self._sight, group, after=last):
            await unbroken(writer.add, page)
            count, last = count + len(page), page[-1].id
        return count

    async def follow(self) -> None:
        """Takes in every entry up to the outbox's head, and commits."""
        if self._writer is None:
            return
        committed, reached = time.monotonic(), self._writer.state
        while True:
            page = await indexing.read_entries(self._sight, reached.position, most=BATCH)
            if not page.horizon <= reached.position <= page.head:
                break
            if page.entries:
                await self._take_in(self._writer, page.entries)
                reached = _reached(page.entries, has_erased=reached.has_erased)
            is_last = len(page.entries) < BATCH
            is_due = is_last or time.monotonic() - committed > COMMIT_SECONDS
            if is_due and reached.position > self._writer.state.position:
                await unbroken(self._writer.commit, reached)
                committed = time.monotonic()
            if is_last and not reached.has_erased:
                return
            if is_last:
                break
        await self._rebuild()

    async def _take_in(self, writer: Writer, entries: tuple[Entry, ...]) -> None:
        changed = list({entry.answer_id for entry in entries if entry.answer_id is not None})
        if changed:
            sets = await unbroken(writer.sets_of, changed) | await indexing.sets_of(self._sight, changed)
            await unbroken(writer.remove_sets, sets)
            await self._add(writer, indexing.of_sets(list(sets)))
        named = {(entry.set_kind, entry.set_id) for entry in entries if entry.set_id is not None}
        for kind, identity in named:
            if kind == SetKind.SOURCE:
                await self._add(writer, indexing.of_source(identity))
            if kind == SetKind.TOPIC:
                await self._take_in_topic(writer, identity)

    async def _take_in_topic(self, writer: Writer, topic_id: UUID) -> None:
        """Reads what is on a topic again; with a parent it may have left the bounds, or come within them."""
        last = None
        while sets := await indexing.sets_in_topic(self._sight, topic_id, after=last):
            await unbroken(writer.remove_sets, sets)
            await self._add(writer, indexing.of_sets(sets))
            last = sets[-1]

    def tell(self) -> None:
        """Says in the log when the index was built anew."""
        built, self._built = self._built, None
        if built:
            log.info("search index built", **built)

    async def end(self) -> None:
        """Lets go of the index, and lets another process write, whatever becomes of what was not committed."""
        try:
            await unbroken(self._close)
        finally:
            self._lock.release()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()


def _reached(entries: tuple[Entry, ...], *, has_erased: bool) -> State:
    """What an index stands for that has taken these entries in."""
    last, has_erased = entries[-1], has_erased or any(entry.kind == "REMOVED" for entry in entries)
    return State(position=last.position, written_at=last.written_at.isoformat(), has_erased=has_erased)


async def unbroken(
    function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Result:
    """Runs a function in a thread to its end, even where whoever waits is cancelled: a writer is never used twice.

    Raises ValueError for files of tantivy's that can't be read, however it says so.
    """
    task = asyncio.ensure_future(asyncio.to_thread(_run, partial(function, *args, **kwargs)))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        task.exception()  # whoever gave up on it does not want to know
        raise


def _run(function: Callable[[], Result]) -> Result:
    with no_panic():
        return function()
