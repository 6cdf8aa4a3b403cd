"""The Dockerfile's steps, done by hand: what they leave migrates, imports, serves and ends."""

import asyncio
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from server.db import readiness
from tests.databases import Databases
from tests.dockerfile import Image, build_by_hand
from tests.waiting import until

PATIENCE = 60
SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"
ANSWER = f'{{ answer(slug: "{SLUG}") {{ disclaimers {{ text }} sections {{ body {{ text }} }} }} }}'


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return build_by_hand(tmp_path)


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[dict[str, str]]:
    """An empty database, named as compose names it: the password apart from the URL."""
    url = await databases.create_empty()
    parts = urlsplit(url)
    yield {
        "DATABASE_URL": urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}")),
        "PGPASSWORD": parts.password or "",
    }
    await databases.drop(url)


@pytest.mark.timeout(300)
async def test_what_the_steps_of_the_dockerfile_leave_is_a_server(image: Image, database: dict[str, str]) -> None:
    homeless = await finish(image, *image.command)
    migrated = await finish(image, "migrate", **database)
    imported = await finish(image, "import", f"seeds/{SLUG}.txt", **database)
    async with serving(image, database) as (server, port):
        await until(lambda: is_healthy(image, port))
        answered, hidden = await ask(port, ANSWER), await ask(port, "{ __schema { description } }")
        server.send_signal(signal.SIGTERM)
        rest = await end(server)
    unhealthy = await is_healthy(image, port)
    exporting = await end(await start(image, "python", "-c", "import server.telemetry.exporting"))

    assert (homeless[0], "set DATABASE_URL" in homeless[1], (image.home / ".caveat").exists()) == (1, True, False)
    assert exporting == (0, "")
    assert migrated == (0, f"The database is at migration {readiness.head()}.\n")
    assert (imported[0], "refused" in imported[1]) == (0, False)
    assert [len(found) for found in answered["data"]["answer"].values()] == [3, 7]
    assert [error["extensions"]["code"] for error in hidden["errors"]] == ["INTROSPECTION_DISABLED"]
    assert (rest[0], "Caveat has stopped." in rest[1], unhealthy) == (0, True, False)


async def start(image: Image, *command: str, **environment: str) -> Process:
    """Runs that as a container would, with nothing of this process's own environment."""
    merged = {**image.environment, "CAVEAT_HOST": "127.0.0.1", **environment}
    program = image.folder / "opt" / "caveat" / "bin" / command[0]
    return await asyncio.create_subprocess_exec(
        program, *command[1:], cwd=image.home, env=merged, stdout=PIPE, stderr=STDOUT
    )


async def end(process: Process) -> tuple[int | None, str]:
    """The exit code, and what was said up to the end."""
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()
    return process.returncode, said.decode()


async def finish(image: Image, *command: str, **environment: str) -> tuple[int | None, str]:
    return await end(await start(image, *image.entrypoint, *command, **environment))


@asynccontextmanager
async def serving(image: Image, database: dict[str, str]) -> AsyncIterator[tuple[Process, str]]:
    """The server, once it says where it answers, and its port."""
    server = await start(image, *image.entrypoint, *image.command, **database, CAVEAT_PORT="0")
    try:
        yield server, await asyncio.wait_for(port_of(server), PATIENCE)
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


async def port_of(server: Process) -> str:
    assert server.stdout is not None
    async for line in server.stdout:
        if b"GraphQL endpoint" in line:
            return str(urlsplit(line.split()[-1].decode()).port)
    raise AssertionError("it ended before it answered")


async def is_healthy(image: Image, port: str) -> bool:
    code, _ = await end(await start(image, *image.health, CAVEAT_PORT=port))
    return code == 0


async def ask(port: str, query: str) -> dict[str, dict[str, dict[str, list[object]]]]:
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        return (await client.post(f"http://127.0.0.1:{port}/graphql", json={"query": query})).json()
