"""Workers at their work, of this process and of another, and what the index holds meanwhile."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tantivy import Query

from server.events.stream import Wakes
from server.search import fields
from server.search.places import Place
from server.search.snapshots import Snapshot, Snapshots
from server.search.worker import Worker
from tests.search.indexed import IndexedSearch
from tests.search.samples import answer, topics


@asynccontextmanager
async def another_process(url: str, data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """One that keeps the same index; it is killed at the latest at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.search.working", url, str(data_dir), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def working(indexed: IndexedSearch, data_dir: Path) -> AsyncIterator[Snapshots]:
    """A worker of this process that never sleeps for long."""
    worker = Worker(indexed.sight, indexed.snapshots, wakes=Wakes(safety_seconds=0.05), data_dir=data_dir)
    task = asyncio.create_task(worker.run())
    try:
        yield indexed.snapshots
    finally:
        task.cancel()
        await asyncio.wait([task])


def slugs_in(snapshot: Snapshot | None) -> list[str]:
    """What an index holds, however it is found."""
    found = []
    for volume in snapshot.volumes.values() if snapshot else ():
        found += [slug for slug, _ in volume.searcher.terms_with_prefix(fields.SLUG, "", Query.all_query())]
    return sorted(found)


async def holds(snapshots: Snapshots, *expected: str) -> bool:
    return slugs_in(snapshots.refresh(at_once=True)) == sorted(expected)


def cold(number: int, **changes: object) -> object:
    return answer(f"cold-{number:03}", f"What helps against cold {number}?", topics=topics("Cold"), **changes)


async def holds_any(snapshots: Snapshots) -> bool:
    return snapshots.refresh(at_once=True) is not None


async def is_another(place: Place, former: Path) -> bool:
    return place.current not in (None, former)
