"""A search with a tiny model, on a Postgres that has pgvector."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.db import migrations
from server.db.engine import Engine
from server.search.searching import Meaning
from server.search.semantic.folder import Model, open_model
from tests.databases import Databases
from tests.search.indexed import IndexedSearch
from tests.search.semantic.tiny import make_model


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Model:
    return open_model(tiny_folder)


@pytest.fixture(scope="session")
async def has_pgvector(databases: Databases) -> None:
    if not await databases.fetch_value("select count(*) from pg_available_extensions where name = 'vector'"):
        pytest.skip("this Postgres has no pgvector")


@pytest.fixture
async def semantic_url(has_pgvector: None, database_url: str) -> str:
    await migrations.upgrade_semantic(database_url)
    return database_url


@pytest.fixture
async def meaning(semantic_url: str, engine: Engine, tiny: Model) -> AsyncIterator[Meaning]:
    opened = Meaning(tiny, semantic_url, engine=engine)
    yield opened
    await opened.reads.close()


@pytest.fixture
async def indexed(semantic_url: str, tmp_path: Path, meaning: Meaning) -> AsyncIterator[IndexedSearch]:
    """Overrides that of words alone: what `ask` asks finds by meaning too."""
    async with IndexedSearch(semantic_url, tmp_path, meaning=meaning) as opened:
        yield opened
