"""Imports that get so far and no further, so that what befalls them does so on their way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.db.connections import connect

BAR = """
create or replace function stand() returns trigger language plpgsql as $$ begin
    if exists (select 1 from answer offset {most}) then perform pg_advisory_xact_lock(1); end if; return null;
end $$;
create or replace trigger stand after insert on revision execute function stand()
"""
WAITING = """select exists (select 1 from pg_locks join pg_database on oid = database
    where datname = current_database() and locktype = 'advisory' and not granted)"""
"""Whether a batch waits at the bar, half of it written."""


@asynccontextmanager
async def barred(url: str, *, most: int) -> AsyncIterator[None]:
    """Lets no batch be written that makes more answers than these: it waits, and so does what comes behind it."""
    bar = await connect(url)
    try:
        await bar.execute(BAR.format(most=most))
        await bar.execute("select pg_advisory_lock(1)")
        yield
    finally:
        await bar.close()
