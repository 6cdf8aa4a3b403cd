"""Migrations: forth and back, complete, and one process after the other."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from alembic.script import Script, ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.content.draft import Draft, Topic
from server.content.library import Library
from server.content.published import Published
from server.content.publishing import publish
from server.content.stored import stored_drafts
from server.db import migrations, readiness
from server.db.connections import connect
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.machine import SetupError
from tests.databases import Databases
from tests.house.sources import ROOT
from tests.schema.drafts import answer

CATALOG = """
    select 'column', table_name, column_name, data_type, collation_name, is_nullable, column_default
        from information_schema.columns where table_schema = 'public'
    union all select 'index', tablename, indexname, indexdef, null, null, null
        from pg_indexes where schemaname = 'public'
    union all select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), null, null, null
        from pg_trigger where not tgisinternal
    union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), null, null, null
        from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'function', proname, prosrc, null, null, null, null
        from pg_proc where pronamespace = 'public'::regnamespace
    order by 1, 2, 3
"""
UPGRADE = "import asyncio, sys; from server.db import migrations; asyncio.run(migrations.upgrade(sys.argv[1]))"


@pytest.fixture
async def empty_url(databases: Databases) -> AsyncIterator[str]:
    url = await databases.create_empty()
    yield url
    await databases.drop(url)


async def test_up_down_and_up_again_gives_the_same_database(empty_url: str):
    await migrations.upgrade(empty_url)
    first = await _catalog(empty_url)
    await migrations.downgrade(empty_url, "base")
    assert {row[1] for row in await _catalog(empty_url)} == {"alembic_version"}
    await migrations.upgrade(empty_url)
    assert await _catalog(empty_url) == first


async def test_the_place_of_a_question_among_others_is_written_anew_and_back(database_url: str, engine: Engine):
    await publish(engine, [answer(f"a{number}", question=f"¿Cómo…  {number:04}?") for number in range(1001)])
    published = await _question_keys(database_url)
    assert (published[0], published[-1], len(published)) == ("como 0000", "como 1000", 1001)

    await migrations.downgrade(database_url, "0004")
    assert await _question_keys(database_url) == [f"¿como... {number:04}?" for number in range(1001)]
    await migrations.upgrade(database_url)

    assert await _question_keys(database_url) == published


async def test_synonyms_of_before_are_found_as_those_of_now(database_url: str, engine: Engine):
    topics = [Topic(name=f"T{number}", slug=f"t{number}", synonyms=(f"Ménière’s {number}",)) for number in range(1001)]
    await publish(engine, [answer(topic.slug, topics=(topic,)) for topic in topics])
    statement = "select synonym_matches from topic_name order by name_match"
    connection = await connect(database_url)
    published = [row[0] for row in await connection.fetch(statement)]
    await connection.close()

    await migrations.downgrade(database_url, "0010")
    await migrations.upgrade(database_url)

    connection = await connect(database_url)
    assert [row[0] for row in await connection.fetch(statement)] == published
    assert (published[0], len(published)) == (["meniere s 0"], 1001)
    await connection.close()


async def test_revisions_are_unpacked_for_the_code_of_before_and_read_as_they_are(database_url: str, engine: Engine):
    await publish(engine, [answer(f"a{number}") for number in range(1001)])
    before = await _all_published(database_url)

    await migrations.downgrade(database_url, "0018")
    connection = await connect(database_url)
    rows = await connection.fetch("select published, draft from revision")
    await connection.close()
    assert {bytes(form[:1]) for row in rows for form in row.values()} == {b"{"}
    assert await _all_published(database_url) == before
    await migrations.upgrade(database_url)

    assert (await _all_published(database_url), len(before)) == (before, 1001)
    with pytest.raises(DBAPIError, match="is never changed"):
        async with engine.transaction() as session:
            await session.execute(text("update revision set number = 2"))


SCRIPTS = ScriptDirectory(str(readiness.FOLDER), version_locations=[str(readiness.MAIN.folder)])
RESUMED = [script for script in SCRIPTS.walk_revisions() if "autocommit_block" in Path(script.path).read_text()]


@pytest.mark.parametrize("script", RESUMED, ids=[script.revision for script in RESUMED])
async def test_a_migration_of_many_transactions_that_was_cut_short_can_be_run_again(empty_url: str, script: Script):
    await migrations.upgrade(empty_url)
    first = await _catalog(empty_url)
    await migrations.downgrade(empty_url, script.revision)
    connection = await connect(empty_url)
    await connection.execute("update alembic_version set version_num = $1", script.down_revision)
    await connection.close()

    await migrations.upgrade(empty_url)

    assert await _catalog(empty_url) == first


async def test_the_migrations_make_what_the_tables_describe(database_url: str):
    await migrations.check(database_url)


async def test_an_upgraded_database_is_at_the_head(database_url: str):
    assert await readiness.current(database_url) == readiness.head() is not None


def test_the_migrations_are_told_as_alembic_tells_them():
    told = {script.revision: script.down_revision for script in SCRIPTS.walk_revisions()}

    assert (readiness._known(readiness.MAIN), readiness.head()) == (told, SCRIPTS.get_current_head())


async def test_a_database_of_newer_code_is_left_as_it_is(database_url: str):
    connection = await connect(database_url)
    await connection.execute("update alembic_version set version_num = '9999'")

    await migrations.upgrade(database_url)

    assert await readiness.is_ready(database_url)
    assert await readiness.current(database_url) == "9999"
    await connection.close()


@pytest.mark.parametrize("driver", ["", "+asyncpg"])
async def test_a_maintainers_alembic_takes_the_url_that_the_server_takes(database_url: str, driver: str):
    url = database_url.replace("://", f"{driver}://", 1)
    assert "sslmode=disable" in url
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "alembic", "current",
        cwd=ROOT, env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip

    output, errors = await process.communicate()

    assert (process.returncode, output.decode()) == (0, f"{readiness.head()} (head)\n"), errors.decode()


async def test_two_processes_that_upgrade_at_once_do_so_one_after_the_other(empty_url: str):
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-W", "ignore", "-c", UPGRADE, empty_url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    errors = [(await process.communicate())[1].decode() for process in processes]
    assert errors == ["", ""]
    assert await readiness.current(empty_url) == readiness.head()


async def test_an_upgrade_of_an_upgraded_database_waits_for_nobody(database_url: str):
    async with migrations._alone(database_url), asyncio.timeout(20):
        await migrations.upgrade(database_url)


async def test_a_database_that_can_not_be_used_is_told_with_the_setting():
    with pytest.raises(SetupError, match=r"^The Postgres of DATABASE_URL can't be used: .*Connect call failed"):
        await migrations.upgrade("postgresql://caveat:secret@127.0.0.1:1/caveat")


async def _all_published(url: str) -> dict[str, tuple[Published, Draft]]:
    """What readers and exports get of every answer."""
    async with Reads(url, deadline=60) as reads:
        drafts = {draft.slug: draft async for draft in stored_drafts(reads)}
        answers = [await Library(reads).answer_by_slug(slug, None) for slug in drafts]
    return {each.slug: (each.published, drafts[each.slug]) for each in answers if each is not None}


async def _question_keys(url: str) -> list[str]:
    connection = await connect(url)
    try:
        return [row[0] for row in await connection.fetch("select question_key from answer order by question_key")]
    finally:
        await connection.close()


async def _catalog(url: str) -> list[asyncpg.Record]:
    connection = await connect(url)
    try:
        return await connection.fetch(CATALOG)
    finally:
        await connection.close()
