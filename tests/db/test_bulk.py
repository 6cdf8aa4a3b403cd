import datetime

import asyncpg
import pytest
from sqlalchemy import text

from server.db.bulk import copy_rows
from server.db.engine import Engine
from server.db.reads import Reads
from server.db.uuids import new_uuid
from server.errors.machine import DatabaseUnavailableError


def topic(slug: str) -> dict[str, object]:
    return {"id": new_uuid(), "slug": slug, "parent_id": None}


async def test_rows_are_there_as_they_were_given(engine: Engine, reads: Reads) -> None:
    rows = [topic("asthma"), topic("gout")]
    names = [
        {
            "topic_id": rows[0]["id"],
            "locale": "en",
            "name": "Gout\t\\N",
            "name_match": "gout",
            "synonyms": ["a", ""],
            "synonym_matches": ["a", ""],
        }
    ]

    async with engine.transaction() as session:
        await copy_rows(session, "topic", rows=rows)
        await copy_rows(session, "topic_name", rows=names)

    assert [dict(row) for row in await reads.fetch("select * from topic order by slug")] == rows
    assert [dict(row) for row in await reads.fetch("select * from topic_name")] == names


async def test_moments_and_nothing_at_all_are_kept(engine: Engine, reads: Reads) -> None:
    now = datetime.datetime(2026, 5, 15, 12, 0, 0, 5000, tzinfo=datetime.UTC)
    entry = {"position": 1, "kind": "PUBLISHED", "answer_id": new_uuid(), "set_kind": None, "set_id": None}

    async with engine.transaction() as session:
        await copy_rows(session, "outbox", rows=[entry | {"set_day": None, "occurred_at": now}])
        await copy_rows(session, "outbox", rows=[])

    rows = await reads.fetch("select * from outbox where position = 1")
    assert [dict(row) for row in rows] == [entry | {"set_day": None, "occurred_at": now}]


async def copy_twice(engine: Engine) -> None:
    async with engine.transaction() as session:
        await copy_rows(session, "topic", rows=[topic("asthma")])
        await copy_rows(session, "topic", rows=[topic("asthma")])


async def test_what_a_transaction_that_fails_has_copied_is_gone(engine: Engine, reads: Reads) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await copy_twice(engine)

    assert await reads.fetch_value("select count(*) from topic") == 0


async def copy_after_the_end(engine: Engine, reads: Reads) -> None:
    async with engine.transaction() as session:
        pid = (await session.execute(text("select pg_backend_pid()"))).scalar_one()
        await reads.fetch("select pg_terminate_backend($1, 5000)", pid)
        await copy_rows(session, "topic", rows=[topic("asthma")])


async def test_a_connection_that_is_lost_is_an_unavailable_database(engine: Engine, reads: Reads) -> None:
    with pytest.raises(DatabaseUnavailableError):
        await copy_after_the_end(engine, reads)

    async with engine.transaction() as session:
        await copy_rows(session, "topic", rows=[topic("asthma")])
    assert await reads.fetch_value("select count(*) from topic") == 1
