"""Writing trusted documents: a version of a client brings its manifest, and is retired one day; no text ever changes.

A push is all or nothing, and every process hears of it with the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.documents.values import Document
from server.access.registration import find_client, tell
from server.access.tables import ManifestDocumentRow, ManifestRow, TrustedDocumentRow
from server.db.engine import Engine
from server.errors.content import NotFoundError, RefusedError

LONGEST_VERSION = 100
MOST_SHOWN = 10


class PushKind(StrEnum):
    """What a push did."""

    PUSHED = "pushed"
    UNCHANGED = "unchanged"
    """The version was there, with the same documents."""
    SERVED_AGAIN = "served again"
    """The version was there, with the same documents, and retired."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pushed:
    """What became of a manifest."""

    kind: PushKind
    new: tuple[str, ...] = ()
    """The ids of the documents that the client had in no version before."""


async def push(engine: Engine, documents: Sequence[Document], *, client: str, version: str) -> Pushed:
    """Registers the documents of a version, which are checked already.

    Raises NotFoundError for a client that is none, RefusedError for a version that was pushed with other documents and
    for an id that stands for another text of the client.
    """
    _check_version(version)
    async with engine.transaction() as session:
        client_id = await _lock(session, client)
        new = await _new_documents(session, client_id, documents=documents)
        is_retired = await _is_retired(session, client_id, version=version)
        if is_retired is not None:
            await _check_equal(session, client_id, version=version, documents=documents)
            if is_retired:
                await _set_retired(session, client_id, version=version, to="null")
                await tell(session)
            return Pushed(kind=PushKind.SERVED_AGAIN if is_retired else PushKind.UNCHANGED)
        await _insert(session, client_id, version=version, documents=documents, new=new)
        await tell(session)
    return Pushed(kind=PushKind.PUSHED, new=tuple(document.id for document in new))


async def retire(engine: Engine, *, client: str, version: str) -> list[Document]:
    """Retires a version; gives the documents that are served no longer, since no other version has them.

    Raises NotFoundError where the client has no such version that is not retired.
    """
    async with engine.transaction() as session:
        client_id = await _lock(session, client)
        if await _is_retired(session, client_id, version=version) is not False:
            raise NotFoundError(f"`{client}` has no version `{version}` that is served: see `caveat documents list`.")
        await _set_retired(session, client_id, version=version, to="clock_timestamp()")
        orphaned = await session.execute(
            text(
                """select d.id, d.text, d.name from manifest_document mine
                   join trusted_document d on d.client_id = mine.client_id and d.id = mine.document_id
                   where mine.client_id = :id and mine.version = :version and not exists (
                       select from manifest_document other join manifest m using (client_id, version)
                       where other.client_id = mine.client_id and other.document_id = mine.document_id
                         and m.retired_at is null)
                   order by d.name, d.id"""
            ),
            {"id": client_id, "version": version},
        )
        await tell(session)
        return [Document(**row) for row in orphaned.mappings()]


async def check_texts(session: AsyncSession, client_id: UUID, *, documents: Sequence[Document]) -> dict[str, Document]:
    """The documents of these that the client has, by id; raises RefusedError where one has another text."""
    found = await session.execute(
        text("select id, text, name from trusted_document where client_id = :id and id = any(:ids)"),
        {"id": client_id, "ids": [document.id for document in documents]},
    )
    known = {row["id"]: Document(**row) for row in found.mappings()}
    other = [document for document in documents if document.id in known and known[document.id].text != document.text]
    if other:
        raise RefusedError(
            f"{_listed(other)}: the client has another text under that id, and its apps rely on it. An id stands for"
            " one text for ever: let the tool that makes the manifest hash the text."
        )
    return known


async def _new_documents(session: AsyncSession, client_id: UUID, *, documents: Sequence[Document]) -> list[Document]:
    known = await check_texts(session, client_id, documents=documents)
    return [document for document in documents if document.id not in known]


async def _check_equal(session: AsyncSession, client_id: UUID, *, version: str, documents: Sequence[Document]) -> None:
    found = await session.execute(
        text("select document_id from manifest_document where client_id = :id and version = :version"),
        {"id": client_id, "version": version},
    )
    had, has = set(found.scalars()), {document.id for document in documents}
    if had != has:
        raise RefusedError(
            f"the version `{version}` was pushed with other documents: it had {len(had - has)} that are missing now,"
            f" and {len(has - had)} are new. Push what changed as a version of its own."
        )


async def _insert(
    session: AsyncSession, client_id: UUID, *, version: str, documents: Sequence[Document], new: Sequence[Document]
) -> None:
    of_client = {"client_id": client_id}
    rows = [of_client | {"id": each.id, "text": each.text, "name": each.name} for each in new]
    if rows:
        await session.execute(insert(TrustedDocumentRow), rows)
    now = (await session.execute(text("select clock_timestamp()"))).scalar_one()
    manifest = of_client | {"version": version, "pushed_at": now, "retired_at": None}
    await session.execute(insert(ManifestRow), [manifest])
    links = [of_client | {"version": version, "document_id": document.id} for document in documents]
    await session.execute(insert(ManifestDocumentRow), links)


async def _lock(session: AsyncSession, name: str) -> UUID:
    """The id of a client, of which nothing else is pushed until the commit."""
    client = await find_client(session, name)
    await session.execute(text("select from client where id = :id for no key update"), {"id": client.id})
    return client.id


async def _is_retired(session: AsyncSession, client_id: UUID, *, version: str) -> bool | None:
    """None for a version that was never pushed."""
    found = await session.execute(
        text("select retired_at is not null from manifest where client_id = :id and version = :version"),
        {"id": client_id, "version": version},
    )
    is_retired: bool | None = found.scalar_one_or_none()
    return is_retired


async def _set_retired(session: AsyncSession, client_id: UUID, *, version: str, to: str) -> None:
    await session.execute(
        text(f"update manifest set retired_at = {to} where client_id = :id and version = :version"),
        {"id": client_id, "version": version},
    )


def _check_version(version: str) -> None:
    if not version.strip() or version != version.strip() or len(version) > LONGEST_VERSION or not version.isprintable():
        raise RefusedError(f"a version is one line of 1 to {LONGEST_VERSION} characters, without spaces around it.")


def _listed(documents: Sequence[Document]) -> str:
    shown = [f"{each.name} ({each.id})" if each.name else each.id for each in documents[:MOST_SHOWN]]
    return ", ".join(shown) + (f" and {len(documents) - MOST_SHOWN} more" if len(documents) > MOST_SHOWN else "")
