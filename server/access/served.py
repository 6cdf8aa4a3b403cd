"""The schemas that were served: what clients were built against."""

import datetime
import hashlib
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.db.engine import Engine
from server.errors.content import RefusedError


@dataclass(frozen=True, kw_only=True, slots=True)
class ServedSchema:
    """A schema, and when a server that serves it started last."""

    digest: str
    sdl: str
    served_at: datetime.datetime


async def record_served(engine: Engine, sdl: str) -> None:
    """Notes that a server starts to serve a schema."""
    async with engine.transaction() as session:
        await session.execute(
            text(
                """insert into served_schema (digest, sdl, served_at) values (:digest, :sdl, clock_timestamp())
                   on conflict (digest) do update set served_at = excluded.served_at"""
            ),
            {"digest": hashlib.sha256(sdl.encode()).hexdigest(), "sdl": sdl},
        )


async def last_served(session: AsyncSession) -> ServedSchema | None:
    """The schema of the server that started last; None where none ever did.

    Raises RefusedError for a database from before schemas were kept.
    """
    if (await session.execute(text("select to_regclass('served_schema')"))).scalar_one() is None:
        raise RefusedError("the database keeps no schemas yet: bring it to the newest migration with `caveat migrate`.")
    found = await session.execute(
        text("select digest, sdl, served_at from served_schema order by served_at desc, digest limit 1")
    )
    row = found.mappings().one_or_none()
    return None if row is None else ServedSchema(**row)
