"""A server as in production, which hundreds of hostile requests do not upset."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.commands.seeding import seed
from tests.journeys.hostile import bodies, documents, lines, names, sockets, values
from tests.journeys.hostile.sending import SLUG, asked, got, send
from tests.journeys.hostile.slow import UNENDING
from tests.waiting import until

HTTP = bodies.FAMILIES | documents.FAMILIES | names.FAMILIES | values.FAMILIES | lines.FAMILIES
SOON, SECONDS_FOR_A_REQUEST, SECONDS_TO_BEGIN = 2.0, 2, 1
TELLTALE = re.compile(rb"(?i:traceback|\.py\b|line \d+, in|asyncpg|postgres|/server/)|Did you mean (?!'\w+ \{)")
FAULT = re.compile(r'traceback|INTERNAL_SERVER_ERROR|"level": ?"(error|critical)"|exception', re.IGNORECASE)
SAFE = f'{{ answer(slug: "{SLUG}") {{ title disclaimers {{ text }} }} }}'


@dataclass(frozen=True)
class Served:
    """A server in a process of its own, and the file that holds its log."""

    port: int
    log: Path

    async def troubles(self) -> list[str]:
        """What its log holds of faults, and what it says other than ever."""
        told = self.log.read_text().splitlines()
        answered = json.loads((await send(self.port, asked(SAFE, None))).body)
        well = [] if answered["data"]["answer"]["title"].startswith("How CAR-T") else [str(answered)]
        return well + [line for line in told if FAULT.search(line)]


@pytest.fixture(scope="module")
async def served(databases, tmp_path_factory) -> AsyncIterator[Served]:
    url = await databases.create()
    await seed(url)
    log = tmp_path_factory.mktemp("abuse") / "log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAVEAT_")}
    given = {
        "DATABASE_URL": url,
        "CAVEAT_ENV": "production",
        "CAVEAT_PORT": "0",
        "CAVEAT_DATA_DIR": str(log.parent / "data"),
        "CAVEAT_MAX_REQUEST_SECONDS": str(SECONDS_FOR_A_REQUEST),
        "CAVEAT_MAX_INIT_SECONDS": str(SECONDS_TO_BEGIN),
    }
    with log.open("wb") as file:
        command = (sys.executable, "-m", "server.cli", "serve")
        process = await asyncio.create_subprocess_exec(*command, env=kept | given, stdout=file, stderr=file)
    try:
        await until(lambda: _is_ready(log))
        yield Served(port=int(re.search(r"127\.0\.0\.1:(\d+)", log.read_text())[1]), log=log)
    finally:
        process.terminate()
        await process.wait()
        await databases.drop(url)


async def _is_ready(log: Path) -> bool:
    return "/graphql" in log.read_text()  # noqa: ASYNC240 - a file of a few lines


@pytest.mark.parametrize("family", HTTP)
async def test_every_hostile_request_is_answered_as_it_should_be(served: Served, family: str):
    outcomes = {name: await send(served.port, case) for name, case in HTTP[family].items()}

    assert {name: (outcome.status, outcome.code) for name, outcome in outcomes.items()} == {
        name: (case.status, case.code) for name, case in HTTP[family].items()
    }
    assert [name for name, outcome in outcomes.items() if TELLTALE.search(outcome.body)] == []
    assert [name for name, outcome in outcomes.items() if not all(map(_is_coded, outcome.errors))] == []
    assert await _slow(served, family, [name for name, outcome in outcomes.items() if outcome.seconds > SOON]) == []
    assert await served.troubles() == []


def _is_coded(error: dict) -> bool:
    return re.fullmatch("[A-Z_]+", error["extensions"]["code"]) is not None and bool(error["message"])


async def _slow(served: Served, family: str, names: list[str]) -> list[str]:
    """Those that take their time again: the machine may have had other work before."""
    return [name for name in names if (await send(served.port, HTTP[family][name])).seconds > SOON]


async def test_every_unending_request_is_cut_off(served: Served):
    outcomes = await asyncio.gather(*(send(served.port, case) for case in UNENDING.values()))

    assert dict(zip(UNENDING, [(outcome.status, outcome.code) for outcome in outcomes], strict=True)) == {
        name: (case.status, case.code) for name, case in UNENDING.items()
    }
    assert [outcome.seconds for outcome in outcomes if outcome.seconds < SECONDS_FOR_A_REQUEST] == []
    assert await served.troubles() == []


@pytest.mark.parametrize("family", sockets.FAMILIES)
async def test_every_abused_socket_ends_as_it_should(served: Served, family: str):
    cases = sockets.FAMILIES[family]

    ends = {name: await sockets.end(served.port, abuse) for name, abuse in cases.items()}

    assert ends == {name: (abuse.code, abuse.last) for name, abuse in cases.items()}
    assert await served.troubles() == []


async def test_a_hundred_at_once_are_served_or_told_to_wait(served: Served):
    slow = documents.FAMILIES["floods"]["a bomb of fragments"]
    wrong = got("query=%ff")

    outcomes = await asyncio.gather(*(send(served.port, case) for _ in range(50) for case in (slow, wrong)))

    assert {(outcome.status, outcome.code) for outcome in outcomes} <= {
        (slow.status, slow.code),
        (wrong.status, wrong.code),
        (429, "TOO_MANY_OPERATIONS"),
    }
    assert await served.troubles() == []
