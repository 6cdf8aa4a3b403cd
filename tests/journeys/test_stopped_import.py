"""An import that is stopped with Ctrl-C says so, leaves whole answers only, and goes on where it was."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.db.reads import Reads
from server.importers.ahead import FEWEST
from server.importers.load import BATCH
from tests.importers.medquad.xml import document, pair
from tests.journeys.barring import WAITING, barred
from tests.journeys.test_killed_import import count
from tests.waiting import START, until

COUNT = FEWEST + 100
TORN = """
select count(*) from answer a where not exists (select 1 from revision r where r.answer_id = a.id)
    or not exists (select 1 from answer_topic t where t.answer_id = a.id)
    or not exists (select 1 from answer_source s where s.answer_id = a.id)
    or not exists (select 1 from outbox o where o.answer_id = a.id and o.position = a.change_position)
"""


@pytest.fixture(autouse=True)
def hears_ctrl_c() -> Iterator[None]:
    """What is started here hears Ctrl-C, also where the tests run in the background of a shell and hear none."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


async def start(folder: Path, url: str) -> asyncio.subprocess.Process:
    """An import in a group of its own, as a terminal starts it."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "import", str(folder),
        env={**os.environ, "DATABASE_URL": url}, process_group=0,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def stopped_on_its_way(folder: Path, url: str, reads: Reads) -> tuple[asyncio.subprocess.Process, bytes, bytes]:
    """An import that was stopped when a part was in, and what it said."""
    async with barred(url, most=BATCH + 2):  # which the first batch may have
        process = await start(folder, url)
        await until(lambda: reads.fetch_value(WAITING), seconds=START)
        os.killpg(process.pid, signal.SIGINT)  # the whole group, as Ctrl-C does
        return process, *await process.communicate()


async def test_an_import_that_is_stopped_says_so_and_goes_on_where_it_was(
    database_url: str, reads: Reads, tmp_path: Path
) -> None:
    folder = tmp_path / "5_NIDDK_QA"
    folder.mkdir()
    for number in range(COUNT):
        pairs = [pair(pid, f"What is {number} of {pid}?", f"It is {number}.") for pid in (1, 2, 3)]
        (folder / f"{number:04}.xml").write_bytes(document(*pairs, focus=f"Condition {number}"))

    process, output, errors = await stopped_on_its_way(tmp_path, database_url, reads)

    there = await count(reads)
    told = errors.decode().splitlines()
    assert (process.returncode, output) == (130, b""), errors.decode()
    assert 0 < there < 3 * COUNT, "it was stopped on its way"
    assert (there % 3, await reads.fetch_value(TORN)) == (0, 0)
    assert told[0].startswith("Stopped after ")
    assert f" of {COUNT} files: " in told[0]
    assert told[1:] == ["What is in stays, and is whole: the same command goes on with the rest."]

    finishing = await start(tmp_path, database_url)
    output, errors = await finishing.communicate()
    summary = f"{COUNT} files: {3 * COUNT - there} published, {there} unchanged\n"
    assert (finishing.returncode, output.decode(), errors) == (0, summary, b"")
    assert await reads.fetch_value("select count(*) from revision") == 3 * COUNT
