"""A Postgres to hurt, a server in a process of its own on it, and clients that count what they get."""

import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from server.db.connections import Connection, connect
from server.errors.machine import DatabaseUnavailableError
from tests.waiting import PATIENCE, START, until

SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"
PAGE = f"""{{
  answer(slug: "{SLUG}") {{
    title disclaimers {{ text }} sections {{ heading body {{ text }} }}
    relatedAnswers {{ slug }} topics {{ name answers {{ totalCount }} }} sources {{ title citedBy {{ totalCount }} }}
  }}
}}"""
"""An operation of several statements, one after the other."""

OURS = "from pg_stat_activity where application_name = 'caveat' and pid <> pg_backend_pid()"
"""The server's backends."""

UNKEPT = {
    "CAVEAT_CACHE_MB": "0",
    "CAVEAT_OBJECTS_MB": "0",
    "CAVEAT_ANONYMOUS_REQUESTS_PER_MINUTE": "1000000",
    "CAVEAT_ANONYMOUS_COST_PER_MINUTE": "1000000000",
}
"""Every request meets the database; what is kept is served by without it, which tests of its own are of."""

REFUSED = {"DATABASE_UNAVAILABLE"}


class Postgres:
    """The Postgres of a data folder, as one who may send it signals sees it."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        self._state = home / "data" / "postmaster.pid"

    @property
    def pid(self) -> int:
        """Its first process; zero where it does not run."""
        with suppress(FileNotFoundError, IndexError):
            return int(self._state.read_text().splitlines()[0])
        return 0

    def kill(self) -> None:
        """Kills the first process; the others end with it, and its supervisor starts it again."""
        os.kill(self.pid, signal.SIGKILL)

    async def restart(self) -> None:
        """Stops it as an operator does, fast; its supervisor starts it again."""
        before = self.pid
        os.kill(before, signal.SIGINT)
        await until(lambda: self.is_another(before))

    async def is_another(self, before: int) -> bool:
        """Whether it runs, and not as that process."""
        return self.pid not in (0, before) and "ready" in self._state.read_text()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes stand still during the block."""
        stopped = [self.pid, *_children(self.pid)]
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    @asynccontextmanager
    async def filled(self) -> AsyncIterator[None]:
        """Others have every connection during the block, and the server none."""
        taken: list[Connection] = []
        try:
            while not taken or await taken[0].fetchval(f"select count(pg_terminate_backend(pid, 1000)) {OURS}"):
                with suppress(DatabaseUnavailableError):
                    while True:
                        taken.append(await connect(self.url, application_name="test"))
            yield
        finally:
            for connection in taken:
                connection.terminate()

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[Connection]:
        """A connection beside the server's."""
        connection = await connect(self.url, application_name="test")
        try:
            yield connection
        finally:
            connection.terminate()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@dataclass(frozen=True)
class Outcome:
    """What one request came to."""

    codes: frozenset[str]
    data: object
    seconds: float
    """What it took beyond what the machine, which may do other work, takes for a request without any work."""
    status: int


@dataclass
class Served:
    """A server that runs, and a client that keeps its connections."""

    process: asyncio.subprocess.Process
    client: httpx.AsyncClient
    log: Path
    address: str = ""
    whole: object = None
    lag: float = 0

    async def has_started(self) -> bool:
        """Whether it said that it is ready; its address is known then."""
        assert self.process.returncode is None, self.said
        if found := re.search(r"GraphQL endpoint +(http://127\.0\.0\.1:\d+)/graphql\n", self.said):
            self.address = found[1]
        return bool(found)

    @property
    def said(self) -> str:
        """All that it printed and logged."""
        return self.log.read_text()

    async def ask(self, query: str = PAGE) -> Outcome:
        """One operation, timed."""
        started = time.monotonic()
        answered = await self.client.post(f"{self.address}/graphql", json={"query": query})
        seconds = time.monotonic() - started - self.lag
        body = answered.json()
        codes = frozenset(error["extensions"]["code"] for error in body.get("errors", ()))
        return Outcome(codes=codes, data=body.get("data"), seconds=seconds, status=answered.status_code)

    async def measure(self) -> None:
        """Learns how long the machine takes just now for a request that needs nothing."""
        started = time.monotonic()
        await self.client.get(f"{self.address}/healthz")
        self.lag = time.monotonic() - started

    async def serves(self) -> bool:
        """Whether the whole page comes."""
        outcome = await self.ask()
        return not outcome.codes and outcome.data == self.whole

    async def is_ready(self) -> bool:
        """What `/readyz` says."""
        return (await self.client.get(f"{self.address}/readyz")).status_code == 200

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after the signal."""
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    @property
    def open_files(self) -> int:
        """How many descriptors its process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@asynccontextmanager
async def serving(url: str, **environment: str) -> AsyncIterator[Served]:
    """Runs a server in production on the database at the URL; at the end nothing of it is left."""
    with tempfile.NamedTemporaryFile() as log:
        process = await start(url, log, **environment)
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE, limits=limits) as client:
            served = Served(process, client, Path(log.name))
            try:
                await until(served.has_started, seconds=START)
                yield served
            finally:
                if process.returncode is None:
                    process.kill()
                await process.wait()
                shutil.rmtree(f"{log.name}-data", ignore_errors=True)


async def start(url: str, log: IO[bytes], **environment: str) -> asyncio.subprocess.Process:
    """A server that starts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CAVEAT_", "DATABASE_"))}
    kept["CAVEAT_DATA_DIR"] = f"{log.name}-data"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "serve"),
        env={**kept, "CAVEAT_ENV": "production", "CAVEAT_PORT": "0", "DATABASE_URL": url, **UNKEPT, **environment},
        stdout=log,
        stderr=log,
    )


@asynccontextmanager
async def load(served: Served, clients: int = 8) -> AsyncIterator[list[Outcome]]:
    """Clients that ask one operation after the other during the block; what they got."""
    outcomes: list[Outcome] = []

    async def ask_on() -> None:
        while True:
            outcomes.append(await served.ask())
            await asyncio.sleep(0.02)

    async def measure_on() -> None:
        while True:
            await served.measure()
            await asyncio.sleep(0.02)

    asking = [asyncio.create_task(measure_on()), *(asyncio.create_task(ask_on()) for _ in range(clients))]
    try:
        yield outcomes
    finally:
        for task in asking:
            task.cancel()
        ended = await asyncio.gather(*asking, return_exceptions=True)
        served.lag = 0
    assert {type(end) for end in ended} == {asyncio.CancelledError}


def check(outcomes: list[Outcome], whole: object) -> Counter[frozenset[str]]:
    """Counts outcomes by their codes: each is the whole answer, or a refusal without any of it within two seconds."""
    for outcome in outcomes:
        assert (outcome.codes, outcome.data) in ((set(), whole), (REFUSED, {"answer": None})), outcome
        assert not outcome.codes or outcome.seconds < 2, outcome
    return Counter(outcome.codes for outcome in outcomes)
