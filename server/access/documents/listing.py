"""What clients have registered, as operators and checks of the schema see it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.documents.values import Document, Registered, Version
from server.access.registration import find_client
from server.execution.callers import Rights


async def list_versions(session: AsyncSession, *, client: str | None = None) -> list[Version]:
    """The versions that were pushed, of a client or of all, oldest first; raises NotFoundError for no client."""
    found = await session.execute(
        text(
            """select c.name client, m.version, m.pushed_at, m.retired_at from manifest m
               join client c on c.id = m.client_id where cast(:name as text) is null or c.name = :name
               order by c.name, m.pushed_at, m.version"""
        ),
        {"name": await _checked(session, client)},
    )
    return [Version(**row) for row in found.mappings()]


async def list_documents(session: AsyncSession, *, client: str | None = None) -> list[Registered]:
    """The documents that were pushed, of a client or of all, served or not; raises NotFoundError for no client."""
    # the versions of a document in two lists: those that are served, and those that are retired
    found = await session.execute(
        text(
            """select c.id client_id, c.name client, c.max_cost, c.introspects, d.id, d.text, d.name,
                      array_agg(m.version order by m.pushed_at, m.version)
                          filter (where m.retired_at is null) versions,
                      array_agg(m.version order by m.pushed_at, m.version)
                          filter (where m.retired_at is not null) retired
               from trusted_document d
               join client c on c.id = d.client_id
               join manifest_document md on md.client_id = d.client_id and md.document_id = d.id
               join manifest m on m.client_id = md.client_id and m.version = md.version
               where cast(:name as text) is null or c.name = :name
               group by c.id, d.client_id, d.id
               order by c.name, d.name, d.id"""
        ),
        {"name": await _checked(session, client)},
    )
    return [
        Registered(
            client_id=row["client_id"],
            client=row["client"],
            rights=Rights(max_cost=row["max_cost"], introspects=row["introspects"]),
            document=Document(id=row["id"], text=row["text"], name=row["name"]),
            versions=tuple(row["versions"] or ()),
            retired=tuple(row["retired"] or ()),
        )
        for row in found.mappings()
    ]


async def _checked(session: AsyncSession, client: str | None) -> str | None:
    return None if client is None else (await find_client(session, client)).name
