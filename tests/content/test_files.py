"""What is known of answers in files is looked up by their very names."""

from typing import Any

from sqlalchemy import event

from server.content.files import recall_slugs
from server.content.publishing import publish
from server.db.connections import connect
from server.db.engine import Engine
from server.db.reads import NO_SCANS
from tests.schema.drafts import answer


async def test_slugs_are_found_by_what_external_ids_begin_with_whatever_letters_it_has(engine: Engine) -> None:
    ids = ["a_b/1#1", "a_b/1#é", "a_b/1#2.2", "axb/1#1", "a_b/10#1", "a_b/1", "A_B/1#1", "a%/1#1", "ab/1#1"]
    await publish(engine, [answer(f"page-{number}", external_id=each) for number, each in enumerate(ids)])

    assert await recall_slugs(engine, ["a_b/1#", "a%/1#", "none/1#"]) == {
        "a_b/1#": {"a_b/1#1": "page-0", "a_b/1#é": "page-1", "a_b/1#2.2": "page-2"},
        "a%/1#": {"a%/1#1": "page-7"},
    }


async def test_slugs_are_looked_up_by_an_index_and_never_searched_for(engine: Engine, database_url: str) -> None:
    await publish(engine, [answer(f"page-{number}", external_id=f"a/{number}#1") for number in range(30)])
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine._engine.sync_engine, "before_cursor_execute", note)
    await recall_slugs(engine, ["a/1#", "a/2#"])

    (setting, _), (sql, args) = sent
    connection = await connect(database_url, **NO_SCANS)
    try:
        plan = "\n".join([line for (line,) in await connection.fetch(f"explain (costs off) {sql}", *args)])
    finally:
        await connection.close()
    assert setting == "set local enable_seqscan = off"
    assert "uq_answer_external_id" in plan
    assert "Index Cond: ((external_id >= (b.beginning)::text) AND (external_id < (b.beginning || " in plan
