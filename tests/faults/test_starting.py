"""Starting where Postgres is not there: one sentence and exit code 1, soon, and never a traceback."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError
from tests.faults.running import Postgres, start
from tests.waiting import PATIENCE


async def test_a_postgres_that_is_not_there_is_told_in_a_sentence():
    code, said = await _start("postgresql://caveat:secret@127.0.0.1:1/caveat")
    assert (code, said.startswith("Error: The Postgres of DATABASE_URL can't be used: ")) == (1, True)
    assert "Connect call failed" in said
    assert "secret" not in said


async def test_a_postgres_that_stands_still_is_told_in_a_sentence(postgres: Postgres):
    with postgres.frozen():
        code, said = await _start(postgres.url)
    assert (code, said) == (1, "Error: The Postgres of DATABASE_URL can't be used: it does not answer.\n")


async def test_a_postgres_that_stands_still_for_a_moment_is_waited_for(postgres: Postgres):
    async with asyncio.timeout(PATIENCE):
        with postgres.frozen():
            reads = Reads(postgres.url, deadline=0.5)
            opening = asyncio.create_task(reads.open())
            with pytest.raises(DatabaseUnavailableError):
                await Reads(postgres.url, deadline=0.5).fetch("select 1")
        await opening
    assert reads.idle == 1
    await reads.close()


async def test_a_password_that_is_wrong_is_told_in_a_sentence(postgres: Postgres):
    code, said = await _start(postgres.url.replace("caveat:", "caveat:not", 1))
    assert code == 1
    assert said == (
        'Error: The Postgres of DATABASE_URL can\'t be used: password authentication failed for user "caveat".\n'
    )


async def test_a_postgres_without_a_connection_left_is_told_in_a_sentence(postgres: Postgres):
    async with postgres.filled():
        code, said = await _start(postgres.url)
    assert (code, said) == (
        1,
        "Error: The Postgres of DATABASE_URL can't be used: sorry, too many clients already.\n",
    )


async def _start(url: str) -> tuple[int, str]:
    """The exit code of a server that does not start, and what it said."""
    with tempfile.NamedTemporaryFile() as log:
        process = await start(url, log)
        async with asyncio.timeout(PATIENCE):
            code = await process.wait()
        return code, await asyncio.to_thread(Path(log.name).read_text)
