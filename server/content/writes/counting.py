"""How many answers there are in all, of each topic and of each source: kept by locale and status, as they are written.

A topic has those in it and below it, each once; a source those that cite it. Whoever changes what an answer counts for
does it within `counted`.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text

from server.content.writes.transaction import Write
from server.db.engine import Engine
from server.events.outbox import open_outbox

_LOCK = 0x0CA7C07

# `member` is whom to count
_SHARES = """above as (
        select m.id, x.topic_id from member m join answer_topic x on x.answer_id = m.id
        union select b.id, t.parent_id from above b join topic t on t.id = b.topic_id where t.parent_id is not null),
    share as (
        select id, '00000000-0000-0000-0000-000000000000'::uuid as subject_id from member
        union all select * from above
        union all select m.id, x.source_id from member m join answer_source x on x.answer_id = m.id and x.is_cited),
    counted as (
        select s.subject_id, m.locale, m.status, count(*) as number from share s join member m using (id)
        group by 1, 2, 3)"""
_ADD = "on conflict (subject_id, locale, status) do update set number = answer_count.number + excluded.number"
_SOME = f"""with recursive member as (
        select id, locale, status from answer where id = any(:ids) and status <> 'ERASED'),
    {_SHARES} insert into answer_count select subject_id, locale, status, {{sign}} number from counted {_ADD}"""

# what is missing from what is kept: to add it is right whenever it is done, but only once
_MISSING = f"""with recursive member as (select id, locale, status from answer where status <> 'ERASED'),
    {_SHARES} select subject_id, locale, status, sum(number)::bigint as number from (
        table counted union all select subject_id, locale, status, - number from answer_count) c
    group by 1, 2, 3 having sum(number) <> 0"""

_ADD_MISSING = f"""insert into answer_count select * from unnest(
        cast(:subjects as uuid[]), cast(:locales as text[]), cast(:statuses as text[]), cast(:numbers as bigint[]))
    {_ADD}"""


@asynccontextmanager
async def counted(write: Write, answer_ids: Iterable[UUID], *, new: Iterable[UUID] = ()) -> AsyncIterator[None]:
    """Counts answers anew with what is done to them within it, and those that come to be there."""
    known = list(answer_ids)
    await _count(write, known, sign="-")
    yield
    await _count(write, [*known, *new], sign="+")


async def _count(write: Write, answer_ids: list[UUID], *, sign: str) -> None:
    if answer_ids:
        await write.session.execute(text(_SOME.format(sign=sign)), {"ids": answer_ids})


async def recount(engine: Engine) -> None:
    """Counts all answers anew: a server of a version before may have written some and counted none.

    Nobody who writes waits for the counting, but what it finds is added as a writer does, lest two wait for each other.
    Of processes that come to it at once one does it: what is missing would be added twice.
    """
    async with engine.transaction() as session:
        await session.execute(text("set local statement_timeout = '15min'"))
        if not (await session.execute(text("select pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})).scalar_one():
            return
        missing = (await session.execute(text(_MISSING))).all()
        if missing:
            await open_outbox(session)
            columns = zip(("subjects", "locales", "statuses", "numbers"), zip(*missing, strict=True), strict=True)
            await session.execute(text(_ADD_MISSING), {name: list(values) for name, values in columns})
