"""Search as one process has it: for each confinement an index, with the worker that keeps it in step.

A confined audience is answered from an index of its own, made of what lies within its bounds, so that neither a word
nor a count, a rank or a correction tells of anything else. Most audiences have no bounds, and share one index.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from server.access.audience import Audience
from server.content.library import Library
from server.content.reads.sight import Sight
from server.content.vectors.nearest import SESSION
from server.db.engine import Engine
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.completing import Completion
from server.search.query import Search
from server.search.results import SearchPage, SearchRequest, SuggestRequest
from server.search.semantic.folder import Model
from server.search.semantic.fusing import Fusion
from server.search.semantic.nearness import Nearness
from server.search.semantic.worker import VectorWorker
from server.search.snapshots import Snapshots
from server.search.worker import Worker

DEADLINE = 60.0
"""Seconds that a read of a worker may take, for which nobody waits."""

MOST_CONFINED = 32
"""Indexes of confined audiences that a process keeps in step: those that were asked last."""


CONNECTIONS = 2
"""The most that one process opens to the database to read what it indexes."""

NEAR_CONNECTIONS = 4
"""The most that it opens besides to look for what is near, where it has a model."""


def _nobody(*_: object) -> None:
    """Nobody wants to know."""


class Scope:
    """One index as this process reads it, of all that is published or of what lies within bounds.

    `on_renewed` is told, in whatever thread looked, that a newer state of the index is read from now on.
    """

    def __init__(
        self,
        sight: Sight,
        *,
        wakes: Wakes,
        data_dir: Path,
        fusion: Fusion | None = None,
        on_renewed: Callable[[], object] = _nobody,
    ) -> None:
        self.bounds = sight.bounds
        self.snapshots = Snapshots(on_renewed=on_renewed)
        self.search = Search(self.snapshots, fusion=fusion)
        self.worker = Worker(sight, self.snapshots, wakes=wakes, data_dir=data_dir)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    scope: Scope
    working: asyncio.Task[None]


class Meaning:
    """Search by meaning over one database: what is near for every audience, and the worker that makes the vectors."""

    def __init__(self, model: Model, url: str, *, engine: Engine) -> None:
        self.nearness = Nearness(model)
        self.reads = Reads(url, size=NEAR_CONNECTIONS, session=SESSION)
        self.model = model
        self._engine = engine

    def fusion(self, audience: Audience) -> Fusion:
        """What means the same, among what an audience sees."""
        return Fusion(self.nearness, Sight(self.reads, audience))

    def worker(self, sight: Sight, wakes: Wakes) -> VectorWorker:
        """The worker that makes the vectors of all that a sight sees."""
        return VectorWorker(self.model, sight, engine=self._engine, wakes=wakes)


class Searching:
    """Search over one database; opening it waits for nothing.

    `on_renewed` is told, in the loop, of the bounds within which what was found before may be found otherwise now: a
    newer state of their index is read, or it is followed no more.
    """

    def __init__(
        self,
        url: str,
        *,
        wakes: Wakes,
        data_dir: Path,
        meaning: Meaning | None = None,
        on_renewed: Callable[[str], object] = _nobody,
    ) -> None:
        self._reads = Reads(url, size=CONNECTIONS, deadline=DEADLINE)
        self._meaning = meaning
        self._making: asyncio.Task[None] | None = None
        self._wakes = wakes
        self._data_dir = data_dir
        self._on_renewed = on_renewed
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._ending: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._scope(Audience())
        if self._meaning is not None:
            worker = self._meaning.worker(Sight(self._reads, Audience()), self._wakes)
            self._making = asyncio.create_task(worker.run(), name="vectors")
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._kept:
            self._end(self._kept.popitem()[1])
        if self._making is not None:
            self._making.cancel()
            self._ending.add(self._making)
        if self._ending:
            await asyncio.wait(self._ending, timeout=1)  # a standing Postgres may hold a statement up
        await self._reads.close()
        if self._meaning is not None:
            await self._meaning.reads.close()

    async def search(self, request: SearchRequest, *, library: Library) -> SearchPage:
        """As `Search.search`, among what the library's audience sees."""
        return await self._scope(library.audience).search.search(request, library=library)

    async def suggest(self, request: SuggestRequest, *, library: Library) -> tuple[Completion, ...]:
        """As `Search.suggest`, among what the library's audience sees."""
        return await self._scope(library.audience).search.suggest(request, library=library)

    def _scope(self, audience: Audience) -> Scope:
        bounds = Audience(topics=audience.topics, locales=audience.locales)
        sight = Sight(self._reads, bounds)
        kept = self._kept.get(sight.bounds)
        if kept is None or kept.working.done():
            kept = self._kept[sight.bounds] = self._begin(sight, bounds)
        if sight.bounds:
            self._kept.move_to_end(sight.bounds)
            while len(self._kept) > MOST_CONFINED + 1:
                self._end(self._kept.pop(next(filter(None, self._kept))))
        return kept.scope

    def _begin(self, sight: Sight, bounds: Audience) -> _Kept:
        fusion = self._meaning.fusion(bounds) if self._meaning else None
        tell = partial(asyncio.get_running_loop().call_soon_threadsafe, self._on_renewed, sight.bounds)
        scope = Scope(sight, wakes=self._wakes, data_dir=self._data_dir, fusion=fusion, on_renewed=tell)
        # in a context of its own: it does not end with the operation that asked first
        working = asyncio.create_task(scope.worker.run(), name="search index", context=Context())
        return _Kept(scope=scope, working=working)

    def _end(self, kept: _Kept) -> None:
        kept.working.cancel()
        self._ending.add(kept.working)
        kept.working.add_done_callback(self._ending.discard)
        kept.scope.snapshots.close()
        self._on_renewed(kept.scope.bounds)
