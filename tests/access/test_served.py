import pytest
from sqlalchemy import text

from server.access.served import last_served, record_served
from server.errors.content import RefusedError


async def last(engine):
    async with engine.transaction() as session:
        found = await last_served(session)
    return found and found.sdl


async def test_the_schema_of_the_server_that_started_last_is_the_one_that_is_served(engine):
    found = [await last(engine)]
    for sdl in ("type Query { a: Int }", "type Query { b: Int }", "type Query { a: Int }"):
        await record_served(engine, sdl)
        found.append(await last(engine))

    assert found == [None, "type Query { a: Int }", "type Query { b: Int }", "type Query { a: Int }"]


async def test_a_schema_is_kept_once(engine, reads):
    for _ in range(2):
        await record_served(engine, "type Query { a: Int }")

    assert await reads.fetch_value("select count(*) from served_schema") == 1


async def test_a_database_from_before_schemas_were_kept_is_told(engine):
    async with engine.transaction() as session:
        await session.execute(text("drop table served_schema"))

    with pytest.raises(RefusedError, match="caveat migrate"):
        await last(engine)
