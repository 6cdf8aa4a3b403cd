"""A process that does nothing but keep an index: `python -m tests.search.working URL FOLDER`, until it is killed."""

import asyncio
import sys
from pathlib import Path

from server.access.audience import ANONYMOUS
from server.content.reads.sight import Sight
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.snapshots import Snapshots
from server.search.worker import Worker


async def work(url: str, data_dir: Path) -> None:
    async with Reads(url, size=1, deadline=60) as reads:
        await Worker(Sight(reads, ANONYMOUS), Snapshots(), wakes=Wakes(safety_seconds=0.05), data_dir=data_dir).run()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
