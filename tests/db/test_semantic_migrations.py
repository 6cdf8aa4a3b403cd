"""The migrations of the extra `semantic`: in a schema of their own, and no hindrance to the others."""

import pytest
from alembic.util.exc import CommandError

from server.db import migrations, readiness
from server.db.connections import connect
from server.db.reads import Reads
from server.errors.machine import SetupError
from tests.databases import Databases

TABLES = "select array_agg(table_name::text order by table_name) from information_schema.tables where table_schema = $1"
TRIGGERS = "select count(*) from pg_trigger where tgname like 'semantic%'"


@pytest.fixture(scope="session")
async def has_pgvector(databases: Databases) -> None:
    if not await databases.fetch_value("select count(*) from pg_available_extensions where name = 'vector'"):
        pytest.skip("this Postgres has no pgvector")


async def test_without_the_extra_there_is_nothing_of_it(database_url: str, reads: Reads):
    assert await reads.fetch_value("select count(*) from pg_extension where extname = 'vector'") == 0
    assert await reads.fetch_value("select to_regnamespace('semantic')") is None


@pytest.mark.usefixtures("has_pgvector")
async def test_up_down_and_up_again_gives_the_same_tables(database_url: str, reads: Reads):
    await migrations.upgrade_semantic(database_url)
    made = await reads.fetch_value(TABLES, "semantic")
    assert made == ["alembic_version", "answer_vector", "model"]
    await migrations.downgrade(database_url, "base")
    assert await reads.fetch_value(TABLES, "semantic") == ["alembic_version"]
    await migrations.upgrade(database_url)
    await migrations.upgrade_semantic(database_url)
    assert await reads.fetch_value(TABLES, "semantic") == made
    assert await reads.fetch_value(TRIGGERS) == 2


@pytest.mark.usefixtures("has_pgvector")
async def test_the_other_migrations_see_nothing_of_it(database_url: str):
    await migrations.upgrade_semantic(database_url)
    await migrations.upgrade_semantic(database_url)
    try:
        await migrations.check(database_url)
    except CommandError as error:
        pytest.fail(str(error))
    assert await readiness.current(database_url) == readiness.head()


async def test_a_postgres_without_pgvector_is_refused_with_a_word(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readiness, "OLDEST_PGVECTOR", (999, 0))
    with pytest.raises(SetupError, match=r"CAVEAT_SEMANTIC_MODEL needs 999.0 or later"):
        await migrations.upgrade_semantic(database_url)
    connection = await connect(database_url)
    assert await connection.fetchval("select to_regnamespace('semantic')") is None
    await connection.close()
