"""What becomes of sources after they were cited: superseded by a newer edition, withdrawn, or current again."""

import contextlib
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.ids import NodeKind, decode_id, encode_id
from server.content.writes.standings import set_standing
from server.content.writes.transaction import writing
from server.db.engine import Engine
from server.errors.content import NotFoundError, RefusedError


async def supersede(engine: Engine, source: str, *, by: str) -> UUID:
    """Says that a source has a newer edition; each is named by id, DOI, URL or title. Raises NotFoundError."""
    async with writing(engine) as write:
        old, new = await _find(write.session, source), await _find(write.session, by)
        if old == new:
            raise RefusedError("a source can't be superseded by itself.")
        await _refuse_circle(write.session, old, new=new)
        await set_standing(write, old, status="SUPERSEDED", superseded_by=new)
    return old


async def withdraw(engine: Engine, source: str) -> UUID:
    """Says that a source was withdrawn by its publisher; it is named by id, DOI, URL or title. Raises NotFoundError."""
    async with writing(engine) as write:
        identity = await _find(write.session, source)
        await set_standing(write, identity, status="WITHDRAWN")
    return identity


async def restore(engine: Engine, source: str) -> UUID:
    """Says that a source is current after all; it is named by id, DOI, URL or title. Raises NotFoundError."""
    async with writing(engine) as write:
        identity = await _find(write.session, source)
        await set_standing(write, identity, status="CURRENT")
    return identity


async def _find(session: AsyncSession, name: str) -> UUID:
    node = decode_id(name)
    uuid = node.uuid if node and node.kind is NodeKind.SOURCE else None
    with contextlib.suppress(ValueError):
        uuid = uuid or UUID(name)
    found = await session.execute(
        text(
            """select id, title, edition from source
               where id = :uuid or doi = :doi or url = :name or title = :name order by id"""
        ),
        {"uuid": uuid, "doi": name.casefold(), "name": name},
    )
    rows = found.mappings().all()
    if not rows:
        raise NotFoundError(f"no source has the id, DOI, URL or title `{name}`: see `caveat sources list`.")
    if len(rows) > 1:
        listed = "; ".join(
            f"{encode_id(NodeKind.SOURCE, row['id'])} ({row['edition'] or 'no edition'})" for row in rows
        )
        raise RefusedError(f"{len(rows)} sources are called `{name}`: say which by its id: {listed}.")
    identity: UUID = rows[0]["id"]
    return identity


async def _refuse_circle(session: AsyncSession, old: UUID, *, new: UUID) -> None:
    found = await session.execute(
        text(
            """with recursive later as (
                   select superseded_by_id as id from source where id = :new
                   union select s.superseded_by_id from source s join later l on s.id = l.id)
               select 1 from later where id = :old"""
        ),
        {"old": old, "new": new},
    )
    if found.first() is not None:
        raise RefusedError("the newer edition is itself superseded by this one.")
