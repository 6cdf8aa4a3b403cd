"""A Postgres to hurt, a server in a process of its own on it, and clients that count what they get."""

import asyncio
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from server.db.connections import Connection, connect
from tests.waiting import PATIENCE, until

SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"
PAGE = f"""{{
  answer(slug: "{SLUG}") {{
    title disclaimers {{ text }} sections {{ heading body {{ text }} }}
    relatedAnswers {{ slug }} topics {{ name answers {{ totalCount }} }} sources {{ title citedBy {{ totalCount }} }}
  }}
}}"""
"""An operation of several statements, one after the other."""

REFUSED = {"DATABASE_UNAVAILABLE"}
START = 60


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
    status: int


@dataclass
class Served:
    """A server that runs, and a client that keeps its connections."""

    process: asyncio.subprocess.Process
    address: str
    client: httpx.AsyncClient
    said: str = ""
    whole: object = field(default=None)

    async def ask(self, query: str = PAGE) -> Outcome:
        """One operation, timed."""
        started = time.monotonic()
        answered = await self.client.post(f"{self.address}/graphql", json={"query": query})
        seconds = time.monotonic() - started
        body = answered.json()
        codes = frozenset(error["extensions"]["code"] for error in body.get("errors", ()))
        return Outcome(codes=codes, data=body.get("data"), seconds=seconds, status=answered.status_code)

    async def serves(self) -> bool:
        """Whether the whole page comes."""
        outcome = await self.ask()
        return not outcome.codes and outcome.data == self.whole

    async def is_ready(self) -> bool:
        """What `/readyz` says."""
        return (await self.client.get(f"{self.address}/readyz")).status_code == 200

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after the signal; what it said is kept."""
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait()

    @property
    def open_files(self) -> int:
        """How many descriptors its process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@asynccontextmanager
async def serving(url: str, **environment: str) -> AsyncIterator[Served]:
    """Runs a server in production on the database at the URL; at the end nothing of it is left."""
    process = await start(url, **environment)
    try:
        said = ""
        async with asyncio.timeout(START):
            while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/graphql \(in a browser\)", said)):
                line = await process.stdout.readline()
                assert line, said
                said += line.decode()
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE, limits=limits) as client:
            yield Served(process, found[1], client, said)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def start(url: str, **environment: str) -> asyncio.subprocess.Process:
    """A server that starts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CAVEAT_", "DATABASE_"))}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "serve"),
        env={**kept, "CAVEAT_ENV": "production", "CAVEAT_PORT": "0", "DATABASE_URL": url, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@asynccontextmanager
async def load(served: Served, clients: int = 8) -> AsyncIterator[list[Outcome]]:
    """Clients that ask one operation after the other during the block; what they got."""
    outcomes: list[Outcome] = []

    async def ask_on() -> None:
        while True:
            outcomes.append(await served.ask())
            await asyncio.sleep(0.02)

    asking = [asyncio.create_task(ask_on()) for _ in range(clients)]
    try:
        yield outcomes
    finally:
        for task in asking:
            task.cancel()
        ended = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(end) for end in ended} == {asyncio.CancelledError}


def check(outcomes: list[Outcome], whole: object) -> Counter[frozenset[str]]:
    """Counts outcomes by their codes: each is the whole answer, or a refusal without any of it within two seconds."""
    for outcome in outcomes:
        assert (outcome.codes, outcome.data) in ((set(), whole), (REFUSED, {"answer": None})), outcome
        assert not outcome.codes or outcome.seconds < 2, outcome
    return Counter(outcome.codes for outcome in outcomes)
