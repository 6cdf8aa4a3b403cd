"""A search of the test's own: an index in a folder, brought up to the outbox before it is asked."""

from pathlib import Path
from typing import Self

from server.content.library import Library
from server.content.reads.indexing import read_entries
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.completing import Completion
from server.search.query import Search
from server.search.results import SearchPage, SearchRequest, SuggestRequest
from server.search.snapshots import Snapshots
from server.search.worker import Worker


class IndexedSearch:
    """Reads through a connection of its own, so that it costs the test no statement."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.reads = Reads(url, size=1, deadline=60)
        self.snapshots = Snapshots()
        self.worker = Worker(self.reads, self.snapshots, wakes=Wakes(), data_dir=data_dir)
        self.stale = Search(self.snapshots)
        """Searches what there is, however old."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.snapshots.close()
        await self.reads.close()

    async def catch_up(self) -> None:
        latest = self.snapshots.latest
        if latest is None or latest.position != (await read_entries(self.reads, 0, most=0)).head:
            await self.worker.catch_up()

    async def search(self, request: SearchRequest, *, library: Library) -> SearchPage:
        await self.catch_up()
        return await self.stale.search(request, library=library)

    async def suggest(self, request: SuggestRequest, *, library: Library) -> tuple[Completion, ...]:
        await self.catch_up()
        return await self.stale.suggest(request, library=library)
