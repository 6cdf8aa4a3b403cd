"""`caveat serve`, from an empty folder to an answer, through kills and restarts."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from schema.build import sdl
from server.db.reads import Reads
from tests.waiting import PATIENCE, until

QUERY = '{ answer(slug: "how-does-car-t-cell-therapy-work-for-leukemia") { title disclaimers { text } } }'
TITLE = "How CAR-T Cell Therapy Works for Leukemia"
START = 60


@dataclass
class Served:
    """A server in a process of its own, as a newcomer starts it."""

    process: asyncio.subprocess.Process
    said: str = ""

    async def until_ready(self) -> None:
        async with asyncio.timeout(START):
            while "Ctrl-C" not in self.said:
                line = await self.process.stdout.readline()
                assert line, self.said
                self.said += line.decode()
            while "/graphql" not in self.said:
                self.said += (await self.process.stdout.readline()).decode()

    @property
    def endpoint(self) -> str:
        return re.search(r"http://127\.0\.0\.1:\d+/graphql", self.said)[0]

    async def title(self) -> str:
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            answered = await client.post(self.endpoint, json={"query": QUERY})
        return answered.json()["data"]["answer"]["title"]

    async def end(self, number: signal.Signals) -> tuple[int, str]:
        """Its exit code after the signal, and all that it said."""
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait(), self.said


@pytest.fixture(scope="module")
async def seeded_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that a server has filled."""
    home = tmp_path_factory.mktemp("served") / "data"
    async with serving(home) as served:
        await served.until_ready()
        await served.end(signal.SIGINT)
    return home


@pytest.fixture
def home(seeded_dir: Path, tmp_path: Path) -> Path:
    """A copy of a data folder in use."""
    subprocess.run(["cp", "-a", seeded_dir, tmp_path], check=True)
    return tmp_path / "data"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


async def test_a_first_start_ends_with_the_sample_answers_served(tmp_path: Path):
    async with serving(tmp_path / "data") as served:
        await served.until_ready()
        assert await served.title() == TITLE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_cleanly_and_its_postgres_with_it(home: Path, number: signal.Signals):
    async with serving(home) as served:
        await served.until_ready()
        code, said = await served.end(number)
    assert (code, said.splitlines()[-1]) == (0, "Caveat has stopped.")
    assert not _is_running(home)


async def test_a_killed_server_leaves_no_postgres_and_starts_again(home: Path):
    async with serving(home) as served:
        await served.until_ready()
        await served.end(signal.SIGKILL)
    await until(lambda: _has_ended(home))
    async with serving(home) as served:
        await served.until_ready()
        assert await served.title() == TITLE


async def test_two_servers_share_the_postgres_of_one_folder(home: Path):
    async with serving(home) as first, serving(home) as second:
        await first.until_ready()
        await second.until_ready()
        await first.end(signal.SIGTERM)
        assert await second.title() == TITLE


async def test_a_port_that_is_taken_is_told_before_anything_is_made(tmp_path: Path, taken_port: int):
    async with serving(tmp_path / "data", CAVEAT_PORT=str(taken_port)) as served:
        code, said = await served.process.wait(), (await served.process.stdout.read()).decode()
    assert code == 1
    assert said.startswith(f"Error: Port {taken_port} of 127.0.0.1 can't be used")
    assert f"`CAVEAT_PORT={taken_port % 65535 + 1} make serve`" in said
    assert not (tmp_path / "data").exists()


async def test_a_database_of_ones_own_is_used_and_none_is_started(tmp_path: Path, databases):
    url = await databases.create_empty()
    async with serving(tmp_path / "data", DATABASE_URL=url) as served:
        await served.until_ready()
        assert await served.title() == TITLE
        await served.end(signal.SIGTERM)
    assert not (tmp_path / "data" / "postgres").exists()
    await databases.drop(url)


async def test_a_server_notes_which_schema_it_serves(tmp_path: Path, databases):
    url = await databases.create()
    async with serving(tmp_path / "data", DATABASE_URL=url, CAVEAT_ENV="production") as served, Reads(url) as reads:
        await served.until_ready()
        assert [row["sdl"] for row in await reads.fetch("select sdl from served_schema")] == [sdl()]
    await databases.drop(url)


async def test_a_production_server_brings_no_samples(tmp_path: Path, databases):
    url = await databases.create_empty()
    async with serving(tmp_path / "data", DATABASE_URL=url, CAVEAT_ENV="production") as served:
        await served.until_ready()
        assert "sample" not in served.said
        await served.end(signal.SIGTERM)
    await databases.drop(url)


@asynccontextmanager
async def serving(home: Path, **environment: str) -> AsyncIterator[Served]:
    """Runs `caveat serve`; at the end nothing of it is left."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CAVEAT_", "DATABASE_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "serve"),
        env={**kept, "CAVEAT_DATA_DIR": str(home), "CAVEAT_PORT": "0", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Served(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def _is_running(home: Path) -> bool:
    return (home / "postgres" / "data" / "postmaster.pid").exists()


async def _has_ended(home: Path) -> bool:
    return not _is_running(home)
