"""One Postgres and one server for all faults: each is survived by the same process."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.content.publishing import publish
from server.db import local, migrations
from server.db.engine import Engine
from server.errors.machine import DatabaseUnavailableError
from server.importers.page.reading import read_page
from tests.faults.running import SLUG, Postgres, Served, serving
from tests.waiting import until

SEED = Path(__file__).parents[2] / "seeds" / f"{SLUG}.txt"
PROFILE = local.Profile(options={"fsync": "off", "max_connections": "40"}, initdb=("--no-sync",))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A Postgres that is there to be hurt."""
    home = tmp_path_factory.mktemp("hurt") / "postgres"
    with local.running(home, PROFILE) as url:
        yield Postgres(url, home)


@pytest.fixture(scope="session")
async def content(cluster: Postgres) -> None:
    """The page of the seed, in that Postgres."""
    await migrations.upgrade(cluster.url)
    engine = Engine(cluster.url)
    await publish(engine, [read_page(SEED.read_bytes())])
    await engine.close()


@pytest.fixture(scope="session")
async def lasting(cluster: Postgres, content: None) -> AsyncIterator[Served]:
    """The server that has to survive all; it keeps nothing, so that every request meets the fault."""
    async with serving(cluster.url, CAVEAT_CACHE_MB="0", CAVEAT_OBJECTS_MB="0") as served:
        yield served


@pytest.fixture
async def postgres(cluster: Postgres, content: None) -> Postgres:
    """The Postgres, well again after the last fault."""
    await until(lambda: _answers(cluster))
    return cluster


@pytest.fixture
async def served(postgres: Postgres, lasting: Served) -> AsyncIterator[Served]:
    """The server, well again after the last fault; nothing of the next one comes unexpected to it."""
    await until(lasting.is_ready)
    lasting.whole = (await lasting.ask()).data
    assert len(lasting.whole["answer"]["sections"]) == 7
    yield lasting
    assert [line for line in lasting.said.splitlines() if "unexpected" in line or "never retrieved" in line] == []


async def _answers(postgres: Postgres) -> bool:
    try:
        async with postgres.admin() as admin:
            return await admin.fetchval("select true")
    except DatabaseUnavailableError:
        return False
