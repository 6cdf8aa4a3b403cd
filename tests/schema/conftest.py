from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from graphql import GraphQLSchema

from schema.build import build_schema
from server.db.engine import Engine
from server.db.reads import Reads
from tests.schema.asking import Asking
from tests.search.indexed import IndexedSearch


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    """The schema as it is served."""
    return build_schema()


@pytest.fixture
async def reads(database_url: str) -> AsyncIterator[Reads]:
    """Reads that wait longer than the server's: graphql-core takes its time for whole libraries, on a busy machine."""
    async with Reads(database_url, size=4, deadline=30) as opened:
        yield opened


@pytest.fixture
async def asking(
    schema: GraphQLSchema, reads: Reads, engine: Engine, database_url: str, tmp_path: Path
) -> AsyncIterator[Asking]:
    """Publishes drafts into the test's database and asks it through the schema."""
    async with IndexedSearch(database_url, tmp_path) as indexed:
        yield Asking(schema=schema, reads=reads, engine=engine, indexed=indexed)
