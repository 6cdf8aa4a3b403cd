"""Fills a library up to any number of answers with rows derived from those that the publisher really wrote.

Each copy of the corpus has answers, revisions, sources and outbox entries of its own, under other names, dates and, for
a tenth, another language, and eight share their topics; these stand below the corpus's own topics, and those below
thirty areas, so that there are broad topics too. Every constraint of the tables holds while it is done. What only the
search reads is left out.
"""

import asyncio
import math
import shutil
import subprocess
import time

from server.content.writes import counting
from server.db import local
from server.db.connections import connect
from server.db.engine import Engine
from tests.bench.corpus import FOLDER, prepared, say

AREAS = 30
SHARING = 8
"""Copies of the corpus that are about the same topics."""
FILLING = local.Profile(
    options={
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "2GB",
        "shared_buffers": "1GB",
        "maintenance_work_mem": "512MB",
        "autovacuum": "off",
    }
)

BEGIN = f"""
    select setseed(0.25);
    create temp table original as select id, row_number() over (order by change_position, id) as number from answer;
    create temp table original_topic as select id from topic;
    create temp table original_source as select id from source;
    create temp table area as select uuidv7() as id, number from generate_series(0, {AREAS - 1}) number;
    insert into topic (id, slug) select id, 'area-' || number from area;
    insert into topic_name (topic_id, locale, name, name_match, synonyms)
        select id, 'en', 'Area ' || number, 'area ' || number, '{{}}' from area;
    update topic t set parent_id = area.id from area
        where t.parent_id is null and t.id in (select id from original_topic)
            and area.number = mod(abs(hashtext(t.slug)), {AREAS});
"""

PAIRS = """
    create temp table {table}_copy as select id as old, uuidv7() as new from original_{table};
    create unique index on {table}_copy (old);
"""

CHANGES = {
    "topic": {"id": "c.new", "slug": "a.slug || '-c{copy}'", "parent_id": "a.id"},
    "topic_name": {"topic_id": "c.new", "name": "a.name || ' {copy}'", "name_match": "a.name_match || ' {copy}'"},
    "topic_code": {"topic_id": "c.new", "code": "a.code || '.{copy}'"},
    "source": {
        "id": "c.new",
        "title": "a.title || ' ({copy})'",
        "title_match": "a.title_match || ' {copy}'",
        "url": "a.url || '?copy={copy}'",
        "doi": "a.doi || '.{copy}'",
        "superseded_by_id": "case when a.superseded_by_id is not null then a.id end",
    },
    "answer": {
        "id": "c.new",
        "set_id": "uuidv7()",
        "slug": "a.slug || '-c{copy}'",
        "locale": "case when mod(c.number + {copy}, 10) = 0 then 'es' else a.locale end",
        "external_id": "a.external_id || '~{copy}'",
        "status": "case when mod(c.number + {copy}, 200) = 0 then 'RETRACTED' else 'PUBLISHED' end",
        "retracted_at": "case when mod(c.number + {copy}, 200) = 0 then now() end",
        "retraction_reason": "case when mod(c.number + {copy}, 200) = 0 then 'Withdrawn by its author.' end",
        "replacement_id": "null",
        "question": "a.question || ' ({copy})'",
        "question_key": "a.question_key || ' {copy}'",
        "question_match": "a.question_match || ' {copy}'",
        "published_at": "timestamptz '2015-01-01' + c.chance * interval '10 years'",
        "updated_at": "timestamptz '2025-01-01' + c.chance * interval '1 year'",
        "next_review_on": "case when mod(c.number + {copy}, 50) = 1 then date '2027-01-01' + (c.chance * 700)::int end",
        "reviewed_on": "case when mod(c.number + {copy}, 50) = 1 then date '2026-01-01' end",
        "reviewer": """case when mod(c.number + {copy}, 50) = 1
            then '{{"name": "A. Reviewer", "kind": "PERSON"}}'::jsonb end""",
        "change_position": "{head} + c.number",
        "change_kind": "'PUBLISHED'",
        "identity_digests": "null",
    },
    "revision": {"answer_id": "c.new", "question": "a.question || ' ({copy})'"},
    "answer_topic": {"answer_id": "c.new", "topic_id": "(select t.new from topic_copy t where t.old = a.topic_id)"},
    "answer_source": {"answer_id": "c.new", "source_id": "(select s.new from source_copy s where s.old = a.source_id)"},
    "disclaimer": {"id": "uuidv7()", "name": "a.name || ' {copy}'", "answer_id": "c.new"},
}
OWNERS = {"topic": "topic", "topic_name": "topic", "topic_code": "topic", "source": "source"}
KEYS = {
    "topic": "id",
    "topic_name": "topic_id",
    "topic_code": "topic_id",
    "source": "id",
    "answer": "id",
    "disclaimer": "answer_id",
}


def filled(answers):
    """The data folder of a library with so many answers, and what is in it."""
    base, name = prepared()
    home = FOLDER / f"{base.name}-{answers}"
    if not (home / "filled").exists():
        say(f"Filling a library up to {answers:,} answers; this is done once …")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        subprocess.run(["cp", "-a", "--reflink=auto", base / "postgres", home / "postgres"], check=True)
        with local.running(home / "postgres", FILLING) as url:
            asyncio.run(_fill(url, answers))
        (home / "filled").touch()
    return home, name


async def _fill(url, answers):
    connection = await connect(url)
    try:
        await connection.execute(BEGIN)
        originals = await connection.fetchval("select count(*) from original")
        tables = {table: await _columns(connection, table) for table in CHANGES}
        started, missing = time.monotonic(), answers - originals
        for copy in range(1, math.ceil(missing / originals) + 1):
            size = min(originals, missing - (copy - 1) * originals)
            async with connection.transaction():
                await _copy(connection, tables, copy=copy, size=size)
            say(f"  copy {copy}: {originals + (copy - 1) * originals + size:,}, {time.monotonic() - started:,.0f} s")
        engine = Engine(url)
        await counting.recount(engine)
        await engine.close()
        await connection.execute("vacuum (analyze)")
    finally:
        await connection.close()


async def _columns(connection, table):
    rows = await connection.fetch(
        """select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
           order by attnum""",
        table,
    )
    return [row[0] for row in rows]


async def _copy(connection, tables, *, copy, size):
    head = await connection.fetchval("select max(position) from outbox")
    has_topics = copy % SHARING == 1
    await connection.execute(
        f"""drop table if exists source_copy, answer_copy;
            create temp table answer_copy as select id as old, uuidv7() as new, number, random() as chance
                from original where number <= {size} order by number;
            {f"drop table if exists topic_copy; {PAIRS.format(table='topic')}" if has_topics else ""}
            {PAIRS.format(table="source")}
            analyze answer_copy; analyze topic_copy; analyze source_copy"""
    )
    for table, columns in tables.items():
        if table.startswith("topic") and not has_topics:
            continue
        values = [CHANGES[table].get(name, f"a.{name}").format(copy=copy, head=head) for name in columns]
        pairs = f"{OWNERS.get(table, 'answer')}_copy"
        await connection.execute(
            f"""insert into {table} ({", ".join(columns)}) select {", ".join(values)}
                from {pairs} c join {table} a on a.{KEYS.get(table, "answer_id")} = c.old"""
        )
    await connection.execute(
        f"""insert into outbox (position, kind, answer_id, occurred_at)
            select {head} + number, 'PUBLISHED', new, now() from answer_copy order by number"""
    )
