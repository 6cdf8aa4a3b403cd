"""The plans that stay: made while the library is tiny, they serve it when it is large.

For an audience of locales alone answers are read as a whole, until Postgres has analysed them.
"""

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.content import library
from server.content.publishing import publish
from server.content.reads.bounds import Shape
from server.content.reads.sight import bounded
from server.db.connections import connect
from server.db.engine import Engine
from server.db.gathering import SESSION
from tests.schema.drafts import answer

STATEMENTS = {"by id": (library._BY_ID, 3), "by slug": (library._BY_SLUG, 5)}
AUDIENCES = {
    "anonymous": ANONYMOUS,
    "of topics": Audience(topics=("leukemia",)),
    "of both": Audience(topics=("leukemia",), locales=("en",)),
}


@pytest.mark.parametrize("audience", AUDIENCES.values(), ids=AUDIENCES)
@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
async def test_an_item_is_looked_up_however_few_there_are(
    engine: Engine, database_url: str, statement: tuple[str, int], audience: Audience
) -> None:
    await publish(engine, [answer()])
    sql, taken = statement
    text, after = bounded(sql, taken, shape=Shape.of(audience))
    connection = await connect(database_url, **SESSION)
    try:
        await connection.execute("analyze")
        await connection.execute(f"prepare items as {text}")
        nulls = ", ".join(["null"] * (taken + len(after)))
        plan = "\n".join([row[0] for row in await connection.fetch(f"explain execute items ({nulls})")])
    finally:
        await connection.close()

    assert "Index" in plan
    assert [line for line in plan.splitlines() if "Seq Scan on answer" in line or "Seq Scan on revision" in line] == []
