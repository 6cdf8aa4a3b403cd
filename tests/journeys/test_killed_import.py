"""An import that is killed at any moment leaves whole answers only, and the next one finishes the work."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from server.content.draft import Draft
from server.content.filters import AnswerFilter, AnswerOrder
from server.content.library import Library
from server.content.pages import PageRequest
from server.db.reads import Reads
from server.importers.ahead import FEWEST
from server.importers.files import Manner, read_files
from server.importers.load import BATCH
from tests.importers.medquad.xml import document, pair
from tests.journeys.barring import WAITING, barred
from tests.waiting import START, until

COUNT = 2 * BATCH + 20
LIBRARY = FEWEST + 20
PAGE = """What is condition {number}?

Condition {number}May 15, 2026Navis AI

According to the World Health Organization, condition {number} is common.

What to do

  • Rest: Sleep well
  • Drink {number} glasses of water
"""

_ORPHANS = """
select count(*) from answer a where not exists (select 1 from revision r where r.answer_id = a.id)
    or not exists (select 1 from answer_topic t where t.answer_id = a.id)
    or not exists (select 1 from answer_source s where s.answer_id = a.id)
    or not exists (select 1 from outbox o where o.answer_id = a.id and o.position = a.change_position)
    or not exists (select 1 from answer_file f where f.answer_id = a.id and f.change_position = a.change_position)
"""


async def start_import(folder: Path, url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "import", str(folder),
        env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def test_an_import_that_is_killed_leaves_whole_answers_only(
    database_url: str, reads: Reads, tmp_path: Path
) -> None:
    for number in range(COUNT):
        (tmp_path / f"{number:04}.txt").write_text(PAGE.format(number=number))

    for goal in (1, BATCH // 2, BATCH + 1):
        await kill_one(tmp_path, database_url, reads, goal=goal)
        assert await reads.fetch_value(_ORPHANS) == 0

    finishing = await start_import(tmp_path, database_url)
    assert (await finishing.wait(), await count(reads)) == (0, COUNT)
    assert await texts(Library(reads)) == {draft.slug: text_of(draft) for _, draft in read_drafts(tmp_path)}


async def test_a_library_that_is_killed_on_its_way_in_is_finished_by_the_next_import(
    database_url: str, reads: Reads, tmp_path: Path
) -> None:
    folder = tmp_path / "5_NIDDK_QA"
    folder.mkdir()
    for number in range(LIBRARY):
        data = document(pair(1, f"What is {number}?", f"It is:    - {number}    - more"), focus=f"Condition {number}")
        (folder / f"{number:04}.xml").write_bytes(data)

    async with barred(database_url, most=BATCH):
        process = await start_import(tmp_path, database_url)
        await until(lambda: reads.fetch_value(WAITING), seconds=START)
        await kill(process)
    assert (await count(reads), await reads.fetch_value(_ORPHANS)) == (BATCH, 0)

    finishing = await start_import(tmp_path, database_url)
    assert (await finishing.wait(), await count(reads)) == (0, LIBRARY)
    assert await reads.fetch_value("select count(*) from revision") == LIBRARY
    assert await texts(Library(reads)) == {
        draft.slug: f"It is: {draft.question.removeprefix('What is ').removesuffix('?')} more"
        for _, draft in read_drafts(folder)
    }


async def kill_one(folder: Path, url: str, reads: Reads, *, goal: int) -> None:
    """Kills an import on its way, at a moment by chance once so many answers are in."""
    async with barred(url, most=COUNT - 1), asyncio.timeout(60):  # it would be done by chance, too
        process = await start_import(folder, url)
        while await count(reads) < goal:  # noqa: ASYNC110 - another process
            await asyncio.sleep(random.uniform(0, 0.02))
        await kill(process)
    assert await count(reads) < COUNT


async def kill(process: asyncio.subprocess.Process) -> None:
    """Kills an import, which has not ended before."""
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL


async def count(reads: Reads) -> int:
    found: int = await reads.fetch_value("select count(*) from answer")
    return found


def read_drafts(folder: Path) -> list[tuple[Path, Draft]]:
    return [(path, read) for path, read in read_files(sorted(folder.iterdir()), Manner()) if isinstance(read, Draft)]


def text_of(draft: Draft) -> str:
    opening, advice = draft.sections
    (paragraph,), (advices,) = opening.blocks, advice.blocks
    words = ["".join(span.text for span in paragraph.content), advice.heading or ""]
    for item in advices.items:
        lead = "".join(span.text for span in item.lead) + ": " if item.lead else ""
        words.append(lead + "".join(span.text for span in item.content))
    return " ".join(words)


async def texts(library: Library) -> dict[str, str]:
    found: dict[str, str] = {}
    cursor = None
    while True:
        page = await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest(size=100, after=cursor))
        found |= {answer.slug: " ".join(answer.published.body.text.split()) for answer in page.nodes}
        if not page.has_next:
            return found
        cursor = page.cursors[-1]
