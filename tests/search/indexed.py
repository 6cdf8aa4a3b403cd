"""A search of the test's own: indexes in a folder, brought up to the outbox before they are asked."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self

from server.access.audience import ANONYMOUS, Audience
from server.content.library import Library
from server.content.reads.indexing import read_entries
from server.content.reads.sight import Sight
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.completing import Completion
from server.search.places import Place
from server.search.query import Search
from server.search.results import SearchPage, SearchRequest, SuggestRequest
from server.search.searching import Meaning, Scope
from server.search.snapshots import Snapshots
from server.search.worker import Worker


class IndexedSearch:
    """Reads through a connection of its own, so that it costs the test no statement."""

    def __init__(self, url: str, data_dir: Path, *, meaning: Meaning | None = None) -> None:
        self.reads = Reads(url, size=1, deadline=60)
        self.data_dir = data_dir
        self.meaning = meaning
        self.renewals: list[Callable[[str], object]] = []
        """Told, in any thread, of the bounds of an index of which a newer state is read."""
        self._scopes: dict[str, Scope] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for scope in self._scopes.values():
            scope.snapshots.close()
        await self.reads.close()

    def scope(self, audience: Audience = ANONYMOUS) -> Scope:
        sight = Sight(self.reads, audience)
        if sight.bounds not in self._scopes:
            fusion = self.meaning.fusion(audience) if self.meaning else None
            tell = partial(self._tell, sight.bounds)
            scope = Scope(sight, wakes=Wakes(), data_dir=self.data_dir, fusion=fusion, on_renewed=tell)
            self._scopes[sight.bounds] = scope
        return self._scopes[sight.bounds]

    def _tell(self, bounds: str) -> None:
        for renewal in self.renewals:
            renewal(bounds)

    async def follow(self) -> None:
        """Brings every index that was asked up to the outbox."""
        for scope in list(self._scopes.values()):
            await scope.worker.catch_up()

    @property
    def sight(self) -> Sight:
        return Sight(self.reads, ANONYMOUS)

    @property
    def worker(self) -> Worker:
        return self.scope().worker

    @property
    def snapshots(self) -> Snapshots:
        return self.scope().snapshots

    @property
    def place(self) -> Place:
        """Where the index of everything lies; it was attached."""
        place = self.snapshots._place
        assert place is not None
        return place

    @property
    def stale(self) -> Search:
        """Searches what there is, however old."""
        return self.scope().search

    async def catch_up(self, audience: Audience = ANONYMOUS) -> Search:
        scope = self.scope(audience)
        latest = scope.snapshots.latest
        if latest is None or latest.position != (await read_entries(self.sight, 0, most=0)).head:
            await scope.worker.catch_up()
        if self.meaning is not None:
            await self.meaning.worker(self.sight, Wakes()).catch_up()
        return scope.search

    async def search(self, request: SearchRequest, *, library: Library) -> SearchPage:
        return await (await self.catch_up(library.audience)).search(request, library=library)

    async def suggest(self, request: SuggestRequest, *, library: Library) -> tuple[Completion, ...]:
        return await (await self.catch_up(library.audience)).suggest(request, library=library)
