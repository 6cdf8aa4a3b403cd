"""A process that makes vectors until it is killed: `python -m tests.search.semantic.working URL MODEL`."""

import asyncio
import sys
from pathlib import Path

from server.access.audience import ANONYMOUS
from server.content.reads.sight import Sight
from server.db.engine import Engine
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.semantic.folder import open_model
from server.search.semantic.worker import VectorWorker


async def work(url: str, folder: Path) -> None:
    async with Reads(url, size=1, deadline=60) as reads:
        worker = VectorWorker(
            open_model(folder), Sight(reads, ANONYMOUS), engine=Engine(url), wakes=Wakes(safety_seconds=0.05)
        )
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await worker.run()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
